import type { LexRules } from '../dialects.js';
import { scan, type Token } from './scan.js';
import type { StatementText } from './split.js';

const SIGNS = /\/\*|\*\//g;

function isFinished(comment: string, nested: boolean): boolean {
  if (!nested) return comment.indexOf('*/', 2) !== -1;
  let depth = 0;
  for (const [sign] of comment.matchAll(SIGNS)) depth += sign === '/*' ? 1 : -1;
  return depth <= 0;
}

/**
 * A comment without its end hides all that comes after it: statements, perhaps. It is the last thing in a script, from an offset behind the last
 * statement on.
 */
export function unfinishedComment(text: string, rules: LexRules, from: number): StatementText | undefined {
  if (!text.includes('/*', from)) return undefined;
  for (const { kind, start, end } of scan(text, rules, from)) {
    if (kind !== 'blank' || end < text.length || !text.startsWith('/*', start)) continue;
    const comment = text.slice(start, end);
    if (isFinished(comment, rules.nestedComments)) return undefined;
    const line = text.slice(0, start).split('\n').length;
    return { start, end: start + comment.trimEnd().length, line, text: comment.trimEnd() };
  }
  return undefined;
}

const TAG = /^\$[^$]*\$/;

/** Whether a statement ends in a dollar string that has no end. (The parser takes it for a finished one.) */
export function endsInOpenString(text: string, rules: LexRules): boolean {
  if (!rules.dollarStrings || !text.includes('$')) return false;
  let last: Token | undefined;
  for (const token of scan(text, rules)) if (token.kind !== 'blank') last = token;
  if (last?.kind !== 'string') return false;
  const string = text.slice(last.start, last.end);
  const tag = TAG.exec(string)?.[0];
  return tag !== undefined && (string.length < 2 * tag.length || !string.endsWith(tag));
}
