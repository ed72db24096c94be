import stopPostgres from '../support/global-teardown.mjs';

export default async function globalTeardown() {
  await Promise.all([globalThis.plumblineMariaDb?.stop(), stopPostgres()]);
}
