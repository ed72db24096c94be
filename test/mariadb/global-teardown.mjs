import catalogTeardown from '../support/global-teardown.mjs';

export default async function globalTeardown() {
  await globalThis.plumblineMariaDb?.stop();
  await catalogTeardown();
}
