import { StateMark } from '../icons';
import { plainLook } from '../look';
import { memo } from '../memo';
import type { ShownRegion } from '../truth';
import { hashOf } from '../view';
import { numberText, stateWords, totalsText } from '../words';

/** One region: its state, how much of it is online, and the way to those that are not. */
export const RegionRow = memo(({ region: shown }: { readonly region: ShownRegion }) => {
  const { region, name, totals } = shown;
  const { state, offline, online, facilities } = totals;
  const to = (status?: 'offline'): string =>
    hashOf({ name: 'region', region, look: { ...plainLook, status } });
  return (
    <li class="region" data-region={region} data-state={state}>
      <a class="region-name" href={to()}>
        <StateMark state={state} />
        <bdi>{name}</bdi>
      </a>
      <span class="region-state">{stateWords[state]}</span>
      <Share online={online} facilities={facilities} />
      <span class="region-totals">{totalsText(totals)}</span>
      {offline > 0 ? (
        <a class="region-offline" href={to('offline')} aria-label={`${offline} offline in ${name}`}>
          {numberText(offline)} offline
        </a>
      ) : (
        <span class="region-offline" />
      )}
    </li>
  );
});

/** The bar says what the words beside it say. */
function Share({ online, facilities }: { readonly online: number; readonly facilities: number }) {
  const share = facilities === 0 ? 0 : (100 * online) / facilities;
  return (
    <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="share-all" data-empty={facilities === 0} width="100" height="6" />
      <rect class="share-online" width={share} height="6" />
    </svg>
  );
}
