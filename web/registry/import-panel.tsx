import '../first-load';
import { type Signal, useSignal } from '@preact/signals';
import { carryOut, type Imported, type Plan, planImport } from '../../registry/import';
import { differencesIn, type Step } from '../../registry/plan';
import { type FileFormat, readFile } from '../../registry/read-file';
import type { Fault } from '../../registry/records';
import { Icon } from '../icons';
import { counted, numberText } from '../words';
import { knownRegion, pageRegistry } from './state';

interface ImportPanelProps {
  /** For records that name none. */
  readonly region: string | undefined;
  readonly onClose: () => void;
}

/** How far an import is. Nothing is sent before somebody has seen what it would change. */
type Stage =
  | { readonly name: 'choosing'; readonly sentence?: string }
  | { readonly name: 'comparing'; readonly file: string }
  | { readonly name: 'faulty'; readonly file: string; readonly faults: readonly Fault[] }
  | { readonly name: 'preview'; readonly file: string; readonly plan: Plan }
  | { readonly name: 'sending'; readonly file: string; readonly done: number; readonly all: number }
  | { readonly name: 'done'; readonly file: string; readonly result: Imported };

const mostBytes = 20 * 1_024 * 1_024;
const rowsShown = 200;

/** Brings facilities from a file: choose, look at what would change, and only then change it. */
export default function ImportPanel({ region, onClose }: ImportPanelProps) {
  const stage = useSignal<Stage>({ name: 'choosing' });
  return (
    <section class="card import" aria-labelledby="import-heading">
      <div class="import-top">
        <h2 id="import-heading">Import facilities</h2>
        <button type="button" class="quiet-button" onClick={onClose}>
          <Icon name="close" />
          <span class="unseen">Close the import</span>
        </button>
      </div>
      <StageShown stage={stage} region={region} />
    </section>
  );
}

interface StageProps {
  readonly stage: Signal<Stage>;
  readonly region: string | undefined;
}

function StageShown({ stage, region }: StageProps) {
  const now = stage.value;
  switch (now.name) {
    case 'choosing':
      return <Choice stage={stage} region={region} {...(now.sentence && { sentence: now.sentence })} />;
    case 'comparing':
      return <p role="status">Comparing {now.file} with what is there…</p>;
    case 'faulty':
      return <FaultList file={now.file} faults={now.faults} onAgain={() => again(stage)} />;
    case 'preview':
      return <Preview file={now.file} plan={now.plan} stage={stage} />;
    case 'sending':
      return (
        <p role="status">
          <progress value={now.done} max={now.all} aria-label="Import" /> {numberText(now.done)} of{' '}
          {numberText(now.all)}
        </p>
      );
    case 'done':
      return <Result file={now.file} result={now.result} onAgain={() => again(stage)} />;
  }
}

const again = (stage: Signal<Stage>): void => {
  stage.value = { name: 'choosing' };
};

function Choice({ stage, region, sentence }: StageProps & { readonly sentence?: string }) {
  return (
    <div class="form">
      <label class="form-field">
        A file in CSV or JSON
        <input
          type="file"
          accept=".csv,.json"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) void open(file, stage, region);
          }}
        />
        <span class="form-hint">
          Columns: region, id, name, latitude, longitude, address, timeZone, tags.{' '}
          {region !== undefined && 'Lines without a region belong to this one.'}
        </span>
      </label>
      {sentence && (
        <p class="form-fault" role="alert">
          {sentence}
        </p>
      )}
    </div>
  );
}

async function open(file: File, stage: Signal<Stage>, region: string | undefined): Promise<void> {
  const registry = pageRegistry.peek();
  const format = formatOf(file.name);
  if (format === undefined || file.size > mostBytes || registry === undefined) {
    stage.value = {
      name: 'choosing',
      sentence: 'Expected a file that ends in .csv or .json, 20 MB at most.',
    };
    return;
  }
  stage.value = { name: 'comparing', file: file.name };
  const { records, faults } = readFile(new Uint8Array(await file.arrayBuffer()), format, region);
  stage.value =
    faults.length > 0
      ? { name: 'faulty', file: file.name, faults }
      : { name: 'preview', file: file.name, plan: await planImport(records, format, registry) };
}

function formatOf(name: string): FileFormat | undefined {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return ending === 'csv' || ending === 'json' ? ending : undefined;
}

interface FaultListProps {
  readonly file: string;
  readonly faults: readonly Fault[];
  readonly onAgain: () => void;
}

function FaultList({ file, faults, onAgain }: FaultListProps) {
  return (
    <>
      <p role="alert">
        <bdi>{file}</bdi> has {counted(faults.length, 'fault')}. Nothing was sent.
      </p>
      <Faults faults={faults} />
      <button type="button" class="button" onClick={onAgain}>
        Choose another file
      </button>
    </>
  );
}

function Faults({ faults }: { readonly faults: readonly Fault[] }) {
  return (
    <ol class="faults">
      {faults.slice(0, rowsShown).map(({ line, text }) => (
        <li key={`${line} ${text}`}>
          <span class="quiet-text">Line {line}</span> <bdi>{text}</bdi>
        </li>
      ))}
      {faults.length > rowsShown && <li>…and {numberText(faults.length - rowsShown)} more</li>}
    </ol>
  );
}

interface PreviewProps {
  readonly file: string;
  readonly plan: Plan;
  readonly stage: Signal<Stage>;
}

function Preview({ file, plan, stage }: PreviewProps) {
  const { steps, failures } = plan;
  const count = (kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length;
  const changes = steps.filter(({ kind }) => kind !== 'keep');
  return (
    <>
      <p role="status">
        <bdi>{file}</bdi>: <strong>{numberText(count('create'))} new</strong>,{' '}
        <strong>{numberText(count('change'))} changed</strong>, {numberText(count('keep'))} as they are
        {failures.length > 0 && `, ${numberText(failures.length)} that you may not manage`}.
      </p>
      {failures.length > 0 && <Faults faults={failures} />}
      {changes.length > 0 && <Changes steps={changes} />}
      <div class="form-end">
        <button
          type="button"
          class="button main-button"
          disabled={changes.length === 0}
          onClick={() => void send(file, plan, stage)}
        >
          {changes.length === 0 ? 'Nothing to import' : `Import ${counted(changes.length, 'facility')}`}
        </button>
        <button type="button" class="button" onClick={() => again(stage)}>
          Choose another file
        </button>
      </div>
    </>
  );
}

const fieldWords = {
  name: 'Name',
  coordinates: 'Coordinates',
  address: 'Address',
  timeZone: 'Time zone',
  tags: 'Tags',
  maintenance: 'Maintenance',
} as const;

function Changes({ steps }: { readonly steps: readonly Step[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="changes" tabIndex={0} aria-label="What will change">
      <table>
        <thead>
          <tr>
            <th scope="col">Facility</th>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        {steps.slice(0, rowsShown).map((step) => (
          <StepRows key={`${step.record.region}/${step.record.id}`} step={step} />
        ))}
      </table>
      {steps.length > rowsShown && (
        <p class="quiet-text">…and {numberText(steps.length - rowsShown)} facilities more</p>
      )}
    </section>
  );
}

function StepRows({ step }: { readonly step: Step }) {
  const differences = differencesIn(step);
  const { region, id } = step.record;
  return (
    <tbody data-kind={step.kind}>
      {(differences.length === 0 ? [undefined] : differences).map((difference, index) => (
        <tr key={difference?.field ?? 'all'}>
          {index === 0 && (
            <th scope="rowgroup" rowSpan={Math.max(differences.length, 1)}>
              <bdi>
                {region}/{id}
              </bdi>
              {step.kind === 'create' && <span class="new-mark">New</span>}
            </th>
          )}
          <td>{difference ? fieldWords[difference.field] : ''}</td>
          <td class="before">
            <bdi>{difference?.before ?? ''}</bdi>
          </td>
          <td>
            <bdi>{difference?.after ?? ''}</bdi>
          </td>
        </tr>
      ))}
    </tbody>
  );
}

async function send(file: string, plan: Plan, stage: Signal<Stage>): Promise<void> {
  const registry = pageRegistry.peek();
  if (registry === undefined) return;
  const all = plan.steps.length;
  let done = 0;
  stage.value = { name: 'sending', file, done, all };
  const result = await carryOut(plan, registry, () => {
    done += 1;
    stage.value = { name: 'sending', file, done, all };
  });
  stage.value = { name: 'done', file, result };
  const regions = new Set(plan.steps.map(({ record }) => record.region));
  for (const region of regions) await knownRegion(region).read();
}

interface ResultProps {
  readonly file: string;
  readonly result: Imported;
  readonly onAgain: () => void;
}

function Result({ file, result, onAgain }: ResultProps) {
  const { created, changed, unchanged, failures } = result;
  return (
    <>
      <p role="status">
        <bdi>{file}</bdi>: {numberText(created)} created, {numberText(changed)} changed,{' '}
        {numberText(unchanged)} unchanged, {numberText(failures.length)} failed.
      </p>
      {failures.length > 0 && <Faults faults={failures} />}
      <button type="button" class="button" onClick={onAgain}>
        Import another file
      </button>
    </>
  );
}
