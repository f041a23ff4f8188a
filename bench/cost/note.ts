import { shardRecordsPerSecond } from '../../lib/setting-relations';
import type { Settings } from '../../lib/settings';
import { estimate } from './estimate';
import { loadFrom } from './load';
import { isEnough, quotasOf } from './quotas';
import { setupOf, shardsFor } from './setup';
import { dollars, grouped } from './words';

/** What a synthesis says of the cost: two lines. The load is what is expected, or what the shards that are set are good for. */
export function costNote(settings: Settings): string {
  const sessions = settings.expectedSessions ?? sessionsThatFit(settings);
  const needed = shardsFor(sessions / settings.timings.beatSeconds);
  const setup = setupOf(settings, settings.shards === 'on-demand' ? needed : settings.shards);
  const regions = Math.max(1, Math.round(sessions / 1_000));
  const made = estimate(
    loadFrom({
      sessions,
      regions,
      operators: Math.ceil(regions / 2),
      perFacility: Math.min(10, sessions / regions),
    }),
    setup,
  );
  const idle = estimate(loadFrom({ sessions: 1, perFacility: 1, regions: 1, operators: 0 }), setup);
  const short = quotasOf(made).filter((quota) => !isEnough(quota));
  const why = settings.expectedSessions === undefined ? 'as many as its shards are good for' : 'as expected';
  const raise = short.length === 0 ? '' : `; not enough: ${short.map(({ what }) => what).join(', ')}`;
  return (
    `About ${dollars(made.dollars)} a month at ${grouped(sessions)} sessions, ${why}, and ${dollars(idle.dollars)} while nobody beats${raise}.\n` +
    `What for, what to raise, and what another choice would cost: npm run cost -- --sessions ${sessions}`
  );
}

const sessionsThatFit = ({ shards, timings }: Settings): number =>
  (shards === 'on-demand' ? 4 : shards) * shardRecordsPerSecond * timings.beatSeconds;
