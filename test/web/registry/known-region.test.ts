import type { FacilityRegistry } from '../../../core/registry';
import { ApiRefused } from '../../../registry/port';
import { KnownRegion } from '../../../web/registry/known-region';
import type { WholeRegion } from '../../../web/registry/page-registry';

interface Asked {
  readonly answer: (facilities: Readonly<Record<string, FacilityRegistry>>) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** A region whose registry answers when the test wants it to. */
function region(): { readonly known: KnownRegion; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const ask = (): Promise<WholeRegion> =>
    new Promise((resolve, reject) => {
      asked.push({
        answer: async (facilities) => {
          resolve({ registry: {}, facilities: new Map(Object.entries(facilities)) });
          await settled();
        },
        fail: async (error) => {
          reject(error);
          await settled();
        },
      });
    });
  return { known: new KnownRegion(ask), asked };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const said = ({ now }: KnownRegion): unknown => now.whole && Object.fromEntries(now.whole.facilities);
const busy = new ApiRefused('Rollcall is too busy just now.', 0);

describe('a region that is opened', () => {
  test('is read each time, and once where several parts open it', async () => {
    const { known, asked } = region();
    void known.open();
    void known.open('clinic-7');
    expect(known.now).toMatchObject({ whole: undefined, isReading: true });
    await asked[0]?.answer({ 'clinic-7': {} });
    expect(known.now).toMatchObject({ isReading: false, failure: undefined });

    void known.open();
    expect(said(known)).toEqual({ 'clinic-7': {} });
    await asked[1]?.answer({ 'clinic-7': {}, 'clinic-8': {} });
    expect(said(known)).toEqual({ 'clinic-7': {}, 'clinic-8': {} });
    expect(asked).toHaveLength(2);
  });

  test('given a facility that came later, when it is opened, then it is looked for; one that is known is not', async () => {
    const { known, asked } = region();
    void known.open();
    await asked[0]?.answer({ 'clinic-7': {} });
    await known.open('clinic-7');
    expect(asked).toHaveLength(1);
    void known.open('clinic-8');
    expect(known.now.isReading).toBe(true);
    await asked[1]?.answer({ 'clinic-7': {}, 'clinic-8': { name: 'Eight' } });
    expect(said(known)).toMatchObject({ 'clinic-8': { name: 'Eight' } });
  });
});

describe('given it cannot be read', () => {
  test('then what was known stays, and opening it tries again', async () => {
    const { known, asked } = region();
    void known.open();
    await asked[0]?.answer({ 'clinic-7': {} });
    void known.open();
    await asked[1]?.fail(busy);
    expect(known.now).toMatchObject({ isReading: false, failure: busy.message });
    expect(said(known)).toEqual({ 'clinic-7': {} });
    void known.open();
    await asked[2]?.answer({});
    expect(known.now.failure).toBeUndefined();
    expect(said(known)).toEqual({});
  });

  test('for a reason that nobody expected, then it is said all the same, and thrown', async () => {
    const { known, asked } = region();
    const opened = known.open();
    void asked[0]?.fail(new TypeError('page.facilities is not iterable'));
    await expect(opened).rejects.toThrow(TypeError);
    expect(known.now).toMatchObject({ isReading: false, failure: 'The registry could not be read.' });
  });
});

describe('what is changed from here while it is read', () => {
  test('is there after an answer that does not know it yet', async () => {
    const { known, asked } = region();
    void known.open();
    await asked[0]?.answer({ stays: {}, goes: {} });
    void known.open();
    known.noteFacility('goes', undefined);
    known.noteFacility('comes', { name: 'Comes' });
    known.noteRegion({ name: 'The north' });
    const wanted = { stays: {}, comes: { name: 'Comes' } };
    expect(said(known)).toEqual(wanted);
    await asked[1]?.answer({ stays: {}, goes: {} });
    expect(said(known)).toEqual(wanted);
    expect(known.now.whole?.registry).toEqual({ name: 'The north' });
  });

  test('given it is asked again because of that, then the earlier answer does not count, also where it comes later', async () => {
    const { known, asked } = region();
    void known.open();
    void known.read();
    await asked[1]?.answer({ 'clinic-7': {} });
    await asked[0]?.fail(busy);
    expect(known.now).toMatchObject({ isReading: false, failure: undefined });
    expect(said(known)).toEqual({ 'clinic-7': {} });
  });
});
