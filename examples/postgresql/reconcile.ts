import { Client } from 'pg';
import { createTables } from './facility-table';
import { reconcile } from './snapshot';

const { DATABASE_URL, ROLLCALL_API, ROLLCALL_TOKEN } = process.env;

async function main(regions: readonly string[]): Promise<void> {
  if (!DATABASE_URL || !ROLLCALL_API || !ROLLCALL_TOKEN || regions.length === 0) {
    throw new Error('Set DATABASE_URL, ROLLCALL_API and ROLLCALL_TOKEN, and name the regions.');
  }
  const client = new Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    await createTables(client);
    const source = { apiUrl: ROLLCALL_API, token: ROLLCALL_TOKEN };
    for (const region of regions) {
      console.log(`${region}: ${await reconcile(client, region, source)} rows brought up to date`);
    }
  } finally {
    await client.end();
  }
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
