import type { FacilityWatch } from '../client';
import type { Api } from './api';

/** What a view may ask for besides what the page watches anyway. */
export interface Connection {
  readonly api: Api;
  /** Who is present in a facility, over the page's own socket; whoever asks also closes it. */
  readonly watchFacility: (topic: { readonly region: string; readonly facility: string }) => FacilityWatch;
}
