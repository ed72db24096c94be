/**
 * Whether a WebSocket comes from our own pages, or from no page at all. A browser lets pages from anywhere open one, and
 * sends the cookies of the same site with it.
 */
export function isOurs(origin: string | undefined, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!origin) return true;
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === host || (publicUrl !== undefined && origin === new URL(publicUrl).origin);
}
