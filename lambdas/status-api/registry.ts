import { CommitLost, TryAgainLater } from '../../core/errors';
import { isFacilityId, isRegionId } from '../../core/ids';
import { type Commit, epochAt, newHead } from '../../core/region';
import { readFacilityRegistry, readRegionRegistry } from '../../core/registry';
import { type RegistryState, regionRegistration, registration, removal } from '../../core/registry-commits';
import { exists } from '../../core/removal';
import { allows, allowsAll, type Identity } from '../../core/rights';
import { FieldRefused } from '../../core/shape';
import { type HttpEvent, jsonText, parseJson } from '../http';
import { facilityOf, noSuchFacility } from './facility';
import type { ApiPorts } from './ports';
import { noSuchRegion } from './queries';
import { regionItem } from './regions';

/** Room for the registry's own limit in JSON that escapes whatever it can. */
const maxBodyBytes = 128 * 1_024;
/** A settle that has claimed the region takes up to five seconds; others who change it, some hundredths each. */
const patienceMs = 8_000;
const firstPauseMs = 20;
/** Short, so that whoever was unlucky so far has no worse chances than who comes now. */
const longestPauseMs = 160;

/** Creates a facility, or replaces what the registry says of it; its status stays the business of beats. */
export async function putFacility(event: HttpEvent, identity: Identity, ports: ApiPorts): Promise<object> {
  const { region, id } = managedFacility(event, identity);
  const registry = readFacilityRegistry(parseJson(jsonText(event, maxBodyBytes)), '');
  await change(region, id, ports, (state) => registration(id, registry, state));
  return await facilityOf(region, id, { kind: 'none' }, ports);
}

/** Takes a facility out of its region. */
export async function deleteFacility(event: HttpEvent, identity: Identity, ports: ApiPorts): Promise<void> {
  const { region, id } = managedFacility(event, identity);
  await change(region, id, ports, (state) => {
    if (state.row === undefined || !exists(state.row)) throw noSuchFacility();
    return removal(state.row, state);
  });
}

/** Creates a region, or replaces what the registry says of it. */
export async function putRegion(event: HttpEvent, identity: Identity, ports: ApiPorts): Promise<object> {
  const region = event.pathParameters?.region ?? '';
  if (!isRegionId(region) || !allowsAll(identity.rights.manage, region)) throw noSuchRegion();
  const registry = readRegionRegistry(parseJson(jsonText(event, maxBodyBytes)), '');
  await change(region, undefined, ports, (state) => regionRegistration(registry, state));
  const fresh = await ports.freshness();
  const record = await ports.regions.read(region);
  return regionItem(record, record.head?.totals, fresh);
}

/** What may not be managed answers like what does not exist (AC2). */
function managedFacility(
  { pathParameters, queryStringParameters }: HttpEvent,
  { rights }: Identity,
): { readonly region: string; readonly id: string } {
  const region = pathParameters?.region ?? '';
  const id = queryStringParameters?.id;
  if (id === undefined || !isFacilityId(id)) throw new FieldRefused('id', 'the id of a facility');
  if (!isRegionId(region) || !allows(rights.manage, region, id)) throw noSuchFacility();
  return { region, id };
}

type Decide = (state: RegistryState) => Commit | undefined;

/** Commits what is decided of the region as it is, again if somebody else was faster; then has it looked at (CD1, CD5). */
async function change(
  region: string,
  id: string | undefined,
  ports: ApiPorts,
  decide: Decide,
): Promise<void> {
  const untilMs = ports.clock.now() + patienceMs;
  for (let pauseMs = firstPauseMs; !(await tryOnce(region, id, ports, decide)); pauseMs *= 2) {
    if (ports.clock.now() >= untilMs) throw new TryAgainLater('others kept changing the region');
    await ports.clock.sleep(Math.min(pauseMs, longestPauseMs));
  }
  // Also where nothing was to be changed: whoever changed it may not have lived to raise the mark.
  await ports.marks.raiseMark(region);
}

async function tryOnce(
  region: string,
  id: string | undefined,
  { regions, freshness, clock, log }: ApiPorts,
  decide: Decide,
): Promise<boolean> {
  const fresh = await freshness();
  const { head } = await regions.read(region);
  const row = id === undefined ? undefined : await regions.row(region, id);
  const nowMs = clock.now();
  const from = head ?? newHead(region, epochAt(nowMs));
  const commit = decide({ head: from, ...(row && { row }), fresh, nowMs });
  if (commit === undefined) return true;
  try {
    await regions.commit(commit);
  } catch (error) {
    if (error instanceof CommitLost) return false;
    throw error;
  }
  log.info('registry changed', { region, seq: commit.head.seq });
  return true;
}
