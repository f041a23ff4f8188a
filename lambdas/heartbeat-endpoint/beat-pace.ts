import { hash } from 'node:crypto';
import type { AcceptedBeat } from '../../core/beat';
import { sessionKeyText } from '../../core/session';

/** What is known of a session's last beat that the stream took. */
interface LastBeat {
  readonly atMs: number;
  /** What it said of the session, apart from attributes. */
  readonly content: string;
  /** Attributes as last set; absent while no beat carried any. */
  readonly attributes?: string;
  /** How many beats in a row came too early, each of which changed something. */
  readonly hasty: number;
}

/** A user who clicks about changes something again and again; a program that does so without end is one that runs wild. */
const hastyChanges = 5;

/**
 * Which sessions beat faster than they may, as far as this copy of the function knows (AC5). Nothing is written for it: the
 * copies do not know of each other's beats, and the longest silent sessions are forgotten first.
 */
export class BeatPace {
  private readonly lastBeats = new Map<string, LastBeat>();

  /** @param mostSessions about 300 bytes each */
  constructor(
    private readonly leastMs: number,
    private readonly mostSessions = 20_000,
  ) {}

  /** For how long this beat is too early; 0 when it is to be taken. A goodbye always is, a change nearly always. */
  tooEarlyMs(beat: AcceptedBeat, nowMs: number): number {
    if (this.leastMs === 0) return 0;
    const last = this.lastBeats.get(keyOf(beat));
    if (last === undefined || beat.nextSeconds === 0 || !this.isEarly(last, nowMs)) return 0;
    if (changes(beat, last) && last.hasty < hastyChanges) return 0;
    return last.atMs + this.leastMs - nowMs;
  }

  /** Notes a beat that the stream took; one that it turned away may come again at once. */
  note(beat: AcceptedBeat, nowMs: number): void {
    if (this.leastMs === 0) return;
    const key = keyOf(beat);
    const last = this.lastBeats.get(key);
    const attributes = beat.attributes === undefined ? last?.attributes : attributesOf(beat);
    const hasty = last !== undefined && this.isEarly(last, nowMs) ? last.hasty + 1 : 0;
    this.lastBeats.delete(key);
    this.lastBeats.set(key, {
      atMs: nowMs,
      content: contentOf(beat),
      hasty,
      ...(attributes !== undefined && { attributes }),
    });
    this.forget();
  }

  /** A clock that was set back makes nobody early. */
  private isEarly({ atMs }: LastBeat, nowMs: number): boolean {
    return nowMs >= atMs && nowMs - atMs < this.leastMs;
  }

  /** A Map keeps the order of insertion: the session that has been silent longest is the first. */
  private forget(): void {
    if (this.lastBeats.size <= this.mostSessions) return;
    const oldest = this.lastBeats.keys().next();
    if (!oldest.done) this.lastBeats.delete(oldest.value);
  }
}

/** Without attributes a beat leaves those that there are. */
const changes = (beat: AcceptedBeat, last: LastBeat): boolean =>
  contentOf(beat) !== last.content ||
  (beat.attributes !== undefined && attributesOf(beat) !== last.attributes);

const longestKept = 128;

/** What is long is kept as its digest, which nobody can aim at; it holds no space or bracket, as each short text here does. */
const kept = (text: string): string =>
  text.length <= longestKept ? text : hash('sha256', text, 'base64url');

const keyOf = (beat: AcceptedBeat): string => kept(sessionKeyText(beat));
const contentOf = ({ covers, nextSeconds }: AcceptedBeat): string =>
  kept(JSON.stringify([nextSeconds, covers]));
const attributesOf = ({ attributes = new Map() }: AcceptedBeat): string =>
  kept(JSON.stringify([...attributes]));
