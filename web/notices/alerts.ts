import { oneOf } from '../look';
import type { Notice } from './notices';

export const alertWays = ['sound', 'desktop'] as const;
export type AlertWay = (typeof alertWays)[number];

/** What somebody wants to be called for: a facility, a region, or, without either, everything. */
export interface Alert {
  readonly way: AlertWay;
  readonly region?: string;
  readonly facility?: string;
}

export type AlertPlace = Omit<Alert, 'way'>;

export const isSameAlert = (one: Alert, other: Alert): boolean =>
  one.way === other.way && one.region === other.region && one.facility === other.facility;

/** With it, or without it if it was there. */
export const toggled = (alerts: readonly Alert[], alert: Alert): readonly Alert[] =>
  alerts.some((known) => isSameAlert(known, alert))
    ? alerts.filter((known) => !isSameAlert(known, alert))
    : [...alerts, alert];

/** Whether somebody is to be called for a notice. Only for what goes offline, and never for what is in maintenance. */
export const calls = (alerts: readonly Alert[], way: AlertWay, notice: Notice): boolean =>
  !notice.isQuiet &&
  notice.status === 'offline' &&
  alerts.some(
    (alert) =>
      alert.way === way &&
      (alert.region === undefined || alert.region === notice.region) &&
      (alert.facility === undefined || notice.latest.includes(alert.facility)),
  );

/** Reads what was kept; whatever is no alert is left out. */
export function alertsOf(text: string | null): readonly Alert[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.flatMap(alertOf) : [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

function alertOf(kept: unknown): readonly Alert[] {
  if (typeof kept !== 'object' || kept === null) return [];
  const { way, region, facility } = kept as Record<string, unknown>;
  const known = oneOf(alertWays, typeof way === 'string' ? way : null);
  if (known === undefined) return [];
  return [
    {
      way: known,
      ...(typeof region === 'string' && { region }),
      ...(typeof region === 'string' && typeof facility === 'string' && { facility }),
    },
  ];
}
