import { Flash } from '../flash';
import { Icon, StateMark } from '../icons';
import { isInMaintenance } from '../maintenance';
import { memo } from '../memo';
import { steppedNowMs } from '../page-state';
import { Moment } from '../time';
import { agoText } from '../times';
import { hashOf, spans } from '../view';
import type { FacilityState } from '../wire';
import { counted, markWords, reasonText, statusWords } from '../words';
import type { Row } from './rows';

interface FacilityRowProps {
  readonly row: Row;
  readonly index: number;
  readonly isActive: boolean;
  readonly flash: number | undefined;
  readonly withRegion: boolean;
}

/** Ages are told by what is drawn inside, so that the row itself need not be drawn again for them. */
export function FacilityRow({ row, ...rest }: FacilityRowProps) {
  const { region, regionName, facility } = row;
  return <SteadyRow region={region} regionName={regionName} facility={facility} {...rest} />;
}

type SteadyRowProps = Omit<FacilityRowProps, 'row'> & Omit<Row, 'key'>;

const SteadyRow = memo(
  ({ region, regionName, facility, index, isActive, flash, withRegion }: SteadyRowProps) => {
    const { id, name, status, reason, sessions, users } = facility;
    const why = reasonText(status, reason);
    return (
      <div
        class="line facility"
        role="row"
        aria-rowindex={index + 2}
        data-stop={`${region} ${id}`}
        data-facility={id}
        data-status={status}
        style={{ '--index': index }}
      >
        <span class="facility-status" role="cell">
          <StateMark state={status} />
          <span>
            {statusWords[status]} {why !== '' && <span class="facility-why">{why}</span>}
          </span>
        </span>
        <span class="facility-name" role="rowheader">
          <a
            href={hashOf({ name: 'facility', region, facility: id, span: spans[0] })}
            tabIndex={isActive ? 0 : -1}
          >
            <bdi>{name}</bdi>
          </a>
          {withRegion && <span class="facility-region">{regionName}</span>}
          <Marks facility={facility} />
        </span>
        <span class="facility-sessions" role="cell">
          {status === 'online' && `${counted(sessions, 'session')} · ${counted(users, 'user')}`}
        </span>
        <Since since={facility.since} />
        <Flash count={flash} />
      </div>
    );
  },
);

function Marks({ facility }: { readonly facility: FacilityState }) {
  const inMaintenance = isInMaintenance(facility, steppedNowMs.value);
  return (
    <>
      {inMaintenance && (
        <span class="badge" data-badge="maintenance">
          <Icon name="maintenance" /> {markWords.maintenance}
        </span>
      )}
      {facility.flapping && (
        <span class="badge" data-badge="flapping">
          <Icon name="flapping" /> {markWords.flapping}
        </span>
      )}
    </>
  );
}

function Since({ since }: { readonly since: string }) {
  const sinceMs = Date.parse(since);
  return (
    <span class="facility-since" role="cell">
      <span class="facility-age">{agoText(sinceMs, steppedNowMs.value)}</span>
      <Moment atMs={sinceMs} brief />
    </span>
  );
}
