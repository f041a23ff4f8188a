import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { FeedGateway, Log, PostOutcome } from '../../core/ports';

/** The operators' sockets behind API Gateway. */
export class ApiGatewayFeed implements FeedGateway {
  constructor(
    private readonly client: ApiGatewayManagementApiClient,
    private readonly log: Log,
  ) {}

  async post(connectionId: string, message: object): Promise<PostOutcome> {
    try {
      const Data = Buffer.from(JSON.stringify(message));
      await this.client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
      return 'delivered';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      this.log.error('a message to a socket failed', error, { connectionId });
      return 'failed';
    }
  }

  async disconnect(connectionId: string): Promise<void> {
    try {
      await this.client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    } catch (error) {
      if (!(error instanceof GoneException)) throw error;
    }
  }
}
