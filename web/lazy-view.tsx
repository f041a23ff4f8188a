import { type Signal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { View } from './view';
import { type Chunk, chunks, type LazyName } from './views';

/** Undefined while it is on its way. */
type Part = Signal<ComponentType<{ readonly view: View }> | 'failed' | undefined>;

const parts = new Map<Chunk, Part>();
const tryAgainMs = 5_000;

interface LazyProps {
  readonly chunk: Chunk;
  readonly view: View;
}

/** A part of the page that is loaded when it is shown for the first time, or before, by {@link preload}. */
export function Lazy({ chunk, view }: LazyProps) {
  const Loaded = partOf(chunk).value;
  if (Loaded === undefined) return <p class="hint">Loading…</p>;
  if (Loaded === 'failed') return <NotLoaded />;
  return <Loaded view={view} />;
}

/** Some browsers remember for as long as a page is open that a module could not be loaded (whatwg/html#6768). */
const NotLoaded = () => (
  <p class="hint">
    This could not be loaded. It is tried again; if that does not help,{' '}
    <button type="button" class="link-button" onClick={() => location.reload()}>
      reload the page
    </button>
    .
  </p>
);

export const LazyView = ({ view }: { readonly view: Exclude<View, { readonly name: 'overview' }> }) => (
  <Lazy chunk={chunks[view.name] as Chunk} view={view} />
);

/** Loads a view before anybody opens it: a link that is lost meanwhile must not keep it closed. */
export const preload = (name: LazyName): void => void partOf(chunks[name] as Chunk);

function partOf(chunk: Chunk): Part {
  const known = parts.get(chunk);
  if (known !== undefined) return known;
  const part: Part = signal(undefined);
  parts.set(chunk, part);
  void load(chunk, part);
  return part;
}

async function load(chunk: Chunk, part: Part): Promise<void> {
  try {
    const [module] = await Promise.all([chunk.code(), loadStyles(chunk.styles)]);
    part.value = module.default;
  } catch (error) {
    console.warn('Rollcall: trying again after', error);
    part.value = 'failed';
    setTimeout(() => void load(chunk, part), tryAgainMs);
  }
}

function loadStyles(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = file;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(`${file} could not be loaded`));
    };
    document.head.append(link);
  });
}
