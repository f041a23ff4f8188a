import { unreachable } from '../../core/errors';
import { isFacilityId, isRegionId } from '../../core/ids';
import { RequestRefused } from '../../core/problem';
import { type Identity, reaches } from '../../core/rights';
import { FieldRefused } from '../../core/shape';
import { answering, bearerToken, type HttpEvent, jsonResult } from '../http';
import { changesSince, type Since } from './changes';
import { routes } from './contract';
import type { ApiPorts } from './ports';
import { listRegions } from './regions';
import { snapshotOf } from './snapshot';
import { sellTicket } from './tickets';

type Route = (typeof routes)[number];

/** Serves the HTTP API: each route asks first who calls and what they may see. */
export const createApi = (ports: ApiPorts) =>
  answering(ports.log, async (event: HttpEvent) => {
    const identity = await ports.verifier.verify(bearerToken(event));
    return jsonResult(200, await answer(routeOf(event), event, identity, ports));
  });

async function answer(route: Route, event: HttpEvent, identity: Identity, ports: ApiPorts): Promise<object> {
  const { watch } = identity.rights;
  switch (route) {
    case 'GET /v1/regions':
      return await listRegions(watch, ports.regions);
    case 'GET /v1/regions/{region}':
      return await snapshotOf(regionOf(event, identity), watch, pageOf(event), ports.regions);
    case 'GET /v1/regions/{region}/changes':
      return await changesSince(regionOf(event, identity), watch, sinceOf(event), ports.regions);
    case 'POST /v1/tickets':
      return await sellTicket(identity, ports);
    default:
      return unreachable(route);
  }
}

function routeOf({ routeKey }: HttpEvent): Route {
  const route = routes.find((known) => known === routeKey);
  if (route === undefined) throw new RequestRefused('not-found', 'There is no such route.');
  return route;
}

/** A region that may not be watched answers like one that does not exist (AC2). */
function regionOf({ pathParameters }: HttpEvent, { rights }: Identity): string {
  const region = pathParameters?.region ?? '';
  if (!isRegionId(region) || !reaches(rights.watch, region)) {
    throw new RequestRefused('not-found', 'There is no such region for this token.', 'region');
  }
  return region;
}

function pageOf({ queryStringParameters }: HttpEvent): string | undefined {
  const page = queryStringParameters?.page;
  if (page !== undefined && !isFacilityId(page)) throw new FieldRefused('page', 'the `next` of a snapshot');
  return page;
}

function sinceOf({ queryStringParameters }: HttpEvent): Since {
  const { since, epoch } = queryStringParameters ?? {};
  if (since === undefined || !/^\d{1,15}$/.test(since)) throw new FieldRefused('since', 'a seq, 0 or more');
  return { seq: Number(since), ...(epoch !== undefined && { epoch }) };
}
