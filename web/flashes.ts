/** By region and facility: how often a status has changed while somebody could see it. */
const flashes = new Map<string, number>();

export const flashOf = (key: string): number | undefined => flashes.get(key);

/** Whatever is drawn of it next shows that it has changed. */
export const flash = (key: string): void => void flashes.set(key, (flashes.get(key) ?? 0) + 1);
