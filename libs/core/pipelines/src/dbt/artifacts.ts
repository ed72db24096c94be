import { jsonFaultAt } from '#core/openlineage';
import { InvalidInput } from '#kernel';

import { Unreadable } from '../text/unreadable.js';

/** What a project leaves behind when it is compiled and run. */
export interface DbtArtifacts {
  readonly manifest: string;
  /** `dbt docs generate`: columns and types as the database has them. */
  readonly catalog?: string;
  /** `dbt build` or `dbt docs generate`: how each node went, and its compiled SQL. */
  readonly runResults?: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object's field that is an object; an empty one for anything else. */
export const fieldsOf = (value: unknown, ...path: readonly string[]): Fields => {
  const found = path.reduce<unknown>((each, name) => (isFields(each) ? each[name] : undefined), value);
  return isFields(found) ? found : {};
};

export const textIn = (value: unknown, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const text = isFields(value) ? value[name] : undefined;
    if (typeof text === 'string' && text.trim() !== '') return text;
  }
  return undefined;
};

export const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** The versions that were tried; newer ones are read all the same. */
const NEWEST: Readonly<Record<string, number>> = { manifest: 12, catalog: 1, 'run-results': 6 };

export interface Artifact {
  readonly value: Fields;
  /** Set when the artifact says that it is newer than what was tried. */
  readonly newer?: string;
}

/** Reads an artifact. Throws {@link Unreadable} for what is no JSON, with its place, and for another artifact. */
export function readArtifact(text: string, kind: 'manifest' | 'catalog' | 'run-results'): Artifact {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's own message has a piece of the text in it, and not always a position.
    const at = jsonFaultAt(text);
    throw new Unreadable(
      at >= text.trimEnd().length
        ? `The ${kind} is no JSON: it ends too soon.`
        : `The ${kind} is no JSON: "${text[at]}" cannot stand here.`,
      at,
      kind,
    );
  }
  const version = textIn(fieldsOf(value, 'metadata'), 'dbt_schema_version') ?? '';
  const [, named, number] = /\/dbt\/([a-z-]+)\/v(\d+)/.exec(version) ?? [];
  if (!isFields(value) || (named !== undefined && named !== kind))
    throw new InvalidInput(
      `This is ${named === undefined ? 'no dbt artifact' : `the artifact "${named}"`}, not a ${kind}.`,
    );
  const need = kind === 'run-results' ? Array.isArray(value['results']) : isFields(value['nodes']);
  if (!need)
    throw new InvalidInput(
      `The ${kind} has no ${kind === 'run-results' ? 'results' : 'nodes'}: this is no ${kind} of dbt.`,
    );
  return { value, ...(Number(number) > (NEWEST[kind] ?? 0) && { newer: version }) };
}

/** Where each node of a manifest begins. */
export function nodeOffsets(text: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  // Only a key is followed by a colon and a brace.
  for (const match of text.matchAll(/"([^"\\\s]{1,400})"\s*:\s*\{/g))
    if (match[1]!.includes('.') && !offsets.has(match[1]!)) offsets.set(match[1]!, match.index);
  return offsets;
}
