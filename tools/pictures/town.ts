import { between, oneOf, type Random, seededRandom } from '../../local/fleet/random';

/** How a facility of the pictures fares. */
export type Fate = 'online' | 'left' | 'silent' | 'flapping' | 'registered';

export interface PicturedFacility {
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly fate: Fate;
  readonly users: number;
  readonly tags: readonly string[];
  readonly isInMaintenance: boolean;
}

export interface PicturedRegion {
  readonly id: string;
  readonly name: string;
  readonly facilities: readonly PicturedFacility[];
}

const regions = [
  ['coast', 'Coast', 14, 0.93],
  ['harbour', 'Harbour', 9, 0.12],
  ['hills', 'Hills', 12, 1],
  ['islands', 'Islands', 7, 0.7],
  ['lakes', 'Lakes', 11, 1],
  ['north', 'North', 24, 0.75],
  ['plains', 'Plains', 10, 1],
  ['valley', 'Valley', 13, 0.9],
] as const;

const kinds = ['Clinic', 'Pharmacy', 'Dispatch', 'Laboratory', 'Ward', 'Blood bank'] as const;
const streets = [
  ...['Acacia', 'Bridge', 'Cedar', 'Dune', 'Elm', 'Ferry', 'Garden', 'Hazel', 'Iris', 'Juniper', 'Linden'],
  ...['Market', 'Orchard', 'Poplar', 'Quarry', 'Rowan', 'Station', 'Tower', 'Upper Mill', 'Willow'],
] as const;
const tags = ['cold chain', '24 h', 'two sites', 'emergency'] as const;

/** What the pictures show: the same for the same seed. */
export function pictured(seed: number): readonly PicturedRegion[] {
  const random = seededRandom(seed);
  return regions.map(([id, name, count, share]) => ({
    id,
    name,
    facilities: Array.from({ length: count }, (_, index) => facilityOf(id, index, share, random)),
  }));
}

function facilityOf(region: string, index: number, share: number, random: Random): PicturedFacility {
  const kind = kinds[index % kinds.length] ?? kinds[0];
  const street = streets[(index * 7 + region.length) % streets.length] ?? streets[0];
  const isOnline = random() < share;
  return {
    region,
    id: `${kind.toLowerCase().replace(' ', '-')}-${index + 1}`,
    name: `${kind} ${street}`,
    address: `${street} Street ${index * 3 + 1}`,
    fate: isOnline ? 'online' : fateOf(random),
    users: Math.floor(between(random, 1, 5)),
    tags: random() < 0.4 ? [oneOf(random, ...tags)] : [],
    isInMaintenance: !isOnline && random() < 0.2,
  };
}

function fateOf(random: Random): Fate {
  const dice = random();
  if (dice < 0.5) return 'silent';
  if (dice < 0.8) return 'left';
  return dice < 0.94 ? 'flapping' : 'registered';
}
