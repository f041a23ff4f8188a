import { textHash } from '../../core/text-hash';
import { between, type Random, seededRandom } from '../../local/fleet/random';

/** What a seed decides. Each part of the world draws from a sequence of its own, so that one part does not move the others. */
export class Chance {
  private readonly random: Random;

  constructor(
    private readonly seed: number,
    private readonly name = '',
  ) {
    this.random = seededRandom(textHash(`${seed} ${name}`) % 2 ** 32);
  }

  of(name: string): Chance {
    return new Chance(this.seed, `${this.name}/${name}`);
  }

  happens(rate: number): boolean {
    return rate > 0 && this.random() < rate;
  }

  /** A whole number from `least` up to, not including, `most`. */
  between(least: number, most: number): number {
    return Math.floor(between(this.random, least, most));
  }

  oneOf<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.random() * choices.length)] ?? choices[0];
  }

  /** Some of these, each with this probability, in their order. */
  some<T>(choices: readonly T[], rate: number): readonly T[] {
    return choices.filter(() => this.happens(rate));
  }
}
