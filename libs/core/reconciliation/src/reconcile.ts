import { type Cell, type QueryResult } from '#core/connector-kit';
import { AppError } from '#kernel';

import { breaksOf } from './breaks.js';
import { type Check, type Definition } from './definition.js';
import { type Bucket, differingBuckets, differingKeys, MOST_ROWS_HELD } from './differing-keys.js';
import { addFigures, compareFigures, toleranceOf } from './judge.js';
import { keyIsVouched, mapColumns, type Mapped, type MappedColumn, type SideFacts } from './mapped.js';
import { cutoffMoment } from './moments.js';
import {
  type Break,
  type CheckFound,
  type GroupFound,
  type KeysLooked,
  type Reconciled,
  type Sent,
} from './outcome.js';
import { MOST_GROUPS, type SideName, SideStatements, type Statement } from './statements.js';

/** A side that can be asked. */
export interface Side extends SideFacts {
  ask(sql: string, params: readonly string[], maxRows: number): Promise<QueryResult>;
}

export interface ReconcileCall {
  readonly now: Date;
  readonly signal: AbortSignal;
  progress(share: number): void;
  /** Told of each statement that was answered. */
  onSent(sent: Sent): void;
}

/** One side could not be asked: that is no difference, whatever the other side said. */
export class SideFailed extends Error {
  constructor(
    readonly side: SideName,
    cause: unknown,
  ) {
    super(`the ${side} side could not be asked`, { cause });
  }
}

export const MOST_BREAKS = 1_000;
/** Keys whose values are read. */
const MOST_KEYS_READ = 5_000;
/** Rows whose values are read on a side. */
const MOST_ROWS_READ = 20_000;
const MOST_GROUPS_SHOWN = 100;
const DIGITS: Readonly<Record<number, number>> = { 256: 2, 4096: 3, 65536: 4 };

/**
 * Compares two datasets of any two sources. Asks each side at most three times, and once more for each check of groups; holds at most
 * a hundred thousand hashes of a side and the rows of the keys that differ. Throws {@link SideFailed} when a side fails, and
 * `InvalidInput` for a definition that does not fit the sides.
 */
export async function reconcile(
  definition: Definition,
  left: Side,
  right: Side,
  call: ReconcileCall,
): Promise<Reconciled> {
  const mapped = mapColumns(definition, left.facts, right.facts);
  const cutoff = definition.cutoff && cutoffMoment(definition.cutoff.until, call.now);
  const asker = new Asker(definition, mapped, { left, right }, cutoff, call);
  const { checks } = definition;
  const summed = unique(checks.flatMap((check) => (check.kind === 'sum' ? [check.column] : [])));
  const withKeys = checks.some(({ kind }) => kind === 'keys');
  const totals = checks.some(({ kind }) => kind !== 'groups')
    ? await asker.totals(columnsNamed(mapped, summed), withKeys)
    : undefined;
  call.progress(0.5);
  const found: CheckFound[] = [];
  let listed: Listed | undefined;
  for (const check of checks) {
    if (check.kind === 'keys') found.push(ofKeys((listed = await asker.keys(totals!)), totals!));
    else if (check.kind === 'groups') found.push(await asker.groups(check));
    else found.push(ofTotals(check, totals!, summed));
    call.progress(0.5 + (0.5 * found.length) / checks.length);
  }
  return {
    verdict: found.some(({ status }) => status === 'fail')
      ? 'breaks'
      : found.every(({ status }) => status === 'not_evaluated')
        ? 'not_evaluated'
        : 'agrees',
    ...(cutoff !== undefined && { cutoff }),
    leftRows: totals?.left.rows ?? null,
    rightRows: totals?.right.rows ?? null,
    checks: found,
    ...(listed !== undefined && { keys: listed.looked }),
    breaks: listed?.breaks ?? [],
  };
}

/** What pass one found on a side. */
interface Totals {
  readonly rows: string;
  readonly sums: readonly (string | null)[];
  readonly buckets: ReadonlyMap<string, Bucket>;
}

type BothTotals = Readonly<Record<SideName, Totals>> & { readonly uniqueBy: KeysLooked['uniqueBy'] };

interface Listed {
  readonly looked: KeysLooked;
  readonly breaks: readonly Break[];
}

class Asker {
  private readonly statements: Readonly<Record<SideName, SideStatements>>;
  private readonly digits: number;

  constructor(
    private readonly definition: Definition,
    private readonly mapped: Mapped,
    private readonly sides: Readonly<Record<SideName, Side>>,
    cutoff: Date | undefined,
    private readonly call: ReconcileCall,
  ) {
    const of = (name: SideName) => new SideStatements(name, sides[name], mapped, definition, cutoff, call.now);
    this.statements = { left: of('left'), right: of('right') };
    this.digits = DIGITS[definition.buckets ?? 4096]!;
  }

  async totals(sums: readonly MappedColumn[], withKeys: boolean): Promise<BothTotals> {
    const counts = withKeys ? this.sideThatCounts() : undefined;
    const [left, right] = await this.both((side) =>
      this.statements[side].buckets(sums, withKeys, this.digits, counts === side),
    );
    return {
      left: totalsOf(left, sums.length),
      right: totalsOf(right, sums.length),
      uniqueBy: counts !== undefined || !withKeys ? 'counted' : this.vouching()!,
    };
  }

  /**
   * Two sides with the same checksums have the same rows, so that a key that is twice on both is found by looking at one of them: at
   * neither where a source vouches for its keys, else at the one that is a server of its own.
   */
  private sideThatCounts(): SideName | undefined {
    if (this.vouching() !== undefined) return undefined;
    return this.sides.left.dialect === 'duckdb' && this.sides.right.dialect !== 'duckdb' ? 'right' : 'left';
  }

  private vouching(): SideName | undefined {
    return (['left', 'right'] as const).find((side) => keyIsVouched(side, this.sides[side], this.mapped));
  }

  async keys({ left, right, uniqueBy }: BothTotals): Promise<Listed> {
    const differing = differingBuckets(left.buckets, right.buckets);
    const looked = {
      ...{ buckets: 16 ** this.digits, differingBuckets: differing.look.length + differing.left },
      ...{ bucketsLeft: differing.left, uniqueBy, differingKeys: 0, keysRead: 0, agreeing: 0, breaks: 0 },
    };
    if (differing.look.length === 0) return { looked: { ...looked, complete: differing.left === 0 }, breaks: [] };
    // Some room for rows that came meanwhile.
    const room = MOST_ROWS_HELD + 1_000;
    const hashes = await this.both((side) => this.statements[side].hashes(differing.look, this.digits, room));
    const keys = differingKeys(...hashes);
    const read = firstOf(keys);
    if (read.length === 0) {
      const complete = differing.left === 0 && keys.length === 0 && !hashes.some(({ truncated }) => truncated);
      return { looked: { ...looked, differingKeys: keys.length, complete }, breaks: [] };
    }
    const wanted = read.map(({ key }) => key);
    const values = await this.both((side) => this.statements[side].values(wanted, MOST_ROWS_READ + 1_000));
    const { breaks, agreeing } = breaksOf(...values, this.mapped);
    const shown = breaks.slice(0, this.definition.maxBreaks ?? MOST_BREAKS);
    const complete =
      differing.left === 0 &&
      read.length === keys.length &&
      shown.length === breaks.length &&
      ![...hashes, ...values].some(({ truncated }) => truncated);
    const numbers = { differingKeys: keys.length, keysRead: read.length, agreeing, breaks: breaks.length };
    return { looked: { ...looked, ...numbers, complete }, breaks: shown };
  }

  async groups(check: Extract<Check, { kind: 'groups' }>): Promise<CheckFound> {
    const by = columnsNamed(this.mapped, check.by);
    const sums = columnsNamed(this.mapped, check.sums ?? []);
    const [left, right] = await this.both((side) => this.statements[side].groups(by, sums));
    if (left.truncated || right.truncated)
      throw new SideFailed(left.truncated ? 'left' : 'right', new TooManyGroups(check.by.join(' + ')));
    return compareGroups(check, left, right);
  }

  /** Asks both sides at once. When one fails, the other has come to its end before that is thrown. */
  private async both(statementOf: (side: SideName) => Statement): Promise<[QueryResult, QueryResult]> {
    const [left, right] = await Promise.allSettled([
      this.ask('left', statementOf('left')),
      this.ask('right', statementOf('right')),
    ]);
    this.call.signal.throwIfAborted();
    if (left.status === 'rejected') throw new SideFailed('left', left.reason);
    if (right.status === 'rejected') throw new SideFailed('right', right.reason);
    return [left.value, right.value];
  }

  private async ask(side: SideName, { purpose, sql, params, maxRows }: Statement): Promise<QueryResult> {
    const startedAt = new Date();
    const answer = await this.sides[side].ask(sql, params, maxRows);
    const ms = Date.now() - startedAt.getTime();
    this.call.onSent({
      ...{ side, purpose, sql, params, ms, rows: answer.rows.length },
      startedAt: startedAt.toISOString(),
    });
    return answer;
  }
}

/** There are more groups than can be compared. */
export class TooManyGroups extends AppError {
  readonly code = 'TOO_MANY_GROUPS';

  constructor(by: string) {
    super(`There are more than ${MOST_GROUPS} groups by ${by}, which is more than can be compared.`);
  }
}

function totalsOf({ columns, rows }: QueryResult, sums: number): Totals {
  const place = (name: string) => columns.findIndex((each) => each.name === name);
  const [bucket, count, hash, keys] = [place('b'), place('n'), place('h'), place('d')];
  const buckets = new Map<string, Bucket>();
  let total = 0n;
  const parts: (string | null)[][] = Array.from({ length: sums }, () => []);
  for (const row of rows) {
    total += BigInt(String(row[count]));
    if (bucket !== -1)
      buckets.set(String(row[bucket]), {
        ...{ rows: Number(row[count]), hash: String(row[hash]) },
        ...(keys !== -1 && { keys: Number(row[keys]) }),
      });
    parts.forEach((each, at) => each.push(textOf(row[place(`s${at + 1}`)])));
  }
  return { rows: String(total), sums: parts.map(addFigures), buckets };
}

const textOf = (cell: Cell | undefined): string | null => (cell == null ? null : String(cell));

function ofTotals(
  check: Extract<Check, { kind: 'row_count' | 'sum' }>,
  { left, right }: BothTotals,
  summed: readonly string[],
): CheckFound {
  const figure = ({ rows, sums }: Totals) => (check.kind === 'sum' ? sums[summed.indexOf(check.column)]! : rows);
  const tolerance = toleranceOf(check);
  const { agrees, ...figures } = compareFigures(figure(left), figure(right), tolerance);
  const nothing = left.rows === '0' && right.rows === '0';
  return {
    ...{ kind: check.kind, of: check.kind === 'sum' ? check.column : '', ...tolerance, ...figures },
    status: nothing ? 'not_evaluated' : agrees ? 'pass' : 'fail',
  };
}

function ofKeys({ looked }: Listed, { left, right }: BothTotals): CheckFound {
  const nothing = left.rows === '0' && right.rows === '0';
  const agrees = looked.complete && looked.breaks === 0;
  return {
    ...{ kind: 'keys', of: '', absolute: '0', relative: '0', left: left.rows, right: right.rows },
    difference: String(looked.breaks),
    status: nothing ? 'not_evaluated' : agrees ? 'pass' : 'fail',
  };
}

function compareGroups(check: Extract<Check, { kind: 'groups' }>, left: QueryResult, right: QueryResult): CheckFound {
  const size = check.by.length;
  const names = ['rows', ...(check.sums ?? [])];
  const groupsOf = ({ rows }: QueryResult) =>
    new Map(
      rows.map((row) => {
        const texts = row.map(textOf);
        return [JSON.stringify(texts.slice(0, size)), texts.slice(size)];
      }),
    );
  const [here, there] = [groupsOf(left), groupsOf(right)];
  const all = new Set([...here.keys(), ...there.keys()]);
  const tolerance = toleranceOf(check);
  const found: GroupFound[] = [];
  let differing = 0;
  for (const key of [...all].toSorted()) {
    const broken = names.flatMap((figure, at): GroupFound[] => {
      // A group that is not there has no rows, and no sum.
      const absent = at === 0 ? '0' : null;
      const one = here.has(key) ? here.get(key)![at]! : absent;
      const other = there.has(key) ? there.get(key)![at]! : absent;
      const { agrees, ...figures } = compareFigures(one, other, tolerance);
      return agrees ? [] : [{ group: JSON.parse(key) as (string | null)[], figure, ...figures }];
    });
    if (broken.length > 0) differing++;
    if (found.length < MOST_GROUPS_SHOWN) found.push(...broken);
  }
  return {
    ...{ kind: 'groups', of: check.by.join(' + '), ...tolerance },
    ...{ left: String(here.size), right: String(there.size), difference: String(differing) },
    status: all.size === 0 ? 'not_evaluated' : differing === 0 ? 'pass' : 'fail',
    groups: { all: all.size, differing, found },
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Mapped columns by their names on the left; that they are there was checked. */
const columnsNamed = ({ keys, columns }: Mapped, names: readonly string[]): MappedColumn[] =>
  names.map((name) => [...keys, ...columns].find((each) => each.name === name)!);

/** As many keys as can be read at once. */
function firstOf<T extends { readonly rows: number }>(keys: readonly T[]): T[] {
  const read: T[] = [];
  let rows = 0;
  for (const key of keys) {
    if (read.length >= MOST_KEYS_READ) break;
    if (rows + key.rows > MOST_ROWS_READ) continue;
    rows += key.rows;
    read.push(key);
  }
  return read;
}
