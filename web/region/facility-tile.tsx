import { Flash } from '../flash';
import { StateMark } from '../icons';
import { isInMaintenance } from '../maintenance';
import { memo } from '../memo';
import { steppedNowMs } from '../page-state';
import { shortLengthText } from '../times';
import { hashOf, spans } from '../view';
import { reasonText, statusWords } from '../words';
import type { Row } from './rows';

interface FacilityTileProps {
  readonly row: Row;
  readonly isActive: boolean;
  readonly flash: number | undefined;
}

export const FacilityTile = ({ row, ...rest }: FacilityTileProps) => (
  <SteadyTile region={row.region} facility={row.facility} {...rest} />
);

type SteadyTileProps = Omit<FacilityTileProps, 'row'> & Pick<Row, 'region' | 'facility'>;

/** A facility where hundreds of them are looked at: its mark, its name, and since when it is offline. */
const SteadyTile = memo(({ region, facility, isActive, flash }: SteadyTileProps) => {
  const { id, name, status, reason } = facility;
  return (
    <span
      class="tile facility"
      role="listitem"
      data-stop={`${region} ${id}`}
      data-facility={id}
      data-status={status}
      data-flapping={facility.flapping}
    >
      <a
        href={hashOf({ name: 'facility', region, facility: id, span: spans[0] })}
        tabIndex={isActive ? 0 : -1}
      >
        <StateMark state={status} />
        <span class="tile-name">
          <bdi>{name}</bdi>
        </span>
        <span class="unseen">
          {statusWords[status]} {reasonText(status, reason)}
        </span>
        <TileNote row={facility} />
      </a>
      <Flash count={flash} />
    </span>
  );
});

function TileNote({ row: facility }: { readonly row: Row['facility'] }) {
  const nowMs = steppedNowMs.value;
  if (facility.status === 'online') return null;
  if (isInMaintenance(facility, nowMs)) return <span class="tile-note">maint.</span>;
  return <span class="tile-note">{shortLengthText(nowMs - Date.parse(facility.since))}</span>;
}
