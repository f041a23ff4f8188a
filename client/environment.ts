/**
 * Everything around the library that it does not decide itself: clock, timer, network, the page, and the other tabs. In a
 * browser it is what the browser has; in a test it is the test kit's. All of it are functions, not methods.
 */
export interface Environment {
  /** Milliseconds since the epoch by the page's clock: counts sleep, and is never set back. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Calls about every second, in a hidden page too where that can be had, until the returned function is called. */
  ticks(listener: () => void): () => void;
  isHidden(): boolean;
  /** Tells of the page's life until the returned function is called. */
  onPage(listener: (event: PageEvent) => void): () => void;
  /** Rejects where nobody answers, or not within 15 seconds. */
  fetch(url: string, request: Request): Promise<Response>;
  openSocket(url: string, protocols: readonly string[], events: SocketEvents): Socket;
  /** Undefined where tabs cannot agree on one of them; then each of them acts for itself. */
  tabs(): TabPorts | undefined;
}

/**
 * `awake`: somebody looks at the page, or the network is back. `leaving`: the page goes away, perhaps into the
 * back-forward cache. `frozen`: the browser stops it to save energy; it still hears other tabs, but nothing ticks. `restored`:
 * it is back from either.
 */
export type PageEvent = 'awake' | 'leaving' | 'frozen' | 'restored';

/** The part of `RequestInit` that the library uses. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** The request outlives the page. */
  readonly keepalive: boolean;
}

/** The part of a `fetch` answer that the library uses. */
export interface Response {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** What a socket tells; `closed` exactly once, and nothing after it. */
export interface SocketEvents {
  readonly opened: () => void;
  readonly message: (text: string) => void;
  readonly closed: () => void;
}

export interface Socket {
  /** Says nothing where the socket is not open. */
  send(text: string): void;
  /** Ends it without waiting for the other side, which may be gone; nothing more is heard of it but `closed`. */
  close(): void;
}

/** How the tabs of one origin agree (Web Locks, BroadcastChannel). */
export interface TabPorts {
  /**
   * Asks to be the one. `granted` is called once this tab is; `lost` once another one took that away, or nobody can be.
   * @param steal takes it from whoever is
   * @returns gives it back, or gives up waiting for it
   */
  lock(name: string, steal: boolean, granted: () => void, lost: () => void): () => void;
  channel(name: string, listener: (message: unknown) => void): Channel;
}

export interface Channel {
  /** Reaches all other tabs, never this one. */
  post(message: object): void;
  close(): void;
}
