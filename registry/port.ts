import { RollcallError } from '../core/errors';
import type { FacilityRegistry } from '../core/registry';

/** The registry said no, or nothing; the message says why. */
export class ApiRefused extends RollcallError {
  constructor(
    message: string,
    /** 0 where there was no answer. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** The registry as those who import and move see it; whoever implements it tries again what may pass. */
export interface Registry {
  /**
   * What it says of each facility of a region, in the order of their ids.
   * @throws ApiRefused
   */
  registry(region: string): Promise<ReadonlyMap<string, FacilityRegistry>>;
  /** @throws ApiRefused */
  put(region: string, id: string, registry: FacilityRegistry): Promise<void>;
  /** @throws ApiRefused */
  remove(region: string, id: string): Promise<void>;
}
