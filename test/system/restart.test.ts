import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeLog, transitionsIn } from '../support/change-log';
import { Crowd, expectTrue } from '../support/crowd';
import { Rollcall } from '../support/rollcall';
import { until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

const second = 1_000;
const data = mkdtempSync(join(tmpdir(), 'rollcall-restart-'));
const running: Rollcall[] = [];
const crowds: Crowd[] = [];

async function start(port?: number): Promise<Rollcall> {
  const rollcall = await Rollcall.start({ data, fleet: 60, ...(port !== undefined && { port }) });
  running.push(rollcall);
  return rollcall;
}

afterAll(async () => {
  for (const crowd of crowds) await crowd.stop();
  for (const rollcall of running) await rollcall.close();
  rmSync(data, { recursive: true, force: true });
});

test('TR1, TR3 given the whole system is killed and away for longer than every lease, when it starts again, then nobody who beat on is declared offline', async () => {
  const before = await start();
  const region = await WatchedRegion.of(before, 'town');
  const crowd = await Crowd.gather(region, { stays: 20, leaves: 0, dies: 3 });
  crowds.push(crowd);
  await crowd.part();
  region.feed.close();
  await before.close();
  await sleep(36 * second);

  const after = await start(before.port);
  const offline = async () =>
    transitionsIn(await changeLog(after, region.token, 'town')).filter(({ status }) => status === 'offline');
  const silent = await until(60 * second, 'the silence of the dead', async () => {
    const found = await offline();
    return found.length >= 3 ? found : undefined;
  });
  await sleep(3 * second);

  expect(await offline()).toEqual(silent);
  expectTrue(crowd, silent);
}, 180_000);
