import type { HttpResult } from '../../lambdas/http';
import type { Chance } from './chance';
import type { SimulatedTime } from './time';

/** What a client hears; nothing when the answer, or the request, was lost. */
export type Heard = HttpResult | 'nothing';

/** How long a client waits for an answer. */
export const clientPatienceMs = 5_000;

/** The internet between clients and front doors. */
export class Network {
  constructor(
    private readonly time: SimulatedTime,
    private readonly chance: Chance,
  ) {}

  /** A request that reaches the server, whose answer may come too late or not at all. */
  async ask(serve: () => Promise<HttpResult>, answersLost: number): Promise<Heard> {
    await this.time.sleep(this.chance.between(5, 80));
    const answered = serve().catch((): HttpResult => ({ statusCode: 502 }));
    const heard = await Promise.race([
      answered,
      this.time.sleep(clientPatienceMs).then(() => 'nothing' as const),
    ]);
    await this.time.sleep(this.chance.between(5, 80));
    return this.chance.happens(answersLost) ? 'nothing' : heard;
  }
}
