import type { ClientMessage, FeedMessage } from './wire';

const protocol = 'rollcall.v1';
/** A handshake that takes longer is given up. */
const openingTimeoutMs = 10_000;

/** What a socket tells; `closed` exactly once, whoever ended it. */
export interface SocketEvents {
  readonly opened: () => void;
  readonly message: (message: FeedMessage) => void;
  readonly closed: () => void;
}

/** One live socket, which may be given up at any time: nothing is heard of it afterwards. */
export class LiveSocket {
  private readonly socket: WebSocket;
  private readonly giveUp: ReturnType<typeof setTimeout>;
  private over = false;

  constructor(
    url: string,
    ticket: string,
    private readonly events: SocketEvents,
  ) {
    this.socket = new WebSocket(url, [protocol, `ticket.${ticket}`]);
    this.giveUp = setTimeout(() => this.end(), openingTimeoutMs);
    this.socket.addEventListener('open', () => this.open());
    this.socket.addEventListener('message', ({ data }) => this.hear(data));
    this.socket.addEventListener('close', () => this.end());
  }

  send(message: ClientMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Ends the socket without waiting for the other side, which may be gone. */
  end(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.giveUp);
    this.socket.close();
    this.events.closed();
  }

  private open(): void {
    clearTimeout(this.giveUp);
    if (!this.over) this.events.opened();
  }

  private hear(data: unknown): void {
    if (!this.over && typeof data === 'string') this.events.message(JSON.parse(data) as FeedMessage);
  }
}
