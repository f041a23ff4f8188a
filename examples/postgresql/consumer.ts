import { Pool } from 'pg';
import { createTables } from './facility-table';
import { createConsumer } from './server';

const { DATABASE_URL, ROLLCALL_KEY, PORT = '8790' } = process.env;

async function main(): Promise<void> {
  if (!DATABASE_URL || !ROLLCALL_KEY) throw new Error('Set DATABASE_URL and ROLLCALL_KEY.');
  const pool = new Pool({ connectionString: DATABASE_URL, max: 10, connectionTimeoutMillis: 5_000 });
  // A connection that breaks while nobody uses it; the pool opens another one.
  pool.on('error', (error) => console.error('A connection to PostgreSQL ended', error));
  await createTables(pool);
  const server = createConsumer(pool, ROLLCALL_KEY);
  server.listen(Number(PORT), () => console.log(`Listening for events on port ${PORT}`));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
