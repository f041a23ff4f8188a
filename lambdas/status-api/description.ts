import type { HttpResult } from '../http';
import description from './openapi.json';

/** The API in OpenAPI, made of docs/openapi.yaml by `npm run openapi`; it says nothing of any deployment's data. */
export const descriptionResult: HttpResult = {
  statusCode: 200,
  // Shorter than anybody waits after a deployment to see what it brought.
  headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  body: JSON.stringify(description),
};
