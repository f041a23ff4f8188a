import { signal } from '@preact/signals';
import { Icon } from '../icons';
import { view } from '../navigation';
import { shownRegion } from '../page-state';
import { type Alert, type AlertPlace, type AlertWay, alertWays, isSameAlert, toggled } from './alerts';
import { askForDesktop, playSound } from './calling';
import { alerts } from './news';

const wayWords: Readonly<Record<AlertWay, string>> = { sound: 'Sound', desktop: 'Desktop' };
/** Why a choice did not work. */
const refusal = signal('');

/** What the operator wants to be called for, beginning with what is looked at. */
export function AlertChoice() {
  const elsewhere = alerts.value.filter((alert) => !places().some((place) => isSamePlace(place, alert)));
  return (
    <div class="alert-choice">
      <h3>Call me when something goes offline</h3>
      <p class="quiet">Not for what is in maintenance. Kept in this browser.</p>
      {places().map((place) => (
        <AlertRow key={placeName(place)} place={place} />
      ))}
      {elsewhere.map((alert) => (
        <p key={`${alert.way} ${placeName(alert)}`} class="alert-row">
          <span>
            {wayWords[alert.way]}: <bdi>{placeName(alert)}</bdi>
          </span>
          <button type="button" class="link-button" onClick={() => toggle(alert)}>
            Remove
          </button>
        </p>
      ))}
      <p role="status">{refusal}</p>
    </div>
  );
}

const isSamePlace = (one: AlertPlace, other: AlertPlace): boolean =>
  one.region === other.region && one.facility === other.facility;

/** Everything, the region that is looked at, and the facility. */
function places(): readonly AlertPlace[] {
  const now = view.value;
  if (now.name === 'facility')
    return [{ region: now.region, facility: now.facility }, { region: now.region }, {}];
  if (now.name === 'region' && now.region !== undefined) return [{ region: now.region }, {}];
  return [{}];
}

function placeName({ region, facility }: AlertPlace): string {
  if (region === undefined) return 'Everywhere';
  const { name, facilities } = shownRegion(region) ?? { name: region };
  return facility === undefined ? name : `${facilities?.get(facility)?.name ?? facility}, ${name}`;
}

function AlertRow({ place }: { readonly place: AlertPlace }) {
  return (
    <fieldset class="alert-row">
      <legend>
        <bdi>{placeName(place)}</bdi>
      </legend>
      {alertWays.map((way) => {
        const alert = { way, ...place };
        const isOn = alerts.value.some((known) => isSameAlert(known, alert));
        return (
          <label key={way}>
            <input type="checkbox" checked={isOn} onChange={() => void choose(alert, isOn)} />
            <Icon name={way === 'sound' ? 'sound' : 'bell'} /> {wayWords[way]}
          </label>
        );
      })}
    </fieldset>
  );
}

const toggle = (alert: Alert): void => {
  alerts.value = toggled(alerts.peek(), alert);
};

/** Asks the browser first, and lets the operator hear what it will sound like. */
async function choose(alert: Alert, wasOn: boolean): Promise<void> {
  refusal.value = '';
  toggle(alert);
  if (wasOn) return;
  if (alert.way === 'sound') await playSound();
  else if (!(await askForDesktop())) {
    toggle(alert);
    refusal.value = 'This browser does not let the page show notifications.';
  }
}
