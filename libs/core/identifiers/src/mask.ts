import { type IdentifierFormat } from './identifier.js';

/** What is shown for a value that has no shape of its own to show. */
const HIDDEN = '***';

const stars = (count: number) => '*'.repeat(Math.max(0, count));

/** The first character, and a star for each other one: 张三 is 张*. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  if (characters.length === 0) return '';
  // A single character would be the whole name; a long name would be told by its length.
  return characters.length === 1 ? '*' : `${characters[0]}${stars(Math.min(characters.length - 1, 8))}`;
}

const ends = (text: string, head: number, tail: number): string => {
  const characters = [...text];
  if (characters.length < head + tail + 2) return HIDDEN;
  return characters.slice(0, head).join('') + stars(characters.length - head - tail) + characters.slice(-tail).join('');
};

/**
 * What people who may not see an identifier are shown of it: 138****5678, 110101********8888. One that is malformed
 * shows no more than a right one would.
 */
export function maskIdentifier(format: IdentifierFormat, text: string): string {
  switch (format) {
    case 'mobile':
      return ends(text.trim(), 3, 4);
    case 'resident_id':
    case 'uscc':
    case 'bank_card':
      return ends(text.trim(), 6, 4);
    case 'lei':
    case 'iban':
      return ends(text.trim(), 4, 4);
    case 'email': {
      const [local = '', domain] = text.trim().split(/@(?=[^@]*$)/);
      return domain === undefined ? HIDDEN : `${[...local][0] ?? ''}***@${domain}`;
    }
    default:
      return format satisfies never;
  }
}

/** What is shown of any value to people who may not see it: identifiers and texts by their rule, the rest not at all. */
export function maskValue(kind: { readonly format: IdentifierFormat | null; readonly isText: boolean }, text: string) {
  if (kind.format !== null) return maskIdentifier(kind.format, text);
  return kind.isText ? maskName(text) : HIDDEN;
}
