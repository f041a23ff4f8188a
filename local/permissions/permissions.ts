import type { Log } from '../../core/ports';
import { account } from '../arns';
import { type Access, judge, NotJudged, type Verdict } from './evaluator';
import type { Grant } from './grants';

/** A function, and everything that its role may do. */
export interface Identity {
  /** Name of the function. */
  readonly name: string;
  /** Name of its role. */
  readonly role: string;
  readonly grants: readonly Grant[];
}

/** An access that IAM forbids, and to whom. */
export interface Refusal {
  readonly principal: string;
  readonly access: Access;
  /** Whether a policy says so, rather than none saying otherwise. */
  readonly explicit: boolean;
}

/** What became of an access. */
export interface Decision extends Verdict {
  readonly refusal?: Refusal;
}

/** How often a grant was what an access rested on. */
export interface GrantUse extends Grant {
  readonly uses: number;
}

/** An access that was refused, and how often. */
export interface RefusedAccess extends Access {
  readonly times: number;
}

/** What a function used of what it may do, and what it may not do but tried. */
export interface PermissionReport {
  readonly function: string;
  readonly grants: readonly GrantUse[];
  readonly refused: readonly RefusedAccess[];
}

/** Decisions that are kept for one function; connections and objects have names that do not come again. */
const mostKept = 10_000;

/** Judges what functions do by their own policies, and keeps count. */
export class Permissions {
  private readonly books: ReadonlyMap<string, Book>;

  constructor(identities: readonly Identity[], log: Log) {
    this.books = new Map(identities.map((identity) => [identity.name, new Book(identity, log)]));
  }

  knows(name: string): boolean {
    return this.books.has(name);
  }

  /** What IAM says to an access of a function. */
  decide(name: string, access: Access): Promise<Decision> {
    return this.bookOf(name).decide(access);
  }

  /** @returns the first access that is refused, if one is */
  async refusalOf(name: string, accesses: readonly Access[]): Promise<Refusal | undefined> {
    for (const access of accesses) {
      const { refusal } = await this.decide(name, access);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  /** Changes what a function may do, from the next access on. */
  change(name: string, change: (grants: readonly Grant[]) => readonly Grant[]): void {
    this.bookOf(name).change(change);
  }

  /** What was used and what was refused so far, by function. */
  report(): readonly PermissionReport[] {
    return [...this.books].map(([name, book]) => ({ function: name, ...book.report() }));
  }

  private bookOf(name: string): Book {
    const book = this.books.get(name);
    if (book === undefined) throw new NotJudged(`There is no function ${name}`);
    return book;
  }
}

/** One function's decisions. */
class Book {
  private readonly principal: string;
  private grants: readonly Grant[];
  private readonly kept = new Map<string, Promise<Decision>>();
  private readonly uses = new Map<string, number>();
  private readonly refused = new Map<string, RefusedAccess>();

  constructor(
    { name, role, grants }: Identity,
    private readonly log: Log,
  ) {
    this.principal = `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
    this.grants = grants;
  }

  async decide(access: Access): Promise<Decision> {
    const decision = await this.keptFor(this.asFarAsItMatters(access));
    if (decision.refusal === undefined) this.count(decision.because);
    else this.note(decision.refusal);
    return decision;
  }

  change(change: (grants: readonly Grant[]) => readonly Grant[]): void {
    this.grants = change(this.grants);
    this.kept.clear();
  }

  report(): Omit<PermissionReport, 'function'> {
    const grants = this.grants.map((grant) => ({ ...grant, uses: this.uses.get(keyOf(grant)) ?? 0 }));
    return { grants, refused: [...this.refused.values()] };
  }

  /**
   * Without what no grant for it asks for: each facility has items of its own, and where all may be written, judging the keys of each
   * of five thousand would take longer than writing them.
   */
  private asFarAsItMatters(access: Access): Access {
    const { action, resource, context = {} } = access;
    const conditions = this.grants
      .filter(
        (grant) => mayBe(grant.action.toLowerCase(), action.toLowerCase()) && mayBe(grant.resource, resource),
      )
      .flatMap(({ condition = {} }) => Object.values(condition));
    const asked = Object.entries(context).filter(([key]) => conditions.some((keys) => key in keys));
    return asked.length === 0
      ? { action, resource }
      : { action, resource, context: Object.fromEntries(asked) };
  }

  private keptFor(access: Access): Promise<Decision> {
    const key = `${access.action} ${access.resource} ${JSON.stringify(access.context ?? {})}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const decision = this.judged(access);
    if (this.kept.size >= mostKept) this.kept.clear();
    this.kept.set(key, decision);
    return decision;
  }

  private async judged(access: Access): Promise<Decision> {
    const { principal, log } = this;
    try {
      const verdict = await judge(principal, this.grants, access);
      if (verdict.allowed) return verdict;
      return { ...verdict, refusal: { principal, access, explicit: verdict.because.length > 0 } };
    } catch (error) {
      if (!(error instanceof NotJudged)) throw error;
      log.error('an access could not be judged and counts as refused', error);
      return { allowed: false, because: [], refusal: { principal, access, explicit: false } };
    }
  }

  private count(grants: readonly Grant[]): void {
    for (const grant of grants) {
      const key = keyOf(grant);
      this.uses.set(key, (this.uses.get(key) ?? 0) + 1);
    }
  }

  private note(refusal: Refusal): void {
    const { action, resource } = refusal.access;
    const key = `${action} ${resource}`;
    const times = (this.refused.get(key)?.times ?? 0) + 1;
    if (times === 1) this.log.error('AWS would refuse this', wordsOf(refusal));
    this.refused.set(key, { action, resource, times });
  }
}

/** Whether what a grant names could be this; a wildcard could be anything. */
const mayBe = (granted: string, asked: string): boolean =>
  granted.includes('*') || granted.includes('?') || granted === asked;

const keyOf = (grant: Grant): string => JSON.stringify(grant);

/** The sentence of a refusal (IAM guide, "Troubleshoot access denied error messages"). */
export function wordsOf({ principal, access: { action, resource }, explicit }: Refusal): string {
  const why = explicit
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
