import type { Cursor } from '../split/cursor.js';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Reserved words that begin a statement wherever they stand outside of brackets, unless a rule below says otherwise. */
const STARTS =
  words(`select insert update delete merge with set declare if while begin end else return print raiserror exec
  execute create alter drop truncate open fetch close deallocate commit rollback save goto break continue waitfor use grant deny
  revoke backup restore dbcc checkpoint reconfigure kill bulk go`);

const SET_OPERATIONS = words('union except intersect all');
const PERMISSION = words('grant deny revoke');
/** What can be created or dropped by a statement of its own, and not as a part of ALTER. */
const OBJECTS =
  words(`table view proc procedure function trigger index database schema user login role type synonym sequence
  unique clustered nonclustered statistics aggregate assembly columnstore xml spatial fulltext external or`);
const PARTS = words('column constraint period member filter block');

/** Says, lexeme by lexeme, whether a T-SQL statement ends before the next one. */
export class TsqlStatementEnd {
  private brackets = 0;
  private cases = 0;
  private before = '';
  private twoBefore = '';
  private count = 0;
  /** The first word: what statement it is; for one that begins with WITH, the word after the CTEs. */
  private first = '';
  private hasSource = false;
  private hasSet = false;
  private hasCte = false;

  constructor(
    private readonly at: Cursor,
    /** True for what follows the first words of a statement: a condition, a value. It may be empty. */
    private readonly tail = false,
  ) {}

  /** Looks at the next lexeme; true when it belongs to another statement. */
  endsHere(): boolean {
    const next = this.at.word();
    if (next === ';' && this.brackets === 0) return true;
    if (this.brackets === 0 && this.isStart(next)) return true;
    this.see(next);
    return false;
  }

  private see(next: string): void {
    if (next === '(') this.brackets++;
    else if (next === ')') this.brackets = Math.max(0, this.brackets - 1);
    else if (this.brackets === 0) {
      if (next === 'case') this.cases++;
      else if (next === 'end') this.cases = Math.max(0, this.cases - 1);
      if (this.count === 0) this.first = this.tail ? '' : next;
      if (this.hasCte && STATEMENTS.has(next)) {
        this.hasCte = false;
        if (this.first === 'with') this.first = next;
      } else if (next === 'with' && (this.count === 0 || (this.before === 'as' && this.beginsCte())))
        this.hasCte = true;
      if (next === 'set') this.hasSet = true;
      if (['select', 'values', 'exec', 'execute', 'default'].includes(next)) this.hasSource = true;
    }
    this.twoBefore = this.before;
    this.before = next;
    this.count++;
  }

  private isStart(next: string): boolean {
    if (this.count === 0) return this.tail && STARTS.has(next) && !(next === 'update' && this.at.word(1) === '(');
    if (this.cases > 0) return false;
    if (this.isThrow(next) || this.isLabel()) return true;
    if ((next === 'enable' || next === 'disable') && this.at.word(1) === 'trigger') return this.first !== 'alter';
    if (!STARTS.has(next) || this.before === '.' || this.before === '@') return false;
    return !this.goesOn(next);
  }

  /** `;THROW` is not reserved: it is told by what follows. */
  private isThrow(next: string): boolean {
    return (
      next === 'throw' &&
      this.before !== '.' &&
      (this.at.word(1) === ';' || this.at.word(1) === 'end' || /^[\d@]/.test(this.at.word(1)))
    );
  }

  private isLabel(): boolean {
    const [name, colon] = [this.at.peek(), this.at.peek(1)];
    if (name?.kind !== 'word' || colon?.word !== ':' || colon.spaced || this.at.word(2) === ':') return false;
    return this.at.atLineStart && this.before !== ',' && this.before !== '=';
  }

  /** True when a word that begins statements is a part of this one. */
  private goesOn(next: string): boolean {
    const { before, first } = this;
    const after = this.at.word(1);
    if (PERMISSION.has(first) && (before === first || before === ',' || before === 'for')) return true;
    if (first === 'create' && ['trigger', 'rule'].includes(this.twoBefore)) return true;
    switch (next) {
      case 'select':
        if (SET_OPERATIONS.has(before) || before === 'as' || before === 'for' || before === 'explain') return true;
        if (first === 'insert') return !this.hasSource;
        return this.hasCte;
      case 'with':
        return before === 'as' || !this.beginsCte();
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        if (this.hasCte || before === 'then' || before === 'start') return true;
        // ALTER PARTITION FUNCTION f() MERGE RANGE (10)
        if (first === 'alter' && after === 'range') return true;
        if (next !== 'merge' && (before === 'on' || before === 'for' || before === ',' || before === 'after'))
          return true;
        if (next === 'insert' && before === 'bulk') return true;
        if (next === 'update' && after === '(') return true;
        // UPDATE STATISTICS … after ALTER DATABASE SET AUTO_; MERGE JOIN as a hint.
        return (
          next === 'merge' &&
          (after === 'join' || ['left', 'right', 'full', 'inner', 'outer', 'range'].includes(before))
        );
      case 'set':
        if (before === 'update' || before === 'delete') return true;
        if (after === '@' && first !== 'update' && first !== 'merge') return false;
        if (first === 'update') return !this.hasSet;
        if (first === 'merge') return before === 'update';
        return first === 'alter' && !this.hasSet && after !== '@';
      case 'exec':
      case 'execute':
        if (before === 'with' || before === ',') return true;
        return first === 'insert' && !this.hasSource;
      case 'create':
      case 'alter':
      case 'drop':
        if (before === 'or' || before === ',') return true;
        if (first === 'alter' && next !== 'create') return PARTS.has(after) || !OBJECTS.has(after);
        return false;
      case 'if':
        return (
          ['create', 'alter', 'drop'].includes(first) &&
          (after === 'exists' || after === 'not') &&
          this.at.word(2) !== '(' &&
          this.isObject(before)
        );
      case 'fetch':
        return before === 'rows' || before === 'row';
      case 'use':
      case 'kill':
      case 'open':
      case 'close':
      case 'save':
      case 'checkpoint':
      case 'continue':
      case 'break':
        return before === 'as' || before === ',';
      case 'grant':
      case 'rollback':
        return before === 'with';
      case 'truncate':
        return after !== 'table';
      case 'go':
        return true;
      default:
        return false;
    }
  }

  private isObject(word: string): boolean {
    return OBJECTS.has(word) || PARTS.has(word);
  }

  /** `WITH c (a, b) AS (`, `WITH XMLNAMESPACES (` */
  private beginsCte(): boolean {
    if (this.at.word(1) === 'xmlnamespaces') return true;
    const name = this.at.peek(1);
    if (name?.kind !== 'word' && name?.kind !== 'quoted') return false;
    let ahead = 2;
    if (this.at.word(ahead) === '(') {
      for (let depth = 0; ; ahead++) {
        const word = this.at.peek(ahead)?.word;
        if (word === undefined) return false;
        if (word === '(') depth++;
        if (word === ')' && --depth === 0) break;
      }
      ahead++;
    }
    return this.at.word(ahead) === 'as' && this.at.word(ahead + 1) === '(';
  }
}

const STATEMENTS = words('select insert update delete merge');
