import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const { server, dataDir } = globalThis.plumblineTestServer;
  await server.stop('immediate');
  rmSync(dataDir, { recursive: true, force: true });
}
