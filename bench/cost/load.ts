import { completed, type Rule } from '../../core/configuration';

/** What a deployment has to bear, apart from how it is set up. */
export interface Load {
  /** Sessions that are live at the same time. */
  readonly sessions: number;
  /** Sessions that cover each facility. */
  readonly perFacility: number;
  readonly regions: number;
  /** How long a session lasts, until another one takes its place. */
  readonly sessionHours: number;
  /** Of a day there are sessions for so long; in the rest of it nobody beats. */
  readonly hoursADay: number;
  /** Share of the sessions that end without a goodbye. */
  readonly silentShare: number;
  /** Operators' sockets that are open at the same time, each subscribed to one region. */
  readonly operators: number;
}

/** A million front ends in facilities, reloaded once a day, and an operator for every second region. */
export const defaultLoad: Load = {
  sessions: 1_000_000,
  perFacility: 10,
  regions: 1_000,
  sessionHours: 24,
  hoursADay: 24,
  silentShare: 0.05,
  operators: 500,
};

const atLeast = (name: keyof Load, least: number): Rule<Load> => ({
  holds: ({ [name]: value }) => Number.isFinite(value) && value >= least,
  sentence: ({ [name]: value }) => `${name} is ${value}; set it to ${least} or more.`,
});

const rules: readonly Rule<Load>[] = [
  atLeast('sessions', 1),
  atLeast('perFacility', 1),
  atLeast('regions', 1),
  atLeast('sessionHours', 0.01),
  atLeast('silentShare', 0),
  atLeast('operators', 0),
  atLeast('hoursADay', 0.01),
  {
    holds: ({ hoursADay }) => hoursADay <= 24,
    sentence: ({ hoursADay }) => `hoursADay is ${hoursADay}; set it to 24 or less.`,
  },
  {
    holds: ({ sessionHours, hoursADay }) => hoursADay === 24 || sessionHours <= hoursADay,
    sentence: ({ sessionHours, hoursADay }) =>
      `Sessions last ${sessionHours} h, but there are some for ${hoursADay} h of a day only; lower sessionHours to ${hoursADay}.`,
  },
  {
    holds: ({ silentShare }) => silentShare <= 1,
    sentence: ({ silentShare }) => `silentShare is ${silentShare}; set it to 1 or less.`,
  },
  {
    holds: ({ sessions, perFacility, regions }) => sessions / perFacility >= regions,
    sentence: ({ sessions, perFacility, regions }) =>
      `There are ${regions} regions but ${Math.floor(sessions / perFacility)} facilities; lower --regions or --per-facility.`,
  },
];

/**
 * Completes a load with the defaults.
 * @throws ConfigurationRefused with one sentence per number that cannot be
 */
export const loadFrom = (given: Partial<Load> = {}): Load =>
  completed({ noun: 'load', defaults: defaultLoad, rules }, given);

/** The same when nobody beats but one session of each region, so that all of them are there. */
export const quietLoad = ({ regions, operators }: Load): Load =>
  loadFrom({ sessions: regions, perFacility: 1, regions, operators, sessionHours: 720 });

export const facilitiesOf = ({ sessions, perFacility }: Load): number => Math.round(sessions / perFacility);
