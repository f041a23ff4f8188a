import { runTool } from '../support/tool';

test.concurrent.each([
  'local',
  'bench/cost',
  'bench/scale',
  'tools/accuracy',
  'tools/erase',
  'tools/registry',
  'tools/restore',
  'test/simulation',
])('given --help, then %s says how it is called, and does nothing else', async (program) => {
  const { code, said, complaints } = await runTool(`${program}/main.ts`, ['--help'], process.env);
  expect([code, complaints]).toEqual([0, '']);
  expect(said).toMatch(/^Usage:/);
});
