import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '../../local/child-program';

test('a free port can be listened on, and is none that systems give to whoever names none', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  for (const port of ports) expect(port).toBeLessThan(32_768);
  const server = createServer().listen(ports[0], '127.0.0.1');
  await once(server, 'listening');
  server.close();
});
