import type { Environment, TabPorts } from '../environment';

/** What tabs say to each other: the one that leads how things are, the others what they want. */
type Said<News, Wish> =
  /** `parting`: it leads no longer. */
  | { readonly news: News; readonly parting?: boolean | undefined }
  /** Without a wish from one that only wants to hear how things are. */
  | { readonly wish?: Wish | undefined };

/** What the tabs agree with, and what this one is told. */
export interface TabParts<News, Wish> extends Pick<Environment, 'now'> {
  readonly ports: TabPorts;
  /** The same in all tabs that belong together. */
  readonly name: string;
  /** It leads from now on, or acts for itself where tabs cannot agree. */
  readonly lead: () => void;
  /** Another tab took the lead from it, since it was silent for so long. */
  readonly deposed: () => void;
  /** The tab that leads said this. */
  readonly heard: (news: News) => void;
  /** A tab that follows wants this, or wants to hear how things are. */
  readonly wished: (wish: Wish | undefined) => void;
}

/** One tab of several that agree on who leads. */
export interface Tabs<News, Wish> {
  /** Says something to the tabs that follow. */
  tell(news: News, parting?: boolean | undefined): void;
  /** Asks the tab that leads for something, or how things are. */
  wish(wish?: Wish): void;
  /** Looks whether the tab that leads has gone silent. */
  look(): void;
  leave(): void;
}

/** The tab that leads says something at least this often. */
export const newsEveryMs = 5_000;
/** After this silence it is asked whether it is there. */
const patienceMs = 12_000;
/**
 * It answers within this, throttled or not, since no timer is needed for that. Of several tabs that wait for it the first one
 * whose tick comes takes the lead, and the others hear so.
 */
const answerMs = 2_000;

/**
 * Joins the tabs of this name. Whoever holds the lock leads. The browser hands it over when that tab ends, however it ends.
 * One that hangs keeps it, and is told by its silence: then another tab takes the lock from it.
 */
export function joinTabs<News, Wish>(parts: TabParts<News, Wish>): Tabs<News, Wish> {
  const { ports, name, now } = parts;
  let leads = false;
  let heardAtMs = now();
  let askedAtMs: number | undefined;
  let giveUp: () => void;
  const note = (atMs: number): void => {
    heardAtMs = atMs;
    askedAtMs = undefined;
  };
  const lead = (): void => {
    leads = true;
    parts.lead();
  };
  const lost = (): void => {
    if (leads) {
      leads = false;
      note(now());
      parts.deposed();
      wait(false);
    } else {
      // Nobody can hold a lock here: each tab is on its own.
      lead();
    }
  };
  const wait = (steal: boolean): void => {
    giveUp = ports.lock(name, steal, lead, lost);
  };
  const channel = ports.channel(name, (message) => {
    const said = message as Said<News, Wish>;
    if (!('news' in said)) {
      if (leads) parts.wished(said.wish);
    } else if (!leads) {
      note(said.parting ? 0 : now());
      parts.heard(said.news);
    }
  });
  const wish = (wanted?: Wish): void => channel.post({ wish: wanted });
  const look = (): void => {
    if (leads || now() - heardAtMs < patienceMs) return;
    if (askedAtMs === undefined) {
      // It may be this tab that did not run and hear meanwhile.
      askedAtMs = now();
      wish();
    } else if (now() - askedAtMs > answerMs) {
      note(now());
      giveUp();
      wait(true);
    }
  };
  const leave = (): void => {
    giveUp();
    channel.close();
  };
  wait(false);
  wish();
  return { tell: (news, parting) => channel.post({ news, parting }), wish, look, leave };
}
