import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../core/ports';

/** The clock of the machine. */
export const systemClock: Clock = { now: Date.now, sleep: (ms) => sleep(ms) };
