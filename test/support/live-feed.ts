import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { presenceMessage } from '../../core/messages';
import type { ChangesMessage, ClientMessage, FeedMessage, PageConfig, TickMessage } from '../../web/wire';
import type { Reached } from './reached';
import { TooLate, within } from './waiting';

/** A message of the feed, and when it was heard. */
export interface Heard {
  readonly message: FeedMessage;
  readonly bytes: number;
  readonly atMs: number;
}

/** One change of a facility, and when it was heard. */
export type HeardChange = ChangesMessage['changes'][number] & { readonly heardAtMs: number };

/** An event of who is present in a facility. */
export type HeardPresence = ReturnType<typeof presenceMessage>;

const answerTimeoutMs = 5_000;

/** An operator's socket, opened as the page does it: with what config.json says, and a ticket. */
export class LiveFeed {
  readonly heard: Heard[] = [];
  private readonly listeners = new Set<() => void>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const text = data.toString();
      const message = JSON.parse(text) as FeedMessage;
      this.heard.push({ message, bytes: Buffer.byteLength(text), atMs: Date.now() });
      for (const listen of this.listeners) listen();
    });
  }

  static async open(rollcall: Reached, token: string): Promise<LiveFeed> {
    const { body: config } = await rollcall.get<PageConfig>('/config.json');
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await rollcall.post<{ ticket: string }>('/v1/tickets', {}, headers);
    const protocols = ['rollcall.v1', `ticket.${body.ticket}`];
    const socket = new WebSocket(config.liveUrl, protocols, { origin: rollcall.url });
    const feed = new LiveFeed(socket);
    await within(answerTimeoutMs, 'the opening of the socket', once(socket, 'open'));
    return feed;
  }

  /** Subscribes to a region, from now or from a point of its log; @returns the tick that ends the catching up */
  async subscribe(region: string, from: { since?: number; epoch?: string } = {}): Promise<TickMessage> {
    return await this.ask({ action: 'subscribe', region, ...from });
  }

  /** Asks for the presence in a facility, too: all events that are kept of it, and those to come. */
  async watch(region: string, facility: string): Promise<void> {
    await this.ask({ action: 'subscribe', region, facility, since: 0 });
  }

  async ping(): Promise<TickMessage> {
    return await this.ask({ action: 'ping' });
  }

  /** All changes so far, in the order in which they were told. */
  get changes(): readonly HeardChange[] {
    return this.entries.flatMap(({ message, atMs }) =>
      message.changes.map((change) => ({ ...change, heardAtMs: atMs })),
    );
  }

  /** The messages that carry changes. */
  get entries(): readonly (Heard & { readonly message: ChangesMessage })[] {
    return this.heard.flatMap((heard) => {
      const { message } = heard;
      return message.type === 'changes' ? [{ ...heard, message }] : [];
    });
  }

  /** The events of the presence in a facility, without those told again: they are not newer (PR3). */
  presence(facility: string): readonly HeardPresence[] {
    const all = this.heard
      .map(({ message }) => message as unknown as HeardPresence)
      .filter((message) => message.type === 'presence' && message.facility === facility);
    return all.filter(({ presenceSeq }, index) =>
      all.slice(0, index).every((earlier) => earlier.presenceSeq < presenceSeq),
    );
  }

  /** The first change of this kind, past or to come. */
  async change(facility: string, wanted: Partial<HeardChange>, withinMs: number): Promise<HeardChange> {
    const fields = Object.entries(wanted) as [keyof HeardChange, unknown][];
    return await this.first(`${facility} ${JSON.stringify(wanted)}`, withinMs, () =>
      this.changes.find(
        (change) => change.facility === facility && fields.every(([name, value]) => change[name] === value),
      ),
    );
  }

  /** What `find` finds in what was heard, as soon as it does. */
  async first<T>(what: string, withinMs: number, find: () => T | undefined): Promise<T> {
    const found = new Promise<T>((resolve) => {
      const listen = (): void => {
        const it = find();
        if (it === undefined) return;
        this.listeners.delete(listen);
        resolve(it);
      };
      this.listeners.add(listen);
      listen();
    });
    try {
      return await within(withinMs, what, found);
    } catch (error) {
      if (!(error instanceof TooLate)) throw error;
      throw new TooLate(
        `${error.message}; heard ${JSON.stringify(this.heard.map(({ message }) => message))}`,
      );
    }
  }

  /** What is heard while so much time passes, in which `work` is done again and again. */
  async during(ms: number, work: () => Promise<unknown>): Promise<readonly FeedMessage[]> {
    const before = this.heard.length;
    const endMs = Date.now() + ms;
    while (Date.now() < endMs) {
      await work();
      await sleep(Math.min(ms / 8, endMs - Date.now()));
    }
    return this.heard.slice(before).map(({ message }) => message);
  }

  close(): void {
    this.socket.terminate();
  }

  private async ask(message: ClientMessage): Promise<TickMessage> {
    const before = this.heard.length;
    this.socket.send(JSON.stringify(message));
    return await this.first(`the answer to ${message.action}`, answerTimeoutMs, () => {
      const answers = this.heard.slice(before).map((heard) => heard.message);
      return answers.find((answer) => answer.type === 'tick');
    });
  }
}
