import { unreachable } from '../../core/errors';
import { RequestRefused } from '../../core/problem';
import type { Identity } from '../../core/rights';
import { answering, bearerToken, type HttpEvent, type HttpResult, jsonResult } from '../http';
import { changesSince } from './changes';
import { routes } from './contract';
import { descriptionResult } from './description';
import { facilityOf } from './facility';
import { historyOf } from './history';
import type { ApiPorts } from './ports';
import { facilityIdOf, membersOf, pageOf, regionOf, sinceOf, userIn, windowOf } from './queries';
import { listRegions } from './regions';
import { deleteFacility, putFacility, putRegion } from './registry';
import { listRegistry } from './registry-list';
import { putAttributes } from './session';
import { snapshotOf } from './snapshot';
import { sellTicket } from './tickets';
import { facilitiesOfUser } from './user';

type Route = (typeof routes)[number];

/** What is asked for without a token. */
const openRoute = 'GET /v1/openapi.json' satisfies Route;
type ClosedRoute = Exclude<Route, typeof openRoute>;
const closedRoutes = routes.filter((route): route is ClosedRoute => route !== openRoute);

/** Serves the HTTP API: each route but that of its description asks first who calls and what they may see. */
export const createApi = (ports: ApiPorts) =>
  answering(ports.log, async (event: HttpEvent) => {
    if (event.routeKey === openRoute) return descriptionResult;
    const identity = await ports.verifier.verify(bearerToken(event));
    const body = await answer(routeOf(event), event, identity, ports);
    return body === undefined ? noContent : jsonResult(200, body);
  });

const noContent: HttpResult = { statusCode: 204, headers: { 'cache-control': 'no-store' } };

/** `undefined` where there is nothing to answer but that it was done. */
async function answer(
  route: ClosedRoute,
  event: HttpEvent,
  identity: Identity,
  ports: ApiPorts,
): Promise<object | undefined> {
  const { watch } = identity.rights;
  switch (route) {
    case 'GET /v1/regions':
      return await listRegions(watch, ports);
    case 'GET /v1/regions/{region}':
      return await snapshotOf(regionOf(event, identity), watch, pageOf(event), ports);
    case 'GET /v1/regions/{region}/changes':
      return await changesSince(regionOf(event, identity), watch, sinceOf(event), ports);
    case 'GET /v1/regions/{region}/facility': {
      const region = regionOf(event, identity);
      return await facilityOf(
        region,
        facilityIdOf(event, region, identity),
        membersOf(event, identity),
        ports,
      );
    }
    case 'GET /v1/regions/{region}/facility/history': {
      const region = regionOf(event, identity);
      const id = facilityIdOf(event, region, identity);
      return await historyOf(region, id, windowOf(event, ports.clock.now()), ports);
    }
    case 'GET /v1/regions/{region}/registry':
      return await listRegistry(event, identity, ports);
    case 'PUT /v1/regions/{region}':
      return await putRegion(event, identity, ports);
    case 'PUT /v1/regions/{region}/facility':
      return await putFacility(event, identity, ports);
    case 'DELETE /v1/regions/{region}/facility':
      await deleteFacility(event, identity, ports);
      return undefined;
    case 'PUT /v1/regions/{region}/session':
      return await putAttributes(event, identity, ports);
    case 'GET /v1/user/facilities':
      return await facilitiesOfUser(userIn(event, identity), watch, ports);
    case 'POST /v1/tickets':
      return await sellTicket(identity, ports);
    default:
      return unreachable(route);
  }
}

function routeOf({ routeKey }: HttpEvent): ClosedRoute {
  const route = closedRoutes.find((known) => known === routeKey);
  if (route === undefined) throw new RequestRefused('not-found', 'There is no such route.');
  return route;
}
