import { signal, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { Icon } from '../icons';
import type { Doing } from './doing';
import { Outcome } from './fields';

interface PanelProps {
  readonly region: string | undefined;
  readonly onClose: () => void;
}

/** The import, with all that it needs to read files, is loaded when somebody wants it. */
const importPanel = signal<ComponentType<PanelProps> | undefined>(undefined);

const closed: Doing = { state: 'idle' };
const failed: Doing = { state: 'failed', words: 'The import could not be loaded. Try again.' };

export function ImportButton({ region }: { readonly region: string | undefined }) {
  const opening = useSignal<Doing>(closed);
  const isOpen = opening.value.state === 'doing';
  const Panel = importPanel.value;
  if (isOpen && Panel !== undefined) {
    return (
      <Panel
        region={region}
        onClose={() => {
          opening.value = closed;
        }}
      />
    );
  }
  const open = async (): Promise<void> => {
    opening.value = { state: 'doing' };
    try {
      importPanel.value = (await import('./import-panel')).default;
    } catch (error) {
      console.warn('Rollcall: the import could not be loaded:', error);
      opening.value = failed;
    }
  };
  return (
    <div class="form-end">
      <button type="button" class="button" disabled={isOpen} onClick={() => void open()}>
        <Icon name="download" />
        Import a file…
      </button>
      {!isOpen && <Outcome doing={opening.value} />}
    </div>
  );
}
