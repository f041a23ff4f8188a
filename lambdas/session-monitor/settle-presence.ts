import { hashOf, plainAttributes } from '../../core/attributes';
import { mapBounded } from '../../core/concurrency';
import type { Facility } from '../../core/facility';
import {
  digestOnceTold,
  noPresence,
  type PresenceDifference,
  type PresenceNews,
  type Present,
  presenceCommits,
  presenceDifferences,
} from '../../core/presence';
import type { RegionHead } from '../../core/region';
import type { SessionKey } from '../../core/session';
import { sessionKeyText } from '../../core/session';
import type { PresenceDue } from '../../core/settle';
import type { MonitorPorts } from './ports';
import type { Tick } from './settle-region';

type PresencePorts = Pick<MonitorPorts, 'sessions' | 'presence'>;

const readsAtOnce = 32;
const usersPerRead = 1_000;

/** The events of one facility that nobody has been sent yet. */
export interface Unsent {
  readonly facility: string;
  readonly fromSeq: number;
  readonly toSeq: number;
}

/**
 * Compares who is present in the facilities that changed with who was told to be, and commits the difference.
 * @returns what is to be sent, also of facilities where a monitor died before it sent anything
 * @throws CommitLost when another monitor was faster
 */
export async function settlePresence(
  { region, settledAtMs }: Pick<RegionHead, 'region' | 'settledAtMs'>,
  due: readonly PresenceDue[],
  tick: Tick,
  ports: PresencePorts,
): Promise<readonly Unsent[]> {
  const compared = await mapBounded(due, readsAtOnce, async ({ facility, coverage }) => {
    const told = await toldIn(region, facility, ports);
    const differences = presenceDifferences(told, coverage, tick.asOfMs);
    return { facility, differences, digest: digestOnceTold(told, coverage) };
  });
  const attributes = await attributesOf(
    compared.flatMap(({ differences }) => differences),
    ports,
  );
  const commits = compared.flatMap(({ facility, digest, differences }) => {
    const before = facility.presence ?? noPresence;
    const sentBefore = before.decidedAtMs <= settledAtMs;
    const news = differences.map((difference) => withAttributes(difference, attributes));
    if (news.length === 0 && digest === before.digest) return [];
    return presenceCommits({
      facility: facility.id,
      before,
      news,
      digest,
      decidedAtMs: Math.max(tick.nowMs, settledAtMs + 1),
      sentBefore,
    });
  });
  await ports.presence.commitPresence(region, commits);
  return commits
    .map(({ facility, after }) => ({ facility, fromSeq: after.fromSeq, toSeq: after.seq }))
    .filter(({ fromSeq, toSeq }) => toSeq >= fromSeq);
}

async function toldIn(
  region: string,
  facility: Facility,
  { presence }: PresencePorts,
): Promise<readonly Present[]> {
  const told: Present[] = [];
  // Nobody can have been told where there never was an event.
  while (facility.presence !== undefined) {
    const after = told.at(-1)?.user;
    const page = { limit: usersPerRead, ...(after !== undefined && { after }) };
    const found = await presence.present(region, facility.id, page);
    told.push(...found);
    if (found.length < usersPerRead) break;
  }
  return told;
}

type Found = ReadonlyMap<string, NonNullable<PresenceNews['attributes']>>;

/** Attributes by session; one session may stand for thousands of facilities. */
async function attributesOf(
  differences: readonly PresenceDifference[],
  { sessions }: PresencePorts,
): Promise<Found> {
  const keys = new Map<string, SessionKey>();
  for (const { attributesOf: session } of differences) {
    if (session !== undefined) keys.set(sessionKeyText(session), session);
  }
  if (keys.size === 0) return new Map();
  const loaded = await sessions.attributes([...keys.values()]);
  const found = [...keys.keys()].flatMap((key, index) => {
    const attributes = loaded[index];
    if (attributes === undefined) return [];
    return [[key, { hash: hashOf(attributes), values: plainAttributes(attributes) }] as const];
  });
  return new Map(found);
}

function withAttributes(difference: PresenceDifference, found: Found): PresenceNews {
  const attributes = difference.attributesOf && found.get(sessionKeyText(difference.attributesOf));
  return attributes === undefined ? difference : { ...difference, attributes };
}
