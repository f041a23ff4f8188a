import type { FaultName } from './faults';

/** A run that once failed, with what it found; it must not fail again. */
export interface PinnedRun {
  readonly seed: number;
  readonly faults: readonly FaultName[];
  readonly found: string;
}

export const pinned: readonly PinnedRun[] = [
  {
    seed: 1316,
    faults: ['endpoint-down'],
    found:
      'TTL took the rows of everybody during an outage, and whoever had no row was told offline after it.',
  },
  {
    seed: 1518,
    faults: ['endpoint-refuses'],
    found: 'The same where the endpoint answered 503.',
  },
  {
    seed: 28_952,
    faults: [
      'invocations-die',
      'pushes-lost',
      'pushes-fail',
      'posts-slow',
      'disconnects-lost',
      'front-end-sleeps',
      'front-end-reloads',
      'deploy',
      'beats-forged',
      'region-lost',
    ],
    found:
      'A delivery that was under way when a region was lost moved the cursor of the log that began after it, whose first entries were then pushed to nobody.',
  },
  {
    seed: 318,
    faults: [
      'endpoint-refuses',
      'endpoint-down',
      'stream-busy',
      'mapping-stopped',
      'reads-stale',
      'schedule-twice',
      'monitors-die',
      'monitors-freeze',
      'poison',
      'front-end-reloads',
      'facility-renamed',
      'region-lost',
    ],
    found:
      'Whoever had ceased to cover a facility before they were told to have joined it, and came back, never joined.',
  },
  {
    seed: 4209,
    faults: ['endpoint-down'],
    found:
      'What a session had ceased to cover was forgotten while as-of stood still, and told as silence at that as-of.',
  },
  {
    seed: 4524,
    faults: ['endpoint-refuses'],
    found: 'The same where the endpoint answered 503.',
  },
  {
    seed: 7956,
    faults: [
      'answers-lost',
      'endpoint-refuses',
      'endpoint-down',
      'stream-busy',
      'api-lost',
      'split',
      'poison',
      'front-end-crashes',
      'region-lost',
    ],
    found:
      'The row of a session that was waited for after a gap was removed before its end was told, and another one had left its facility earlier.',
  },
  {
    seed: 10_856,
    faults: [
      'stream-busy',
      'invocations-die',
      'stores-forget-to-answer',
      'api-lost',
      'split',
      'merge',
      'front-end-crashes',
      'heartbeat-monitor-killed',
      'session-monitor-killed',
    ],
    found:
      'The row of a session that left last was removed while another one of its facility, silent for longer, was waited for: the facility was told offline since that silence.',
  },
  {
    seed: 22_681,
    faults: ['beats-lost', 'endpoint-refuses', 'stream-busy', 'clocks-far-off'],
    found:
      'A session monitor whose clock was ahead noted a canary that was turned away as yet to come, and as-of passed the beats of front ends that were.',
  },
];
