import type { Weather } from './weather';

/** A fault: what it makes of the weather while it lasts, or what it does once. */
export type Fault =
  | { readonly kind: 'weather'; readonly changes: Partial<Weather> }
  | { readonly kind: 'deed'; readonly deed: Deed };

/** What happens once, at an instant. */
export type Deed =
  | 'split-a-shard'
  | 'merge-two-shards'
  | 'put-poison'
  | 'cut-sockets'
  | 'crash-a-front-end'
  | 'let-a-front-end-sleep'
  | 'reload-a-front-end'
  | 'hide-a-front-end'
  | 'kill-heartbeat-monitor'
  | 'kill-session-monitor'
  | 'deploy'
  | 'rename-a-facility'
  | 'forge-beats'
  | 'lose-a-region';

const weather = (changes: Partial<Weather>): Fault => ({ kind: 'weather', changes });
const once = (deed: Deed): Fault => ({ kind: 'deed', deed });

/** Every fault by its name; each can be switched on alone. */
export const faults = {
  'beats-lost': weather({ beatsLost: 0.1 }),
  'answers-lost': weather({ answersLost: 0.2 }),
  'beats-twice': weather({ beatsTwice: 0.3 }),
  'endpoint-refuses': weather({ endpoint: 'refusing' }),
  'endpoint-down': weather({ endpoint: 'down' }),
  'stream-busy': weather({ streamBusy: 0.4 }),
  'arrivals-step-back': weather({ arrivalStepsBackMs: 1_500 }),
  'shard-stuck': weather({ stuckShards: 1 }),
  'mapping-stopped': weather({ mapping: 'stopped' }),
  'invocations-die': weather({ invocationsDie: 0.2 }),
  'batches-again': weather({ batchesAgain: 0.3 }),
  'stores-throttle': weather({ storesThrottle: 0.15 }),
  'stores-forget-to-answer': weather({ storesForgetToAnswer: 0.1 }),
  'stores-slow': weather({ storesSlowMs: 600 }),
  'commits-lost': weather({ commitsLost: 0.3 }),
  'reads-stale': weather({ staleMs: 3_000 }),
  'ttl-late': weather({ ttl: 'late' }),
  'clocks-off': weather({ skewMs: 2_000 }),
  'clocks-far-off': weather({ skewMs: 60_000 }),
  'schedule-twice': weather({ schedule: 'twice' }),
  'schedule-missed': weather({ schedule: 'missed' }),
  'monitors-die': weather({ monitorsDie: 0.7 }),
  'monitors-freeze': weather({ monitorsFreeze: 0.7 }),
  'pushes-lost': weather({ pushesLost: 0.3 }),
  'pushes-twice': weather({ pushesTwice: 0.3 }),
  'pushes-late': weather({ pushesLateMs: 4_000 }),
  'pushes-fail': weather({ pushesFail: 0.3 }),
  'posts-slow': weather({ postsSlow: 0.2 }),
  'api-lost': weather({ apiLost: 0.4 }),
  'disconnects-lost': weather({ disconnectsLost: 1 }),
  'bus-down': weather({ bus: 'down' }),
  split: once('split-a-shard'),
  merge: once('merge-two-shards'),
  poison: once('put-poison'),
  'sockets-cut': once('cut-sockets'),
  'front-end-crashes': once('crash-a-front-end'),
  'front-end-sleeps': once('let-a-front-end-sleep'),
  'front-end-reloads': once('reload-a-front-end'),
  'front-end-hidden': once('hide-a-front-end'),
  'heartbeat-monitor-killed': once('kill-heartbeat-monitor'),
  'session-monitor-killed': once('kill-session-monitor'),
  deploy: once('deploy'),
  'facility-renamed': once('rename-a-facility'),
  'beats-forged': once('forge-beats'),
  'region-lost': once('lose-a-region'),
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as readonly FaultName[];

export const isFaultName = (name: string): name is FaultName => Object.hasOwn(faults, name);
