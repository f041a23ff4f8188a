import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '..');

/** What the description in YAML is as JSON, so that no function carries a parser of YAML. */
export const openapiJson = (): string =>
  `${JSON.stringify(parse(readFileSync(join(root, 'docs/openapi.yaml'), 'utf8')), null, 2)}\n`;

/** Where status-api takes it from. */
export const openapiFile = join(root, 'lambdas/status-api/openapi.json');

if (require.main === module) writeFileSync(openapiFile, openapiJson());
