import type { Step } from '../procedures/step.js';
import type { Cursor, Lexeme } from './cursor.js';

/** A line that is for the program that runs the script, and not for the database. */
export interface ScriptCommand {
  readonly end: number;
  /** What ends statements from here on. */
  readonly delimiter?: string;
  readonly step?: Bare;
}

type WithoutRange<T> = T extends unknown ? Omit<T, 'start' | 'end'> : never;
type Bare = WithoutRange<Step>;

const SQLPLUS =
  /^(prompt|rem|remark|spool|def|define|undef|undefine|var|variable|acc|accept|col|column|show|sho|whenever|conn|connect|disc|disconnect|exit|quit|host|pause|ttitle|btitle|break|bre|compute|comp|desc|describe|print|clear|cl|timing|timi|archive|startup|shutdown|store|repheader|repfooter|set|exec|execute|start|get|save|edit|ed|list|password|passw)$/;
const RUNS_FILE = /^(start|get|@)$/;
/** SET of SQL, not of SQL*Plus. */
const SQL_SET = /^(transaction|role|constraint|constraints)$/;

const NOTHING: Bare = { is: 'nothing' };

/** The command that begins with a lexeme, when one does. */
export function scriptCommand(at: Cursor, next: Lexeme): ScriptCommand | undefined {
  if (next.word === '\\' && at.atLineStart) return { end: next.start + at.lineFrom(next.start).length };
  switch (at.rules.code) {
    case 'mysql':
      return mysqlCommand(at, next);
    case 'plsql':
      return sqlplusCommand(at, next);
    default:
      return undefined;
  }
}

/** `DELIMITER //`, `SOURCE file.sql` */
function mysqlCommand(at: Cursor, next: Lexeme): ScriptCommand | undefined {
  if ((next.word !== 'delimiter' && next.word !== 'source') || !at.atLineStart) return undefined;
  const line = at.lineFrom(next.start);
  const end = next.start + line.length;
  const [, value] = line.split(/\s+/);
  if (value === undefined) return undefined;
  if (next.word === 'delimiter') return { end, delimiter: value, step: NOTHING };
  return { end, step: { is: 'foreign', why: 'It runs another script.' } };
}

function sqlplusCommand(at: Cursor, next: Lexeme): ScriptCommand | undefined {
  if (!at.atLineStart) return undefined;
  if (next.word !== '@' && next.word !== '!' && !SQLPLUS.test(next.word)) return undefined;
  if (next.word === 'set' && SQL_SET.test(at.word(1))) return undefined;
  const end = commandEnd(at, next.start);
  if (RUNS_FILE.test(next.word)) return { end, step: { is: 'foreign', why: 'It runs another script.' } };
  if (next.word !== 'exec' && next.word !== 'execute') return { end, step: NOTHING };
  const line = at.text.slice(next.end, end).trim();
  const assigns = line.startsWith(':') && line.includes(':=');
  const name = (assigns ? line.slice(line.indexOf(':=') + 2) : line).trim();
  return { end, step: { is: 'call', name: /^[^\s(;]+/.exec(name)?.[0] ?? '', arguments: [] } };
}

/** A hyphen at the end of a line continues the command; a semicolon is not a part of it. */
function commandEnd(at: Cursor, start: number): number {
  let end = start + at.lineFrom(start).length;
  while (at.text[end - 1] === '-' && /\s/.test(at.text[end - 2] ?? '')) {
    const newline = at.text.indexOf('\n', end);
    if (newline === -1) break;
    const more = at.lineFrom(newline + 1);
    if (more === '') break;
    end = newline + 1 + more.length;
  }
  while (end > start + 1 && /[;\s]/.test(at.text[end - 1] ?? '')) end--;
  return end;
}
