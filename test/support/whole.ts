import { randomUUID } from 'node:crypto';
import { MemoryBeatStream } from '../../adapters/memory/beat-stream';
import { MemoryDeadLetters } from '../../adapters/memory/dead-letters';
import { silentMeter } from '../../adapters/memory/meter';
import { formatRecord } from '../../core/beat';
import { defaultLimits } from '../../core/limits';
import type { Identity } from '../../core/rights';
import { defaultTimings } from '../../core/timings';
import { freshnessReader } from '../../lambdas/freshness';
import { createEndpoint } from '../../lambdas/heartbeat-endpoint/endpoint';
import { createMonitor } from '../../lambdas/heartbeat-monitor/monitor';
import type { HttpResult } from '../../lambdas/http';
import { createFeed } from '../../lambdas/live-feed/feed';
import { createApi } from '../../lambdas/status-api/api';
import { seconds } from './builders';
import { aRequest, KnownTokens, type RequestWords } from './http';
import { aRecordOf } from './kinesis-records';
import { aSessionMonitor } from './session-monitor-scene';

/** The whole of Rollcall at ten: the real handlers of every stage, in memory. It knows the tokens that a test issues. */
export function aWholeRollcall() {
  const monitor = aSessionMonitor();
  const { ledger, presence, sessions, watermarks, clock, connections, feed, log } = monitor;
  const verifier = new KnownTokens();
  const stream = new MemoryBeatStream();
  const canarySecret = { read: async () => 'secret' };
  const common = { clock, log, verifier, limits: defaultLimits };
  const endpoint = createEndpoint({ ...common, stream, watermarks, canarySecret }, defaultTimings);
  const receive = createMonitor(
    { sessions, ledger, watermarks, deadLetters: new MemoryDeadLetters(), clock, log, meter: silentMeter },
    defaultTimings,
  );
  const freshness = freshnessReader(watermarks, clock, defaultTimings);
  const read = { regions: ledger, presence, freshness, connections };
  const api = createApi({
    ...common,
    ...read,
    history: ledger,
    marks: ledger,
    sessions,
    watermarks,
    newSecret: randomUUID,
    timings: defaultTimings,
  });
  const live = createFeed({ ...common, ...read, feed, pageOrigins: [] });
  let handed = 0;

  /** Hands what is new on the stream to the heartbeat monitor, and settles, a second later. */
  const settle = async (): Promise<void> => {
    const records = stream.beats.slice(handed).map((beat, index) => {
      return aRecordOf(formatRecord(beat), handed + index + 1, clock.now());
    });
    handed = stream.beats.length;
    if (records.length > 0) await receive({ Records: records });
    clock.advance(seconds(1));
    await monitor.tick();
  };

  const ticket = async (token: string): Promise<string> => {
    const { body } = await api(aRequest({ token, route: 'POST /v1/tickets' }));
    return JSON.parse(body ?? '').ticket;
  };

  return {
    ...monitor,
    stream,
    settle,
    issue: (token: string, identity: Identity) => verifier.issue(token, identity),
    beat: (token: string, body: unknown): Promise<HttpResult> => endpoint(aRequest({ token, body })),
    get: (token: string, route: string, words: RequestWords = {}): Promise<HttpResult> =>
      api(aRequest({ token, route: `GET ${route}`, body: '', ...words })),
    ticket,
    /** Buys a ticket and opens a socket with it. @returns what it receives, and how it sends */
    open: async (token: string, connectionId: string) => {
      const headers = { 'Sec-WebSocket-Protocol': `rollcall.v1, ticket.${await ticket(token)}` };
      await live({ requestContext: { connectionId, routeKey: '$connect' }, headers });
      const inbox = feed.open(connectionId);
      const sends = (message: object) =>
        live({ requestContext: { connectionId, routeKey: '$default' }, body: JSON.stringify(message) });
      return { inbox, sends };
    },
  };
}

export type WholeRollcall = ReturnType<typeof aWholeRollcall>;
