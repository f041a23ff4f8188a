import { type Random, seededRandom } from '../../local/fleet/random';

/** Choices that come out the same for the same seed. */
export class Dice {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** Those of one request of a run, whatever was drawn for the requests before it. */
  static of(seed: number, index: number): Dice {
    return new Dice(Math.imul(seed ^ 0x9e3779b9, index + 1) ^ index);
  }

  /** From `least` to `most`, both of them possible. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  chance(likelihood: number): boolean {
    return this.random() < likelihood;
  }

  pick<T>(choices: readonly [T, ...T[]] | readonly T[]): T {
    const chosen = choices[Math.floor(this.random() * choices.length)];
    if (choices.length === 0) throw new RangeError('there is nothing to choose from');
    return chosen as T;
  }
}
