import { useId } from 'preact/hooks';
import type { Doing } from './doing';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly fault?: string | undefined;
  readonly hint?: string;
  readonly type?: 'text' | 'datetime-local';
  readonly list?: string;
  readonly maxLength?: number;
  readonly onInput: (value: string) => void;
}

/** A line of text with its label above it; what is wrong with it is read out with it. */
export function Field({ label, value, fault, hint, type = 'text', list, maxLength, onInput }: FieldProps) {
  const id = useId();
  const about = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="field"
        type={type}
        dir={type === 'text' ? 'auto' : undefined}
        list={list}
        maxLength={maxLength}
        autocomplete="off"
        value={value}
        aria-invalid={fault !== undefined}
        aria-describedby={about === '' ? undefined : about}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {hint && (
        <span id={`${id}-hint`} class="form-hint">
          {hint}
        </span>
      )}
      {fault && (
        <span id={`${id}-fault`} class="form-fault">
          {fault}
        </span>
      )}
    </div>
  );
}

/** What became of the last request of a form. */
export function Outcome({ doing }: { readonly doing: Doing }) {
  switch (doing.state) {
    case 'idle':
      return null;
    case 'doing':
      return <span class="form-outcome">Saving…</span>;
    case 'done':
      return <span class="form-outcome">{doing.words}</span>;
    case 'failed':
      return (
        <span class="form-outcome form-fault" role="alert">
          {doing.words}
        </span>
      );
  }
}
