import { type DocumentNode, GraphQLError, visit } from 'graphql';

/**
 * Refuses text that PostgreSQL cannot keep, wherever in an operation it stands: the character U+0000 in any text,
 * and half a surrogate pair in JSON. The database would refuse it too, but only as a failure of ours.
 */
export function refuseUnstorableText(query: DocumentNode, variables: Record<string, unknown> | undefined): void {
  const place = placeOf(variables, []);
  if (place) throw refusal(`The variable ${place.join('.')}`, place);
  visit(query, {
    StringValue({ value }) {
      if (!isStorable(value)) throw refusal('A text in the query', []);
    },
  });
}

/** Mercurius takes JSON for a document that somebody parsed, and breaks on it. No GraphQL is JSON. */
export function refuseParsed(source: string): void {
  try {
    JSON.parse(source);
  } catch {
    return;
  }
  throw new GraphQLError('The query must be the text of a GraphQL operation.', {
    extensions: { code: 'PLUMBLINE_INVALID_QUERY' },
  });
}

const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

function placeOf(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = isStorable(key) ? placeOf(inner, [...path, key]) : path;
    if (found) return found;
  }
  return undefined;
}

const refusal = (what: string, inputPath: readonly string[]) =>
  new GraphQLError(`${what} has the character U+0000 or half a character, which cannot be kept. Remove it.`, {
    extensions: { code: 'PLUMBLINE_INVALID_INPUT', inputPath },
  });
