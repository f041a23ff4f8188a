import { inMaintenance } from '../core/maintenance';
import type { FacilityState } from './wire';

/** Whether a facility is not to be missed at an instant. */
export const isInMaintenance = ({ maintenanceWindows }: FacilityState, nowMs: number): boolean =>
  maintenanceWindows !== undefined && inMaintenance(maintenanceWindows, nowMs);
