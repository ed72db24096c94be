/** The OpenLineage namespace of a server. Host names do not differ by case; the colons of IPv6 need brackets. */
export function namespaceOf(host: string, port: number): string {
  const name = host.toLowerCase();
  return `mysql://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`;
}
