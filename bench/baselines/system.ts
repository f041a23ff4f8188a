/** A beat as far as a presence system needs it. */
export interface PlayBeat {
  readonly facility: string;
  /** 0 is a goodbye. */
  readonly nextSeconds: number;
}

/** What operators were told, and when it was on its way to them. */
export interface Told {
  readonly facility: string;
  readonly status: 'online' | 'offline';
  readonly atMs: number;
}

/** A way to know who is online. */
export interface PresenceSystem {
  readonly told: readonly Told[];
  /** A beat has reached the front door. */
  beat(beat: PlayBeat): void;
  /** Begins what goes on by itself. */
  start(): void;
  /** Whether what takes beats up stands still, while everything else goes on. */
  stall(stalled: boolean): void;
  close(): Promise<void>;
}
