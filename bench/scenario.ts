/** What a figure is counted in. */
export type FigureUnit = 'µs' | 'ms' | 's' | 'bytes' | 'KB' | 'MB' | '×' | '';

/** One thing that was measured. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: FigureUnit;
  /** The extremes of the rounds that the value is the middle of. */
  readonly least?: number;
  readonly most?: number;
  /** What it may be; absent where nothing was promised. */
  readonly atMost?: number;
}

/** A named piece of work that is measured in a process of its own. */
export interface Scenario {
  readonly title: string;
  /** What is worked on, and what is left out. */
  readonly about: string;
  /** Runs from the sources rather than as one bundled file, since it starts other programs of the repository. */
  readonly fromSources?: true;
  /** Most MB of the heap. */
  readonly heapMb?: number;
  /** @throws whatever keeps it from being measured */
  run(): Promise<readonly Figure[]>;
}

export const isBroken = ({ value, atMost }: Figure): boolean => atMost !== undefined && !(value <= atMost);
