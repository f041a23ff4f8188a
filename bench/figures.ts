import type { Cost } from './measure';
import type { Figure } from './scenario';

/** Processor time and allocations per item as figures. */
export const costFigures = (
  what: string,
  { cpuUs, allocatedBytes }: Cost,
  atMostUs?: number,
): readonly Figure[] => [
  cpuFigure(what, { cpuUs }, atMostUs),
  { what: `${what}: allocated`, value: allocatedBytes / 1_024, unit: 'KB' },
];

export const cpuFigure = (what: string, { cpuUs }: Pick<Cost, 'cpuUs'>, atMostUs?: number): Figure => ({
  what,
  value: cpuUs.median,
  unit: 'µs',
  least: cpuUs.least,
  most: cpuUs.most,
  ...(atMostUs !== undefined && { atMost: atMostUs }),
});
