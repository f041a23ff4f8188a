import type { ComponentType } from 'preact';
import type { View, ViewName, ViewOf } from './view';

/** All but the overview, which comes with the page. */
export type LazyName = Exclude<ViewName, 'overview'>;

/** A part of the page that is loaded when it is opened. */
export interface Chunk<Shown extends View = View> {
  /** A literal `import()`, by which the bundler finds the file; its default export is the view. */
  readonly code: () => Promise<{ readonly default: ComponentType<{ readonly view: Shown }> }>;
  /** Its style sheet, which {@link styleSheets} of the build writes beside the page. */
  readonly styles: string;
}

/** To add a view: a name in `view.ts`, a line here, and its style sheet in `build.ts`. */
export const chunks: { readonly [Name in LazyName]: Chunk<ViewOf<Name>> } = {
  region: { code: () => import('./region/region-view'), styles: 'region.css' },
  facility: { code: () => import('./facility/facility-view'), styles: 'facility.css' },
  registry: { code: () => import('./registry/registry-view'), styles: 'registry.css' },
  tv: { code: () => import('./tv/tv-view'), styles: 'tv.css' },
};

/** What is no view, but opened beside one. */
export const noticesChunk: Chunk = { code: () => import('./notices/notices-panel'), styles: 'notices.css' };
