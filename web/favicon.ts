const shapes = {
  unknown: ['#6d7786', '?'],
  good: ['#1a7440', '✓'],
  bad: ['#c62d26', ''],
} as const;

/**
 * The page's icon as an address: how many facilities are offline, in letters that can be read at its size.
 * @param offline undefined while nobody knows
 */
export function faviconOf(offline: number | undefined): string {
  const [colour, sign] = offline === undefined ? shapes.unknown : offline === 0 ? shapes.good : shapes.bad;
  const word = sign || (offline !== undefined && offline < 100 ? String(offline) : '99');
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="${colour}"/>` +
    `<text x="16" y="23" font-family="sans-serif" font-weight="700" font-size="20" text-anchor="middle" fill="#fff">${word}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
