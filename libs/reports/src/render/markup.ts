/** A piece of HTML that was made here: {@link markup} puts it in as it is, and escapes everything else. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | null | undefined | readonly Part[];

/**
 * Writes HTML. Whatever is put in is text and gets escaped, unless it is HTML of this function itself.
 *
 * @example
 * markup`<td title="${name}">${name}</td>`.text // '<td title="&lt;b&gt;">&lt;b&gt;</td>'
 */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(literals.map((literal, at) => literal + written(parts[at])).join(''));
}

function written(part: Part): string {
  if (part instanceof Html) return part.text;
  if (part === null || part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(written).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\0': '',
};

const escaped = (text: string): string => text.replace(/[&<>"'\0]/g, (character) => ENTITIES[character] ?? '');
