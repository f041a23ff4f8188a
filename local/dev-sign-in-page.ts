import { createHash } from 'node:crypto';
import type { DemoRole } from './dev-roles';

const style = `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; --line: light-dark(#d3d8e0, #39404c);
  --text: light-dark(#1a1f28, #e8ebf0); --quiet: light-dark(#525b6b, #a9b2c1); --accent: light-dark(#1a56c4, #8ab4ff);
  background: light-dark(#f4f5f7, #14171c); color: var(--text); }
body { display: grid; min-height: 100vh; margin: 0; place-content: center; padding: 1rem; box-sizing: border-box; }
main { width: min(100%, 30rem); padding: 1.75rem; border: 1px solid var(--line); border-radius: 0.75rem;
  background: light-dark(#fff, #1d2128); box-sizing: border-box; }
h1 { margin: 0; font-size: 1.375rem; }
p { margin: 0.25rem 0 1.25rem; color: var(--quiet); }
ul { margin: 0; padding: 0; list-style: none; }
li + li { margin-top: 0.625rem; }
a { display: block; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 0.5rem; color: inherit;
  text-decoration: none; }
a:hover { border-color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
b { display: block; color: var(--accent); }
span { color: var(--quiet); font-size: 0.9375rem; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing but the one style sheet below, and links. */
export const signInPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The page on which one chooses who to be; each role is a link. */
export const signInPage = (
  roles: ReadonlyMap<string, DemoRole>,
  linkTo: (role: string) => string,
): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sign in · Rollcall on this machine</title>
    <link rel="icon" href="data:,">
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>Who are you today?</h1>
      <p>This Rollcall runs on this machine and asks for no password.</p>
      <ul>
        ${[...roles].map(([name, role]) => roleItem(linkTo(name), role)).join('\n        ')}
      </ul>
    </main>
  </body>
</html>
`;

const roleItem = (href: string, { title, may }: DemoRole): string =>
  `<li><a href="${escaped(href)}"><b>${escaped(title)}</b><span>${escaped(may)}</span></a></li>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? '');
