import type { IDToken } from 'oauth4webapi';
import { allows, allowsAll, parseRights, type Rights, reaches } from '../../core/rights';
import { FieldRefused } from '../../core/shape';
import { type Session, session } from './session';

const none: Rights = parseRights(undefined);
const mine = (): Rights => (session.value.state === 'signed-in' ? session.value.rights : none);

/** Whether the operator may change anything in a region. */
export const mayManageIn = (region: string): boolean => reaches(mine().manage, region);

/** Whether they may change what the registry says of the region as a whole. */
export const mayManageRegion = (region: string): boolean => allowsAll(mine().manage, region);

export const mayManage = (region: string, facility: string): boolean =>
  allows(mine().manage, region, facility);

/** What a token says of its holder. Only for what the page offers: the server looks for itself. */
export function sessionOf(claims: IDToken, rightsClaim = 'rollcall'): Session {
  return { state: 'signed-in', who: nameIn(claims), rights: rightsIn(claims[rightsClaim]) };
}

function nameIn({ name, email, sub }: IDToken): string {
  const said = [name, email].find((text) => typeof text === 'string' && text !== '');
  return String(said ?? sub);
}

/** A claim that the server would not take grants nothing here either. */
function rightsIn(claim: unknown): Rights {
  try {
    return parseRights(claim);
  } catch (error) {
    if (error instanceof FieldRefused) return none;
    throw error;
  }
}
