import type { Person } from './dev-issuer';

/** Somebody whom the local issuer lets everybody be. */
export interface DemoRole extends Person {
  /** As the issuer's page puts it. */
  readonly title: string;
  readonly may: string;
}

const everything = { '*': ['*'] };

/** By the name that stands for them in URLs and in the issuer's cookie. */
export const demoRoles: ReadonlyMap<string, DemoRole> = new Map([
  [
    'everything',
    {
      sub: 'operator',
      name: 'Operator of everything',
      title: 'Operator of everything',
      may: 'Watches all regions.',
      rollcall: { watch: everything },
    },
  ],
  [
    'north',
    {
      sub: 'operator-north',
      name: 'Operator of north',
      title: 'Operator of one region',
      may: 'Watches the region north, and learns nothing of the others.',
      rollcall: { watch: { north: ['*'] } },
    },
  ],
  [
    'manager',
    {
      sub: 'manager',
      name: 'Manager',
      title: 'Manager',
      may: 'Watches all regions, edits facilities, imports them, and plans maintenance.',
      rollcall: { watch: everything, manage: everything },
    },
  ],
  [
    'provider',
    {
      sub: 'provider',
      name: 'Provider',
      title: 'Provider only',
      may: 'Reports for facilities, and may watch none.',
      rollcall: { provide: everything },
    },
  ],
]);
