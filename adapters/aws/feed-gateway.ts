import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { FeedGateway, Log, PostOutcome } from '../../core/ports';

/** The operators' sockets behind API Gateway. */
export class ApiGatewayFeed implements FeedGateway {
  /** A message goes to thousands of sockets, and nobody changes it meanwhile. */
  private readonly written = new WeakMap<object, Uint8Array>();

  constructor(
    private readonly client: ApiGatewayManagementApiClient,
    private readonly log: Log,
  ) {}

  async post(connectionId: string, message: object): Promise<PostOutcome> {
    try {
      const command = { ConnectionId: connectionId, Data: this.bytesOf(message) };
      await this.client.send(new PostToConnectionCommand(command));
      return 'delivered';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      this.log.error('a message to a socket failed', error, { connectionId });
      return 'failed';
    }
  }

  private bytesOf(message: object): Uint8Array {
    const known = this.written.get(message);
    if (known !== undefined) return known;
    const bytes = Buffer.from(JSON.stringify(message));
    this.written.set(message, bytes);
    return bytes;
  }

  async disconnect(connectionId: string): Promise<void> {
    try {
      await this.client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    } catch (error) {
      if (!(error instanceof GoneException)) throw error;
    }
  }
}
