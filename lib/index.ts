/** What an app of one's own imports: the construct, its stack, and what their props are made of. */
export { ConfigurationRefused } from '../core/errors';
export type { Limits } from '../core/limits';
export type { Timings } from '../core/timings';
export type { RollcallDomain } from './domain';
export { type Environment, environmentStack } from './environment';
export { Firewall } from './firewall';
export { type TokenAccess, Users } from './identity';
export type { BuildPage } from './operators-page';
export type { Quotas } from './quotas';
export { Rollcall, type StatusEvent } from './rollcall';
export type { RollcallProps } from './rollcall-props';
export { RollcallStack, type RollcallStackProps } from './rollcall-stack';
export type {
  FirewallOptions,
  RollcallOptions,
  Settings,
  StatusDestinationOptions,
  TokenIssuer,
} from './settings';
export { type Stage, stages } from './stage';
