import { mapBounded } from '../../core/concurrency';
import { asOfFields, instant } from '../../core/messages';
import { canonical, isPrefix, matchesAny } from '../../core/pattern';
import { userOf } from '../../core/presence';
import { heldUntilMs } from '../../core/removal';
import { allows, type Grants, reaches } from '../../core/rights';
import type { Session } from '../../core/session';
import { endOf } from '../../core/silence';
import type { ApiPorts } from './ports';

const readsAtOnce = 8;

/** Where a user is present now, as far as the caller may see it; somewhere else is like nowhere (AC2). */
export async function facilitiesOfUser(
  user: string,
  watch: Grants,
  ports: Pick<ApiPorts, 'sessions' | 'regions' | 'freshness' | 'watermarks' | 'timings'>,
): Promise<object> {
  const [fresh, { gaps }] = await Promise.all([ports.freshness(), ports.watermarks.standing()]);
  const live = (await ports.sessions.ofUser(user)).filter(
    (session) =>
      reaches(watch, session.region) && endOf(session, gaps, ports.timings).tellFromMs > fresh.asOfMs,
  );
  const regions = canonical(live.map(({ region }) => region));
  const found = await mapBounded(regions, readsAtOnce, (region) =>
    facilitiesIn(
      region,
      live.filter((session) => session.region === region),
      fresh.asOfMs,
      ports,
    ),
  );
  return {
    user: userOf(user).subject,
    ...asOfFields(fresh),
    facilities: found.flat().filter(({ region, facility }) => allows(watch, region, facility)),
  };
}

async function facilitiesIn(
  region: string,
  sessions: readonly Session[],
  asOfMs: number,
  { regions }: Pick<ApiPorts, 'regions'>,
) {
  const patterns = canonical(sessions.flatMap(({ covers }) => covers));
  // Names stand for themselves, unless the registry removed them; what prefixes reach must be looked up.
  const named = patterns.filter((pattern) => !isPrefix(pattern));
  const rows = await mapBounded(named, readsAtOnce, (id) => regions.row(region, id));
  const standing = named.filter((_, index) => asOfMs >= heldUntilMs(rows[index]));
  const known = patterns.some(isPrefix) ? (await regions.facilities(region)).map(({ id }) => id) : [];
  return canonical([...standing, ...known])
    .filter((facility) => matchesAny(patterns, facility))
    .map((facility) => {
      const here = sessions.filter(({ covers }) => matchesAny(covers, facility));
      const since = Math.min(...here.map(({ coversSinceMs }) => coversSinceMs));
      return { region, facility, since: instant(since), sessions: here.length };
    });
}
