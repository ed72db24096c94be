import { type Example, type RuleFacts, quoteFor, ruleKinds, type WrittenDialect, writeRule } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

const now = new Date('2026-06-30T00:00:00Z');

/** A place in a rule where a person writes a text, or where the name of a column stands. */
export interface Place {
  readonly kind: string;
  /** `params.values.0`, or `column x` for the name of a column wherever it occurs. */
  readonly path: string;
  /** The statements of the rule with this text there; throws `InvalidInput` when the text is refused. */
  write(text: string, dialect: WrittenDialect): readonly string[];
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Kinds that send what a person wrote as SQL: they have it read and reviewed, and no text of theirs is a literal. */
const OF_SQL: readonly string[] = ['sql_no_rows', 'sql_scalar'];

export const writtenKinds = () => ruleKinds().filter(({ code }) => !OF_SQL.includes(code));

/** Every place of every kind, found in the kinds' own examples. */
export function places(): Place[] {
  const found = new Map<string, Place>();
  for (const { code, examples } of writtenKinds()) {
    for (const example of examples) {
      const rule = { kind: code, ...example.rule } as unknown as Json;
      for (const path of textsIn(rule)) {
        // Lists repeat the same place.
        const key = `${code} ${path.join('.').replaceAll(/\b\d+\b/g, 'n')}`;
        if (found.has(key) || path[0] === 'kind') continue;
        const place = {
          kind: code,
          path: path.join('.'),
          write: writer(example, (text) => replaced(rule, path, text)),
        };
        if (takesTexts(place)) found.set(key, place);
        else {
          const inText = {
            ...place,
            write: writer(example, (text) => replaced(rule, path, withLiteral(textAt(rule, path), text))),
          };
          if (takesTexts(inText)) found.set(key, inText);
        }
      }
      const [name] = (example.rule.columns ?? []) as readonly string[];
      const key = `${code} column`;
      if (name === undefined || !(name in example.columns) || found.has(key)) continue;
      const place = { kind: code, path: `column ${name}`, write: renaming(example, rule, name) };
      if (takesTexts(place)) found.set(key, place);
    }
  }
  return [...found.values()];
}

/** Words of a closed list, and numbers written as texts, take no others; what the catalog answers never gets into SQL. */
function takesTexts({ write }: Place): boolean {
  try {
    return write('plain', 'mysql').join() !== write('other', 'mysql').join();
  } catch (error) {
    if (error instanceof InvalidInput) return false;
    throw error;
  }
}

/** A condition as text has literals of its own: the last of them becomes this text. */
const withLiteral = (condition: string, text: string): string =>
  condition.replace(/'(?:[^']|'')*'(?!.*')/s, () => `'${text.replaceAll("'", "''")}'`);

const textAt = (json: Json, path: readonly string[]): string =>
  String(path.reduce<unknown>((part, name) => (part as Readonly<Record<string, unknown>>)[name], json));

const writer =
  (example: Example, ruleWith: (text: string) => unknown): Place['write'] =>
  (text, dialect) =>
    written(ruleWith(text), factsOf(example, dialect), dialect);

const renaming =
  (example: Example, rule: Json, name: string): Place['write'] =>
  (text, dialect) => {
    const renamed = {
      ...example,
      columns: Object.fromEntries(
        Object.entries(example.columns).map(([each, type]) => [each === name ? text : each, type]),
      ),
    };
    return written(renameIn(rule, name, text), factsOf(renamed, dialect), dialect);
  };

function written(rule: unknown, facts: RuleFacts, dialect: WrittenDialect): string[] {
  const statements = (['rows', 'columns'] as const).flatMap((storage) =>
    writeRule(rule, facts, { dialect, now, storage }).map(({ sql }) => sql),
  );
  return [...new Set(statements)];
}

export const factsOf = ({ columns, other }: Pick<Example, 'columns' | 'other'>, dialect: WrittenDialect): RuleFacts => {
  const columnsOf = (of: Example['columns']) =>
    Object.entries(of).map(([name, typeFamily]) => ({ name, typeFamily, nativeType: typeFamily }));
  return {
    target: { relation: quoteFor(dialect, 's', 't'), name: 't', columns: columnsOf(columns) },
    ...(other !== undefined && {
      other: {
        ...{ relation: quoteFor(dialect, 's', 'o'), name: 'o', columns: columnsOf(other.columns) },
        ...{ dialect: 'postgres', sameConnection: true },
      },
    }),
  };
};

function textsIn(json: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof json === 'string') return [path];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([name, value]) => textsIn(value, [...path, name]));
}

function replaced(json: Json, [name, ...rest]: readonly string[], text: string): Json {
  if (name === undefined) return text;
  if (Array.isArray(json))
    return (json as readonly Json[]).map((each, at) => (String(at) === name ? replaced(each, rest, text) : each));
  const object = json as Readonly<Record<string, Json>>;
  return { ...object, [name]: replaced(object[name]!, rest, text) };
}

/** The name of the column in `columns`, in `{ column: … }` and wherever a parameter names it. */
function renameIn(json: Json, name: string, text: string): Json {
  if (json === name) return text;
  if (Array.isArray(json)) return (json as readonly Json[]).map((each) => renameIn(each, name, text));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, renameIn(value, name, text)]));
}
