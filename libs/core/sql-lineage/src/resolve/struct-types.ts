import type { Reading } from './reading.js';

interface Field {
  readonly name: string;
  readonly type: string;
}

/** Splits at commas that stand in no brackets. */
function parts(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '<' || sign === '(') depth++;
    else if (sign === '>' || sign === ')') depth--;
    else if (sign === ',' && depth === 0) {
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, text.slice(start)].map((each) => each.trim()).filter((each) => each !== '');
}

/** `STRUCT<a INT, b STRUCT<c INT>>`, Hive's `struct<a:int>`, Trino's `row(a integer)`, ClickHouse's `Tuple(a Int8)`. */
function fieldsIn(type: string): Field[] | undefined {
  const inner = /^\s*(?:struct|row|tuple|object)\s*[<(]([\s\S]*)[>)]\s*$/i.exec(type)?.[1];
  if (inner === undefined) return undefined;
  const fields = parts(inner).map((text) => /^(?:["`]([^"`]+)["`]|([^\s:]+))\s*:?\s*([\s\S]+)$/.exec(text));
  if (fields.length === 0 || fields.includes(null)) return undefined;
  return fields.map((found) => ({ name: found?.[1] ?? found?.[2] ?? '', type: found?.[3] ?? '' }));
}

/** The names of a struct's fields, or of those of a struct inside it; undefined when its type does not say. */
export function fieldsAt(type: string, path: readonly string[], reading: Reading): string[] | undefined {
  const fields = fieldsIn(type);
  const [first, ...more] = path;
  if (first === undefined) return fields?.map((field) => field.name);
  const next = fields?.find((field) => reading.same(field.name, first));
  return next && fieldsAt(next.type, more, reading);
}
