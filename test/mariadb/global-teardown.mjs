export default async function globalTeardown() {
  await globalThis.plumblineMariaDb?.stop();
}
