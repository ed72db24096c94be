import { InvalidInput } from '#kernel';

/**
 * An address that a person gave for us to post to. Addresses in the institution's own network are what most of these are, so
 * they are allowed: only administrators give them, and nothing but a status and a short answer comes back.
 *
 * @param example to be shown when it is wrong.
 * @throws {InvalidInput}
 */
export function checkedAddress(text: string, example: string, path: readonly string[] = ['url']): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || text.length > 2_000)
    throw new InvalidInput(`Give the whole address, for instance ${example}.`, [], path);
  if (url.username !== '' || url.password !== '')
    throw new InvalidInput('Give secrets by themselves: an address is shown to everybody.', [], path);
  return url.href;
}
