import { WebSocket } from 'ws';
import type { Environment, Socket, SocketEvents } from '../../client/environment';
import type { RegionWatch } from '../../client/live/handles';
import { Live } from '../../client/live/live';
import type { FacilityState, SnapshotPage } from '../../client/live/wire';

const timeEveryMs = 1_000;
const listEveryMs = 5_000;
const requestTimeoutMs = 15_000;

/** How an operator's page fared. */
export interface OperatorTally {
  sockets: number;
  snapshots: number;
  messages: number;
}

/** The browser library on real sockets and requests, for as long as a soak lasts. */
export class Operator {
  readonly tally: OperatorTally = { sockets: 0, snapshots: 0, messages: 0 };
  private readonly watches = new Map<string, RegionWatch>();
  private readonly sockets = new Set<WebSocket>();
  private readonly live: Live;
  private readonly listing: NodeJS.Timeout;

  constructor(
    readonly name: string,
    private readonly urls: { readonly apiUrl: string; readonly liveUrl: string },
    readonly token: string,
  ) {
    this.live = new Live({ ...urls, getToken: () => token }, this.environment());
    this.listing = setInterval(() => void this.list(), listEveryMs);
    void this.list();
  }

  /** Cut off as by a network that is gone. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  /**
   * Compares what it shows of a region with the server's own snapshot.
   * @returns what is different; undefined while it is still catching up
   */
  async differences(region: string): Promise<readonly string[] | undefined> {
    const { facilities } = await this.read<SnapshotPage>(`/v1/regions/${region}`);
    const watch = this.watches.get(region);
    if (watch?.state.status !== 'live') return undefined;
    const shown = [...watch.snapshot().values()];
    if (newestOf(shown) !== newestOf(facilities)) return undefined;
    const [here, there] = [shown, facilities].map(
      (list) => new Map(list.map((facility) => [facility.id, visible(facility)])),
    );
    const ids = new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])]);
    return [...ids]
      .filter((id) => here?.get(id) !== there?.get(id))
      .map(
        (id) => `${this.name} shows ${region}/${id} as ${here?.get(id)}, the server has ${there?.get(id)}`,
      );
  }

  async stop(): Promise<void> {
    clearInterval(this.listing);
    this.live.close();
    this.cut();
  }

  /** A server that is down is asked again with the next round. */
  private async list(): Promise<void> {
    const listed = await this.read<{ regions: readonly { region: string }[] }>('/v1/regions').catch(
      () => undefined,
    );
    for (const { region } of listed?.regions ?? []) {
      if (!this.watches.has(region)) this.watches.set(region, this.live.watchRegion({ region }));
    }
  }

  private async read<T>(path: string): Promise<T> {
    const response = await fetch(`${this.urls.apiUrl}${path}`, {
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return (await response.json()) as T;
  }

  /** What Node.js has in place of a browser. */
  private environment(): Environment {
    return {
      now: () => Date.now(),
      random: () => Math.random(),
      ticks: (listener) => {
        const timer = setInterval(listener, timeEveryMs);
        return () => clearInterval(timer);
      },
      isHidden: () => false,
      onPage: () => () => {},
      fetch: async (url, { method, headers, body }) => {
        if (method === 'GET') this.tally.snapshots += 1;
        return await fetch(url, { method, headers, body, signal: AbortSignal.timeout(requestTimeoutMs) });
      },
      openSocket: (url, protocols, events) => this.open(url, protocols, events),
      tabs: () => undefined,
    };
  }

  private open(url: string, protocols: readonly string[], events: SocketEvents): Socket {
    const socket = new WebSocket(url, [...protocols]);
    this.sockets.add(socket);
    socket.on('open', () => {
      this.tally.sockets += 1;
      events.opened();
    });
    socket.on('message', (data) => {
      this.tally.messages += 1;
      events.message(data.toString());
    });
    socket.on('close', () => {
      this.sockets.delete(socket);
      events.closed();
    });
    // Its close follows.
    socket.on('error', () => {});
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.terminate(),
    };
  }
}

/** Whichever side is behind does not have the newest. */
const newestOf = (facilities: readonly FacilityState[]): number =>
  Math.max(0, ...facilities.map(({ version }) => version));

/** What an operator sees of a facility. */
const visible = ({
  name,
  status,
  since,
  decidedAt,
  reason,
  sessions,
  users,
  version,
  flapping = false,
}: FacilityState): string =>
  JSON.stringify([name, status, since, decidedAt, reason, sessions, users, version, flapping]);
