import type { Rewrite } from './rewrite.js';

/** Flink: `EXECUTE STATEMENT SET BEGIN insert; insert; END` runs the INSERTs; where they are cut apart, the first has the head. */
export const statementSets: Rewrite = {
  name: 'statement sets',
  concerns: (text, dialect) => dialect.name === 'flink' && /\bstatement\s+set\b/i.test(text),
  apply(words) {
    const from = words.past(0, 'execute statement set begin', 'begin statement set');
    if (from === 0) return undefined;
    const to = words.low(words.length - 1) === 'end' ? words.length - 1 : words.length;
    return to > from ? { pieces: [words.range(from, to)] } : undefined;
  },
};
