import { useSignal } from '@preact/signals';
import type { FacilityRegistry, MaintenanceWindow } from '../../core/registry';
import { serverNowMs } from '../page-state';
import { Moment } from '../time';
import { lengthText } from '../times';
import { useWork } from './doing';
import { type Faults, localMinuteText, type WindowDraft, windowIn, withoutWindow, withWindow } from './draft';
import { Field, Outcome } from './fields';
import { knownRegion, pageRegistry } from './state';

interface WindowsProps {
  readonly region: string;
  readonly facility: string;
  readonly known: FacilityRegistry;
}

const minuteMs = 60_000;
const lengths = [30, 120, 480].map((minutes) => minutes * minuteMs);

/** Stretches of time in which nobody expects the facility to be online: those there are, and a form for another one. */
export function Windows({ region, facility, known }: WindowsProps) {
  const { doing, start } = useWork();
  const change = (words: string, changed: (now: FacilityRegistry) => FacilityRegistry): Promise<void> =>
    start(words, async () => {
      const registry = pageRegistry.peek();
      if (registry === undefined) return;
      knownRegion(region).noteFacility(facility, await registry.change(region, facility, changed));
    });
  const windows = [...(known.maintenance ?? [])].sort((a, b) => Date.parse(b.from) - Date.parse(a.from));
  return (
    <section class="card" aria-labelledby="maintenance-heading">
      <h2 id="maintenance-heading">Maintenance</h2>
      {windows.length === 0 ? (
        <p class="quiet-text">None is planned, and none is on record.</p>
      ) : (
        <ul class="windows">
          {windows.map((window) => (
            <WindowItem key={`${window.from} ${window.to} ${window.note}`} window={window} change={change} />
          ))}
        </ul>
      )}
      <WindowForm change={change} />
      <Outcome doing={doing.value} />
    </section>
  );
}

type Change = (words: string, changed: (now: FacilityRegistry) => FacilityRegistry) => Promise<void>;

interface WindowItemProps {
  readonly window: MaintenanceWindow;
  readonly change: Change;
}

function WindowItem({ window, change }: WindowItemProps) {
  const { from, to, note } = window;
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const nowMs = serverNowMs.value;
  const isOver = toMs <= nowMs;
  const isNow = fromMs <= nowMs && !isOver;
  const endNow = (): void => {
    const ended = { ...window, to: new Date(Math.max(serverNowMs.peek(), fromMs + 1)).toISOString() };
    void change('Maintenance has ended.', (now) => withoutWindow(now, window, ended));
  };
  const remove = (): void =>
    void change('The maintenance window is removed.', (now) => withoutWindow(now, window));
  return (
    <li class="window" data-when={isNow ? 'now' : isOver ? 'over' : 'planned'}>
      <span class="window-when">{isNow ? 'Now' : isOver ? 'Over' : 'Planned'}</span>
      <span>
        <Moment atMs={fromMs} /> – <Moment atMs={toMs} />{' '}
        <span class="quiet-text">{lengthText(toMs - fromMs)}</span>
        {note !== undefined && (
          <span class="window-note">
            <bdi>{note}</bdi>
          </span>
        )}
      </span>
      <button type="button" class="button" onClick={isNow ? endNow : remove}>
        {isNow ? 'End now' : 'Remove'}
      </button>
    </li>
  );
}

function WindowForm({ change }: { readonly change: Change }) {
  const draft = useSignal<WindowDraft>(nextWindow());
  const faults = useSignal<Faults<WindowDraft>>({});
  const set = (words: Partial<WindowDraft>): void => {
    draft.value = { ...draft.value, ...words };
  };
  const submit = async (): Promise<void> => {
    const { value, faults: wrong } = windowIn(draft.value);
    faults.value = wrong ?? {};
    if (value === undefined) return;
    await change('The maintenance window is saved.', (now) => withWindow(now, value));
    set({ note: '' });
  };
  const field = (name: keyof WindowDraft, label: string) => ({
    label,
    value: draft.value[name],
    fault: faults.value[name],
    onInput: (value: string) => set({ [name]: value }),
  });
  const setLength = (ms: number): void =>
    set({ to: localMinuteText((Date.parse(draft.value.from) || Date.now()) + ms) });
  return (
    <form
      class="form"
      aria-label="New maintenance window"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="form-pair">
        <Field {...field('from', 'Begin')} type="datetime-local" hint={zoneHint} />
        <Field {...field('to', 'End')} type="datetime-local" />
      </div>
      <fieldset class="chips lengths">
        <legend class="unseen">How long</legend>
        {lengths.map((ms) => (
          <button key={ms} type="button" class="chip" onClick={() => setLength(ms)}>
            {lengthText(ms)}
          </button>
        ))}
      </fieldset>
      <Field {...field('note', 'Reason')} maxLength={200} />
      <div class="form-end">
        <button type="submit" class="button main-button">
          Set maintenance
        </button>
        {faults.value.all && <span class="form-fault">{faults.value.all}</span>}
      </div>
    </form>
  );
}

const zoneHint = `In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;

/** From now on for two hours, to the minute. */
function nextWindow(): WindowDraft {
  const nowMs = serverNowMs.peek();
  return { from: localMinuteText(nowMs), to: localMinuteText(nowMs + 120 * minuteMs), note: '' };
}
