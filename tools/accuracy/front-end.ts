import { between, exponential, type Random } from './random';

/** How a front end beats at a time: what it says, and what its browser makes of that. */
export interface Pace {
  /** What it declares as the time until its next beat. */
  readonly nextSeconds: number;
  /** How often the browser lets it beat. */
  readonly everySeconds: number;
  /** How late its timer may be each time. */
  readonly lateMs: number;
}

const visible: Pace = { nextSeconds: 30, everySeconds: 30, lateMs: 100 };
/** Browsers wake a tab that has been hidden for some minutes once a minute. */
const hidden: Pace = { nextSeconds: 60, everySeconds: 60, lateMs: 1_000 };
const hiddenUnaware: Pace = { ...hidden, nextSeconds: 30 };
/** A timer of a minute that is set anew at each wake-up is due just after the next one, and waits for the one after that. */
const hiddenHalved: Pace = { ...hidden, everySeconds: 120 };

/** Of those that change, the hasty ones slow down with the very beat that declares it, which may be the one that is lost. */
export type Habit =
  | 'visible'
  | 'hidden'
  | 'hidden-unaware'
  | 'hidden-halved'
  | 'changing'
  | 'changing-hastily';

const minute = 60_000;

/** The instants at which one front end beats, from its start to its end. */
export class FrontEnd {
  /** When it beats next. */
  dueMs: number;
  private pace: Pace;
  private slowsDown = false;
  private changesMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly habit: Habit,
    startMs: number,
    private readonly random: Random,
  ) {
    this.dueMs = startMs;
    this.pace = paceOf(habit);
    if (habit.startsWith('changing')) this.changesMs = startMs + exponential(random, 10 * minute);
  }

  /** Beats; @returns the seconds that it declares until the next one. */
  beat(): number {
    if (this.dueMs === this.changesMs) this.change();
    const { nextSeconds, lateMs } = this.pace;
    const { everySeconds } = this.slowsDown ? visible : this.pace;
    this.slowsDown = false;
    const timerMs = this.dueMs + everySeconds * 1_000 + between(this.random, 0, lateMs);
    // Whoever shows or hides the tab makes it beat at once, so that it declares its new pace.
    this.dueMs = Math.min(timerMs, this.changesMs);
    return nextSeconds;
  }

  private change(): void {
    this.pace = this.pace === visible ? hidden : visible;
    this.slowsDown = this.pace === hidden && this.habit === 'changing';
    this.changesMs = this.dueMs + exponential(this.random, (this.pace === visible ? 10 : 20) * minute);
  }
}

function paceOf(habit: Habit): Pace {
  switch (habit) {
    case 'visible':
    case 'changing':
    case 'changing-hastily':
      return visible;
    case 'hidden':
      return hidden;
    case 'hidden-unaware':
      return hiddenUnaware;
    case 'hidden-halved':
      return hiddenHalved;
  }
}
