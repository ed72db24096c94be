import { type Edit, edited } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** The parser goes one call deeper with each link, and gives up beyond 511. */
const LONG = 300;

const CLAUSES =
  'select from where on having group order by limit union except intersect minus when then else set values as qualify , ;';

/** Links of one kind: how many words long the operator here is (0 for none), and what ends a chain. */
interface Link {
  readonly width: (words: Words, at: number) => number;
  readonly ends: ReadonlySet<string>;
}

const isBetween = (words: Words, at: number): boolean => {
  const { depth } = words.at(at);
  for (let back = at - 1; back >= 0 && words.at(back).depth >= depth; back--) {
    if (words.at(back).depth > depth) continue;
    if (words.low(back) === 'between') return true;
    if (/^(and|or|where|on|when|having|,|select)$/.test(words.low(back))) return false;
  }
  return false;
};

const LINKS: readonly Link[] = [
  {
    width: (words, at) => {
      if (words.low(at) === '|') return words.low(at + 1) === '|' ? 2 : 0;
      return /^[-+*/%]$/.test(words.low(at)) ? 1 : 0;
    },
    ends: wordSet(`${CLAUSES} and or not = < > ! in like is between`),
  },
  { width: (words, at) => (words.low(at) === 'and' && !isBetween(words, at) ? 1 : 0), ends: wordSet(`${CLAUSES} or`) },
  { width: (words, at) => (words.low(at) === 'or' ? 1 : 0), ends: wordSet(CLAUSES) },
  {
    width: (words, at) =>
      /^(union|except|intersect|minus)$/.test(words.low(at))
        ? words.past(at + 1, 'all by name', 'by name', 'all', 'distinct') - at
        : 0,
    ends: wordSet('; order limit'),
  },
];

/** Brackets around runs of operands: where each operand begins and ends. */
function bracketed(words: Words, operands: readonly (readonly [number, number])[]): Edit[] {
  const size = Math.max(100, Math.ceil(operands.length / 100));
  const edits: Edit[] = [];
  // The first run stays open: what stands before it belongs to all.
  for (let from = size; from < operands.length; from += size) {
    const first = operands[from];
    const last = operands[Math.min(from + size, operands.length) - 1];
    if (!first || !last || first === last) continue;
    const { start } = words.at(first[0]);
    const { end } = words.at(last[1] - 1);
    edits.push({ start, end: start, put: '(' }, { start: end, end, put: ')' });
  }
  return edits;
}

function chains(words: Words, { width, ends }: Link): Edit[] {
  const edits: Edit[] = [];
  // For each depth: the operands so far, and where the one that is being read began.
  const open: { operands: (readonly [number, number])[]; from: number }[] = [];
  const close = (depth: number, at: number) => {
    const chain = open[depth];
    if (!chain) return;
    if (at > chain.from) chain.operands.push([chain.from, at]);
    if (chain.operands.length > LONG) edits.push(...bracketed(words, chain.operands));
    open.length = depth;
  };
  let last = 0;
  let cases = 0;
  words.list.forEach(({ depth: brackets, low }, at) => {
    if (at < last) return;
    // CASE … END holds its parts together as brackets do.
    if (low === 'end' && cases > 0) cases--;
    const depth = brackets + cases;
    if (low === 'case') cases++;
    for (let deeper = open.length - 1; deeper > depth; deeper--) close(deeper, at);
    if (ends.has(low)) return close(depth, at);
    const chain = (open[depth] ??= { operands: [], from: at });
    const wide = width(words, at);
    if (wide === 0 || at === chain.from) return;
    chain.operands.push([chain.from, at]);
    chain.from = last = at + wide;
  });
  for (let depth = open.length - 1; depth >= 0; depth--) close(depth, words.length);
  return edits;
}

const SIGN = /[-+*/%|]|\b(?:and|or|union|except|intersect|minus)\b/gi;

function hasMany(text: string): boolean {
  let count = 0;
  for (const _ of text.matchAll(SIGN)) if (++count > LONG) return true;
  return false;
}

/** Hundreds of `||`, `AND`, `UNION` one behind the other, in brackets of a hundred each: which way they are grouped does not matter here. */
export const longChains: Rewrite = {
  name: 'long chains',
  concerns: (text) => text.length > 1_500 && hasMany(text),
  apply(words) {
    if (words.length < LONG * 2) return undefined;
    const edits = LINKS.flatMap((link) => chains(words, link)).sort((one, other) => one.start - other.start);
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
