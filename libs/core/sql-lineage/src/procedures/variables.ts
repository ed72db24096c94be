import type { NameRules } from '../dialects.js';
import { distinct, type Influence } from '../resolve/influence.js';
import type { OutputColumn, Relation, Rowset } from '../resolve/rowset.js';
import type { Variables as Seen } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import type { KnownText } from './known-text.js';
import type { Results } from './results.js';

/** What a variable holds. */
export interface Value {
  readonly influences: readonly Influence[];
  /** The columns of a record. */
  readonly rows?: Rowset;
  /** What decides whether what is made of this value is there at all: the filters and joins of a cursor. */
  readonly deciding?: readonly Influence[];
  /** The text itself, while it is certain. */
  readonly text?: KnownText;
  /** The table whose rows these are, in a trigger. */
  readonly table?: TableName;
}

export const NO_VALUE: Value = { influences: [] };

/** A variable. Its value changes as the code is followed. */
export interface Slot {
  readonly name: string;
  readonly key: string;
  /** The fields of its type, where that is a record. */
  readonly fields?: readonly string[] | undefined;
  value: Value;
}

interface Frame {
  /** The name of the block or routine. */
  readonly name: string | undefined;
  readonly slots: Map<string, Slot>;
  /** The variables of a session are not those of a block. */
  readonly inside: boolean;
}

interface LoopTrack {
  readonly assigned: Set<Slot>;
  /** Read before anything was assigned in this turn: what the turn before left. */
  readonly readFirst: Set<Slot>;
}

/** A row under the names of the record it is put into: `SELECT a, sum(b) INTO rec`. */
function fitted(value: Value, fields: readonly string[] | undefined): Value {
  const { rows } = value;
  if (!fields || rows?.columns.length !== fields.length || rows.columns.some(({ name }) => name === '*')) return value;
  return {
    ...value,
    rows: { ...rows, columns: rows.columns.map((column, at) => ({ ...column, name: fields[at] ?? '' })) },
  };
}

/** The fields of a variable. One that the code does not tell may hold whatever the variable holds. */
function recordRows(value: Value): Rowset {
  const { rows, influences } = value;
  if (rows?.rest) return rows;
  const rest = () => all(value);
  if (rows) return { ...rows, rest };
  return { columns: influences.length > 0 ? [{ name: '*', influences }] : [], influences: [], rest };
}

export const all = (value: Value): Influence[] =>
  distinct([...value.influences, ...(value.rows?.columns.flatMap((column) => [...column.influences]) ?? [])]);

function unionRows(one: Rowset | undefined, other: Rowset | undefined): Rowset | undefined {
  if (!one || !other) return one ?? other;
  if (one === other) return one;
  const columns = new Map<string, OutputColumn>();
  for (const column of [...one.columns, ...other.columns]) {
    const before = columns.get(column.name);
    columns.set(
      column.name,
      before ? { ...before, influences: distinct([...before.influences, ...column.influences]) } : column,
    );
  }
  const rests = [one.rest, other.rest].filter((rest) => rest !== undefined);
  return {
    columns: [...columns.values()],
    influences: [],
    ...(rests.length > 0 && { rest: (name: string) => rests.flatMap((rest) => [...rest(name)]) }),
  };
}

/** Either of two values. */
export function eitherOf(one: Value, other: Value): Value {
  if (one === other) return one;
  const rows = unionRows(one.rows, other.rows);
  const deciding = distinct([...(one.deciding ?? []), ...(other.deciding ?? [])]);
  const table = one.table ?? other.table;
  return {
    influences: distinct([...one.influences, ...other.influences]),
    ...(rows && { rows }),
    ...(deciding.length > 0 && { deciding }),
    ...(table && { table }),
    ...(one.text && one.text.text === other.text?.text && { text: one.text }),
  };
}

const sizeOf = (value: Value): number => all(value).length + (value.deciding?.length ?? 0);

/** The variables in sight at one point of the code, and what they hold there. */
export class Variables implements Seen {
  private frames: Frame[] = [{ name: undefined, slots: new Map(), inside: false }];
  /** What the slots held before, one map for each branch that is being followed. */
  private readonly journals: Map<Slot, Value>[] = [];
  /** All that was assigned, one map for each loop and each block with handlers. */
  private readonly collectors: Map<Slot, Value>[] = [];
  private readonly loops: LoopTrack[] = [];
  /** What the values used since {@link forget} were decided by, and whose rows they are. */
  private used: Influence[] = [];
  private usedTables: TableName[] = [];

  constructor(
    private readonly names: NameRules,
    private readonly results: Results,
  ) {}

  get inside(): boolean {
    return this.frames.some((frame) => frame.inside);
  }

  /** Variables of a session do not outlive it: T-SQL's end with the batch. */
  restart(): void {
    this.frames = [{ name: undefined, slots: new Map(), inside: false }];
  }

  within<T>(name: string | undefined, read: () => T): T {
    this.frames.push({ name: name === undefined ? undefined : this.keyOf(name), slots: new Map(), inside: true });
    try {
      return read();
    } finally {
      this.frames.pop();
    }
  }

  declare(name: string, value: Value = NO_VALUE, fields?: readonly string[]): void {
    const key = this.keyOf(name);
    const slot: Slot = { name: this.written(name), key, fields, value: NO_VALUE };
    this.frames.at(-1)?.slots.set(key, slot);
    this.put(slot, value);
  }

  has(name: string): boolean {
    return this.find(this.keyOf(name)) !== undefined;
  }

  /** What a variable holds; undefined when there is none of that name. */
  holds(name: string): Value | undefined {
    const slot = this.find(this.keyOf(name));
    if (slot) this.note(slot);
    return slot?.value;
  }

  /** The same, when nothing is done with it. */
  left(name: string): Value {
    return this.find(this.keyOf(name))?.value ?? NO_VALUE;
  }

  /** Takes a value; variables of a session need no declaration. */
  set(name: string, value: Value): void {
    const key = this.keyOf(name);
    const slot = this.find(key);
    if (slot) return this.put(slot, value);
    // What is assigned is a variable, though its declaration is elsewhere: in a package, or before the fragment we see.
    const frame = key.startsWith('@') ? this.frames[0] : this.frames.find(({ inside }) => inside);
    const made: Slot = { name: this.written(name), key, value: NO_VALUE };
    frame?.slots.set(key, made);
    this.put(made, value);
  }

  /** `r.f := …`; the other fields stay. */
  setField(name: string, field: string, value: Value): void {
    const before = this.find(this.keyOf(name))?.value;
    if (!before) return;
    const written = this.written(field);
    const columns = (before.rows?.columns ?? []).filter(
      (column) => this.names.key(column.name) !== this.names.key(written),
    );
    const { rest } = before.rows ?? {};
    this.set(name, {
      ...before,
      rows: { columns: [...columns, { name: written, influences: all(value) }], influences: [], ...(rest && { rest }) },
      ...(value.deciding && { deciding: distinct([...(before.deciding ?? []), ...value.deciding]) }),
    });
  }

  /** Adds to what is there: an element of a collection, `@x += …`. */
  add(name: string, value: Value): void {
    const before = this.find(this.keyOf(name))?.value;
    if (before) this.set(name, eitherOf(before, value));
    else this.set(name, value);
  }

  /** The names of the blocks and routines around, the nearest last. */
  get around(): readonly string[] {
    return this.frames.flatMap(({ name }) => (name === undefined ? [] : [name]));
  }

  // What the resolver asks.

  called(name: string): readonly Influence[] | undefined {
    const result = this.results.of(name, this.around);
    return result && all(result);
  }

  rowsOf(name: string): Rowset | undefined {
    return this.results.of(name, this.around)?.rows;
  }

  value(name: string): readonly Influence[] | undefined {
    const slot = this.find(this.names.key(name));
    if (!slot) return undefined;
    this.note(slot);
    return all(slot.value);
  }

  relation(name: string): Relation | undefined {
    const key = this.names.key(name);
    const slot = this.find(key);
    if (slot) {
      this.note(slot);
      return { alias: name, rows: recordRows(slot.value) };
    }
    const frame = this.frames.findLast((each) => each.name === key);
    if (!frame) return undefined;
    const columns = [...frame.slots.values()].map((each) => {
      this.note(each);
      return { name: each.name, influences: all(each.value) };
    });
    return { alias: name, rows: { columns, influences: [] } };
  }

  /** Begins to note which values are used. */
  forget(): void {
    this.used = [];
    this.usedTables = [];
  }

  get deciding(): readonly Influence[] {
    return distinct(this.used);
  }

  get tables(): readonly TableName[] {
    return this.usedTables;
  }

  /** Follows each branch from the same point; afterwards a variable holds what it holds after any of them. */
  branches(branches: readonly (() => void)[], complete: boolean): void {
    const outcomes = branches.map((branch) => {
      const journal = new Map<Slot, Value>();
      this.journals.push(journal);
      branch();
      this.journals.pop();
      const outcome = new Map([...journal.keys()].map((slot) => [slot, slot.value] as const));
      for (const [slot, before] of journal) slot.value = before;
      return outcome;
    });
    for (const slot of new Set(outcomes.flatMap((outcome) => [...outcome.keys()]))) {
      const before = slot.value;
      const values = outcomes.map((outcome) => outcome.get(slot) ?? before);
      this.put(slot, (complete ? values : [...values, before]).reduce(eitherOf));
    }
  }

  /** All that `read` assigns, whether or not it was assigned anew later. */
  collecting(read: () => void): ReadonlyMap<Slot, Value> {
    const collector = new Map<Slot, Value>();
    this.collectors.push(collector);
    read();
    this.collectors.pop();
    return collector;
  }

  /** Handlers may find any of the values that the body assigned. */
  handlers(collected: ReadonlyMap<Slot, Value>, handlers: readonly (() => void)[]): void {
    if (handlers.length === 0) return;
    this.branches(
      handlers.map((handler) => () => {
        for (const [slot, value] of collected) this.put(slot, eitherOf(slot.value, value));
        handler();
      }),
      false,
    );
  }

  /**
   * Follows the body of a loop once. What an earlier turn would have left is taken from `carried`; gives what this one leaves, when
   * that is more and the body reads it.
   */
  loop(body: () => void, carried: ReadonlyMap<string, Value> | undefined): ReadonlyMap<string, Value> | undefined {
    const left = new Map<string, Value>();
    this.follow(body, carried, (slot, entry) => {
      const now = eitherOf(entry, slot.value);
      if (sizeOf(now) > sizeOf(entry)) left.set(slot.key, now);
    });
    return left.size > 0 ? left : undefined;
  }

  /**
   * Follows a routine inside of other code: it may be called at any time, so that it may find whatever is assigned to the variables
   * outside of it. Gives a function that says, when all is assigned, what it did not find this time.
   */
  routine(
    body: () => void,
    carried: ReadonlyMap<string, Value> | undefined,
  ): (assigned: ReadonlyMap<Slot, Value>) => ReadonlyMap<string, Value> | undefined {
    const found: (readonly [Slot, Value])[] = [];
    this.follow(body, carried, (slot, entry) => found.push([slot, entry]));
    return (assigned) => {
      const left = new Map<string, Value>();
      for (const [slot, entry] of found) {
        const now = eitherOf(entry, assigned.get(slot) ?? entry);
        if (sizeOf(now) > sizeOf(entry)) left.set(slot.key, now);
      }
      return left.size > 0 ? left : undefined;
    };
  }

  /** Code that may run any number of times. `read` is told of each variable that it read first, and what that held before. */
  private follow(
    body: () => void,
    carried: ReadonlyMap<string, Value> | undefined,
    read: (slot: Slot, entry: Value) => void,
  ): void {
    for (const [key, value] of carried ?? []) {
      const slot = this.find(key);
      if (slot) this.put(slot, eitherOf(slot.value, value));
    }
    const track: LoopTrack = { assigned: new Set(), readFirst: new Set() };
    const before = new Map<Slot, Value>();
    const entry = (slot: Slot) => before.get(slot) ?? slot.value;
    this.journals.push(before);
    this.loops.push(track);
    const collected = this.collecting(body);
    this.loops.pop();
    this.journals.pop();
    for (const slot of track.readFirst) read(slot, entry(slot));
    for (const [slot, value] of collected) this.put(slot, eitherOf(entry(slot), value), before.get(slot));
  }

  private note(slot: Slot): void {
    if (slot.value.deciding) this.used.push(...slot.value.deciding);
    if (slot.value.table) this.usedTables.push(slot.value.table);
    for (const loop of this.loops) if (!loop.assigned.has(slot)) loop.readFirst.add(slot);
  }

  private put(slot: Slot, given: Value, before: Value = slot.value): void {
    const value = fitted(given, slot.fields);
    const journal = this.journals.at(-1);
    if (journal && !journal.has(slot)) journal.set(slot, before);
    for (const collector of this.collectors) {
      const known = collector.get(slot);
      collector.set(slot, known ? eitherOf(known, value) : value);
    }
    for (const loop of this.loops) loop.assigned.add(slot);
    slot.value = value;
  }

  private find(key: string): Slot | undefined {
    for (let at = this.frames.length - 1; at >= 0; at--) {
      const slot = this.frames[at]?.slots.get(key);
      if (slot) return slot;
    }
    return undefined;
  }

  /** The name as the database holds it: `"Rate"`, `[rate]`, `RATE`. */
  private written(name: string): string {
    const quoted = /^["`[]/.test(name);
    const bare = quoted ? name.slice(1, -1) : name;
    return this.names.written(bare, quoted);
  }

  private keyOf(name: string): string {
    return this.names.key(this.written(name));
  }
}
