import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { localAws } from '../support/aws-client';
import { seconds } from '../support/builders';
import type { Hosted } from '../support/hosted';
import { LiveFeed } from '../support/live-feed';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';
import { TableEditor } from './table-editor';

const name = 'north';
const hour = seconds(3_600);
/** A region settles within a tick of a second, and what follows from that with the next. */
const settled = seconds(3);

/**
 * Does, in a Rollcall that runs, everything that its functions do for anybody: what comes once a second, what comes with
 * people, and what comes with age or trouble, which is brought about.
 */
export async function doEverything(hosted: Hosted): Promise<void> {
  const region = await WatchedRegion.of(hosted, name);
  const tables = await TableEditor.of(hosted);
  await beSeen(hosted, region);
  await askEverything(hosted, region);
  await comeAndGo(hosted, region);
  await vanish(tables, region);
  await beTurnedAway(hosted, region);
  await leaveWhatNobodyReads(hosted);
  await growOld(hosted, tables, region);
  tables.close();
  region.feed.close();
}

/** Sessions that begin one by one, together, and with attributes. */
async function beSeen({ runtime }: Hosted, region: WatchedRegion): Promise<void> {
  await region.join('clinic-1');
  const beats = Array.from({ length: 5 }, (_, index) => ({
    sessionId: `together-${index}`,
    facilities: [`ward-${index}`],
    next: 300,
  }));
  await region.beats(beats);
  await region.beat({
    sessionId: 'moody',
    facilities: ['clinic-2'],
    next: 300,
    attributes: { mood: 'happy' },
  });
  await region.feed.change('clinic-2', { status: 'online' }, patience);
  // Another copy of the monitor does not know the sessions that the first one does.
  runtime.functions.kill(runtime.deployment.mapping.functionName);
  await region.beat({ sessionId: 'clinic-1', facilities: ['clinic-1'], next: 300 });
}

/** Each route of the status API. */
async function askEverything(hosted: Hosted, { token }: WatchedRegion): Promise<void> {
  const facility = `/v1/regions/${name}/facility?id=clinic-2`;
  await hosted.send('PUT', `/v1/regions/${name}`, token, { name: 'The north' });
  await hosted.send('PUT', facility, token, { name: 'Clinic' });
  await hosted.send('PUT', `/v1/regions/${name}/session?id=moody`, token, { attributes: { mood: 'sad' } });
  const paths = [
    '/v1/regions',
    `/v1/regions/${name}`,
    `/v1/regions/${name}/changes?since=0`,
    `/v1/regions/${name}/registry`,
    facility,
    `${facility}&user=ana`,
    `/v1/regions/${name}/facility/history?id=clinic-2`,
    '/v1/user/facilities?id=ana',
  ];
  for (const path of paths) await hosted.get(path, token);
}

/** Watchers of a region and of one facility: they resume, leave, vanish, and outlive their tokens. */
async function comeAndGo(hosted: Hosted, region: WatchedRegion): Promise<void> {
  const limited = await hosted.token({ watch: { [name]: ['clinic-*'] } }, 'limited');
  const feed = await LiveFeed.open(hosted, limited);
  const { epoch } = await region.snapshot();
  await feed.subscribe(name, { since: 0, ...(epoch !== null && { epoch }) });
  feed.socket.send(JSON.stringify({ action: 'subscribe', region: name, facility: 'clinic-2', since: 0 }));
  await feed.ping();
  feed.socket.send(JSON.stringify({ action: 'unsubscribe', region: name, facility: 'clinic-2' }));
  const expiring = await LiveFeed.open(hosted, await brief(hosted, 'brief-1'));
  await expiring.subscribe(name);
  const silent = await LiveFeed.open(hosted, await brief(hosted, 'brief-2'));
  await sleep(seconds(3));
  // One asks after its token has expired; the other one is told something.
  silent.socket.send(JSON.stringify({ action: 'ping' }));
  await region.join('clinic-3');
  await region.beat({ sessionId: 'clinic-3', facilities: ['clinic-3'], next: 0 });
  await region.feed.change('clinic-3', { status: 'offline' }, patience);
  feed.close();
}

const brief = (hosted: Hosted, sub: string): Promise<string> =>
  hosted.token({ watch: { [name]: ['*'] } }, sub, 2);

/** A socket whose end nobody was told of. */
async function vanish(tables: TableEditor, region: WatchedRegion): Promise<void> {
  await tables.put('Connections', {
    topic: `region ${name}`,
    connectionId: 'gone=',
    issuer: 'https://issuer.example',
    subject: 'ghost',
    watch: JSON.stringify({ [name]: ['*'] }),
    expiresAtMs: Date.now() + hour,
  });
  await region.join('clinic-4');
}

/** A stream that is too busy. */
async function beTurnedAway(hosted: Hosted, region: WatchedRegion): Promise<void> {
  await hosted.post('/dev/faults', { busyShards: ['shardId-000000000000'] });
  await region.beat({ sessionId: 'late', facilities: ['clinic-5'], next: 300 });
  await hosted.post('/dev/faults', { busyShards: [] });
}

/** A record that is none. */
async function leaveWhatNobodyReads(hosted: Hosted): Promise<void> {
  const client = new KinesisClient(localAws((await hosted.services()).kinesis));
  const StreamName = hosted.runtime.deployment.stream.name;
  await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'p', Data: Buffer.from('no record') }));
  client.destroy();
}

/** A session that ended hours ago, and what is left of a facility that was removed days ago. */
async function growOld(hosted: Hosted, tables: TableEditor, region: WatchedRegion): Promise<void> {
  const longAgoMs = Date.now() - 8 * 24 * hour;
  await hosted.send('PUT', `/v1/regions/${name}/facility?id=old`, region.token, { name: 'Old' });
  await hosted.send('DELETE', `/v1/regions/${name}/facility?id=old`, region.token);
  await tables.set('Facilities', { region: { S: name }, facility: { S: 'old' } }, 'removedAtMs', longAgoMs);
  const { bucket, session } = await tables.find(
    'Sessions',
    (row) => row.session?.S?.endsWith(' together-0') === true,
  );
  if (bucket && session) await tables.set('Sessions', { bucket, session }, 'leaseUntilMs', longAgoMs);
  await region.join('clinic-6');
  await sleep(settled);
}
