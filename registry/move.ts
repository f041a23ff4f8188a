import { RollcallError } from '../core/errors';
import { sameRegistry } from '../core/registry';
import { ApiRefused, type Registry } from './port';

/** The facility cannot be moved; the message says why, and nothing was changed. */
export class MoveRefused extends RollcallError {}

/**
 * Takes what the registry says of a facility to another region. It is put there before it is removed here: cut off in
 * between it is in both, and the same call goes on.
 */
export async function moveFacility(from: string, id: string, to: string, api: Registry): Promise<void> {
  const registry = (await api.registry(from)).get(id);
  if (registry === undefined) throw new MoveRefused(`There is no ${from}/${id} for this token.`);
  const there = (await api.registry(to)).get(id);
  if (there !== undefined && !sameRegistry(there, registry)) {
    throw new MoveRefused(`There is another ${to}/${id} already.`);
  }
  await api.put(to, id, registry);
  try {
    await api.remove(from, id);
  } catch (error) {
    // It was there a moment ago: an answer was lost, or somebody else removed it too.
    if (!(error instanceof ApiRefused && error.status === 404)) throw error;
  }
}
