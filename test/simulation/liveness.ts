import { matchesAny } from '../../core/pattern';
import { behind } from '../../core/region';
import { userText } from '../../core/session';
import type { FrontEnd } from './front-end';
import { regions, type World } from './world';

/** What must have come about once everything is well again for long enough: L1 to L6. */
export async function judgeLiveness(world: World): Promise<void> {
  for (const region of regions) {
    judgeStatuses(region, world);
    judgePresence(region, world);
    await judgeOutbox(region, world);
    await judgeConnections(region, world);
  }
  judgeOperators(world);
  judgeStream(world);
}

const isAlive = ({ truth }: FrontEnd): boolean => truth.endedMs === undefined && truth.taken.length > 0;

/** L1, L2: whoever beats is online, and nobody else. */
function judgeStatuses(region: string, { frontEnds, stage, trace }: World): void {
  const alive = frontEnds.filter(({ plan }) => plan.region === region).filter(isAlive);
  const { facilities } = stage.told.last(region);
  for (const { id, status } of facilities.values()) {
    const covered = alive.some(({ covers }) => matchesAny(covers, id));
    if (status === 'online' && !covered)
      trace.violated('L1', `${region}/${id} is still online, and nobody beats`);
    if (status === 'offline' && covered)
      trace.violated('L2', `${region}/${id} is offline, and somebody beats`);
  }
  for (const { plan, covers } of alive) {
    const missing = (plan.facilities ? covers : []).filter((id) => !facilities.has(id));
    if (missing.length > 0) trace.violated('L2', `${region}/${missing} is beaten for, and not there`);
  }
}

function judgePresence(region: string, { frontEnds, stage, trace }: World): void {
  const here = frontEnds.filter((frontEnd) => frontEnd.plan.region === region && isAlive(frontEnd));
  for (const id of stage.told.last(region).facilities.keys()) {
    const users = here.filter(({ covers }) => matchesAny(covers, id)).map(({ plan }) => userText(plan));
    const wanted = [...new Set(users)].toSorted();
    const told = [...stage.rooms.present(region, id)].toSorted();
    if (told.join() !== wanted.join())
      trace.violated('L2', `in ${region}/${id} are told ${told}, not ${wanted}`);
  }
}

/** L3: everything was handed on, and nothing of it is missing. */
async function judgeOutbox(region: string, { stage, trace }: World): Promise<void> {
  const record = await stage.ledger.read(region);
  if (behind(record).length > 0)
    trace.violated('L3', `${behind(record)} of ${region} has not taken everything`);
}

/** L4: every page that is connected shows what the server knows, and says so. */
function judgeOperators({ watchers, trace }: World): void {
  for (const { operator, oracle } of watchers) {
    if (!operator.isLive) trace.violated('L4', `${operator.name} is not live again`);
    for (const [region, shown] of operator.watches) {
      if (oracle.differs(region, shown.snapshot())) {
        trace.violated('L4', `${operator.name} is shown ${region} as it is not`);
      }
    }
  }
}

/** L5: every record is read, and only poison was put aside. */
function judgeStream({ stage, pipeline, poison, trace }: World): void {
  for (const { shardId } of stage.stream.shards()) {
    const last = stage.stream.lastOf(shardId);
    const read = pipeline.checkpoints.last(shardId);
    const behindBy = last === undefined ? 0 : Number(BigInt(last) - BigInt(read ?? 0));
    const fresh = stage.stream.read('', shardId, read, 1)[0];
    if (behindBy > 0 && fresh !== undefined && fresh.arrivalMs < stage.time.now() - 10_000) {
      trace.violated('L5', `${shardId} is not read to its end`);
    }
  }
  for (const { payload } of stage.deadLetters.letters.values()) {
    const text = Buffer.from(payload, 'base64').toString();
    if (!poison.includes(text)) trace.violated('L5', `a dead letter holds ${text}`);
  }
}

/** L6: sockets that were gone before the last push are forgotten. */
async function judgeConnections(region: string, { stage, trace }: World): Promise<void> {
  const { committedAtMs } = stage.told.last(region);
  for (const { connectionId } of await stage.connections.subscribers(region)) {
    if (stage.sockets.wasGoneAt(connectionId, committedAtMs))
      trace.violated('L6', `${connectionId} is gone, and still subscribed`);
  }
}
