import type { Sink } from '../../core/region';

/** Items of a region in the Regions table, apart from each other so that marks and cursors never collide with commits. */
export const headItem = 'head';
/** Attribute of a head: until then commits that yield wait. */
export const claimedUntil = 'claimedUntilMs';
export const markItem = 'mark';
export const cursorItem = (sink: Sink): string => `cursor ${sink}`;

/** The session monitor's own item is beside the regions; `#` keeps it apart from region ids. */
export const fenceKey = { region: { S: '#monitor' }, item: { S: 'fence' } };
