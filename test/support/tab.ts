import type { Pending, Tab } from '../../web/sign-in/tab';

/** Whoever sits at a browser, as far as an issuer's redirects go: it keeps cookies, and follows no link by itself. */
export class Visitor {
  constructor(
    /** By default of somebody who signed out before. */
    private cookie: string | undefined = 'rollcall-dev-role=nobody',
  ) {}

  /** @returns where the issuer sends them, or the page that it shows */
  async visit(
    url: string,
  ): Promise<{ readonly to?: string; readonly page?: string; readonly status: number }> {
    const headers = this.cookie === undefined ? {} : { cookie: this.cookie };
    const response = await fetch(url, { redirect: 'manual', headers });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = /Max-Age=0/.test(cookie) ? undefined : cookie.split(';')[0];
    const to = response.headers.get('location');
    const { status } = response;
    return to === null ? { status, page: await response.text() } : { status, to };
  }

  /** Visits the issuer's page and picks a role on it. @returns where that leads */
  async choose(url: string, role: string): Promise<string> {
    const { page = '' } = await this.visit(url);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
    const link = links.find((href) => href.endsWith(`login_hint=${role}`));
    if (link === undefined) throw new Error(`no link for ${role} on: ${page}`);
    return (await this.visit(new URL(link, url).href)).to ?? '';
  }
}

/** A tab that notes where it was sent instead of going there. */
export class NotedTab implements Tab {
  readonly home: string;
  /** Where the page went. */
  readonly left: string[] = [];
  /** How often it was kept from going where it was going to. */
  stays = 0;
  private pending: Pending | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(public url: string) {
    this.home = new URL('.', url).href;
  }

  leave(url: string): Promise<never> {
    this.left.push(url);
    for (const tell of this.waiting.splice(0)) tell();
    return new Promise<never>(() => {});
  }

  stay(): void {
    this.stays += 1;
  }

  /** The address that it left for, once it does. */
  async leaving(): Promise<string> {
    if (this.left.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.left.at(-1) ?? '';
  }

  show(view: string): void {
    this.url = new URL(view, this.url).href;
  }

  remember(pending: Pending): void {
    this.pending = pending;
  }

  recall(): Pending | undefined {
    const { pending } = this;
    this.pending = undefined;
    return pending;
  }

  /** The same tab after the page was loaded again at this address. */
  loaded(url: string): NotedTab {
    const next = new NotedTab(url);
    next.pending = this.pending;
    return next;
  }
}
