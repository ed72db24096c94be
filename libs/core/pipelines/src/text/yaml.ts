import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

import { Unreadable } from './unreadable.js';
import { type Entry, Value } from './value.js';

const MOST_VALUES = 100_000;

/** Reads YAML of version 1.2. Throws {@link Unreadable} for what is none. */
export function readYaml(text: string): Value {
  const document = parseDocument(text, { merge: true, intAsBigInt: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error)
    throw new Unreadable(
      // What stands there can be a secret.
      (error.message.split('\n')[0] ?? '').replace(/(?::? ["'`].*)? at line \d+, column \d+:?$/, '.'),
      error.pos[0],
    );
  // A few lines of YAML can stand for billions of values.
  let made = 0;
  const valueOf = (node: unknown, start: number): Value => {
    if (++made > MOST_VALUES) throw new Unreadable(`There are more than ${MOST_VALUES} values.`, start);
    if (isAlias(node)) return valueOf(node.resolve(document), start);
    const [from, to] = (node as Node | null)?.range ?? [start, start];
    if (isMap(node)) {
      const entries = node.items.flatMap((pair): Entry[] => {
        const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
        const where = (pair.key as Node | null)?.range?.[0] ?? from;
        const value = valueOf(pair.value, where);
        // `<<` puts the fields of another object before one's own.
        return key === '<<' ? value.items.flatMap(({ entries: merged }) => [...merged]) : [{ key, value }];
      });
      return new Value('object', from, to, { entries });
    }
    if (isSeq(node)) return new Value('array', from, to, { items: node.items.map((item) => valueOf(item, from)) });
    if (!isScalar(node) || node.value === null) return new Value('null', from, to);
    const { value, source } = node;
    if (typeof value === 'string') {
      const inside = text.indexOf(value, from);
      const begins = inside >= 0 && inside < to ? inside : from;
      return new Value('string', from, to, { text: value, at: (offset) => begins + offset });
    }
    const kind = typeof value === 'boolean' ? 'boolean' : 'number';
    return new Value(kind, from, to, { text: source ?? String(value), at: (offset) => from + offset });
  };
  return valueOf(document.contents, 0);
}
