// What a block of code does, step by step. Texts are given by their offsets; what they mean is read later.

/** A piece of the text: `text.slice(start, end)`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A parameter of a routine or a cursor: its name as written. */
export interface Parameter {
  readonly name: string;
  readonly value?: Range;
  /** Takes a row of this table or cursor: `%ROWTYPE`. */
  readonly rowOf?: string;
  /** What it holds at the end goes to whoever calls the routine; `inout`: it may also be what they gave. */
  readonly out?: 'out' | 'inout';
}

/** `FOR x IN …`, or nothing for a loop that only repeats. */
export interface LoopHead {
  readonly names: readonly string[];
  readonly query?: Range;
  readonly cursor?: string;
  /** The text of a query, put together when it runs. */
  readonly text?: Range;
  readonly using?: readonly Range[];
  /** `FOREACH x IN ARRAY …`, and bounds. */
  readonly value?: Range;
}

/** The rows of a trigger: which table's, and what they are called. */
export interface TriggerRows {
  readonly table: string;
  /** Records: `NEW`, `:old`. */
  readonly records: readonly string[];
  /** Tables: `inserted`. */
  readonly tables: readonly string[];
}

export interface Execution {
  readonly text: Range;
  readonly into: readonly Range[];
  readonly using: readonly Range[];
  /** Names of the parameters, where they are named (`sp_executesql`). */
  readonly names?: readonly string[];
}

export type Step = Range &
  (
    | { readonly is: 'sql' }
    | { readonly is: 'assign'; readonly target: Range; readonly value: Range; readonly adds?: boolean }
    | {
        readonly is: 'block';
        readonly name?: string;
        readonly body: readonly Step[];
        readonly handlers: readonly (readonly Step[])[];
      }
    | {
        readonly is: 'choice';
        readonly conditions: readonly Range[];
        readonly branches: readonly (readonly Step[])[];
        /** One of the branches is always taken. */
        readonly complete: boolean;
      }
    | {
        readonly is: 'loop';
        readonly name?: string;
        readonly head?: LoopHead;
        readonly conditions: readonly Range[];
        readonly body: readonly Step[];
      }
    | {
        readonly is: 'declare';
        readonly names: readonly string[];
        readonly rowOf?: string;
        /** The type as written, where it may be one that the code declares. */
        readonly type?: string;
        readonly value?: Range;
      }
    /** `TYPE t IS RECORD (…)`, `TYPE ts IS TABLE OF t` */
    | { readonly is: 'type'; readonly name: string; readonly definition: Range }
    | { readonly is: 'table'; readonly name: string; readonly columns: readonly string[] }
    | {
        readonly is: 'cursor';
        readonly name: string;
        readonly parameters: readonly Parameter[];
        readonly query?: Range;
        readonly text?: Range;
      }
    | {
        readonly is: 'open';
        readonly cursor: string;
        readonly query?: Range;
        readonly text?: Range;
        readonly using?: readonly Range[];
      }
    | { readonly is: 'fetch'; readonly cursor: string; readonly into: readonly Range[] }
    | ({ readonly is: 'execute' } & Execution)
    | { readonly is: 'prepare'; readonly name: string; readonly text: Range }
    | { readonly is: 'run'; readonly name: string; readonly using: readonly Range[] }
    | {
        readonly is: 'call';
        readonly name: string;
        readonly arguments: readonly Range[];
        /** The parameters that the arguments are for, where that is not said in the argument itself (`p => x`). */
        readonly names?: readonly (string | undefined)[];
        readonly outputs?: readonly Range[];
      }
    /** `RETURN x` of a function. */
    | { readonly is: 'return'; readonly value: Range }
    /** Values that are looked at, and go nowhere: conditions. */
    | { readonly is: 'look'; readonly values: readonly Range[] }
    /** A query whose rows go to the caller: `RETURN QUERY …`. */
    | { readonly is: 'query'; readonly query: Range }
    | {
        readonly is: 'routine';
        readonly name?: string;
        readonly parameters: readonly Parameter[];
        readonly trigger?: TriggerRows;
        readonly body: readonly Step[];
        /** Temporary tables of the routine's result (`RETURNS @t TABLE`). */
        readonly result?: { readonly name: string; readonly columns: readonly string[] };
      }
    /** Code in a string (PostgreSQL): `$$ … $$` or `'…'`, or bare text between BEGIN ATOMIC and END. */
    | { readonly is: 'body'; readonly language: string }
    /** A trigger that calls a function for the rows of a table. */
    | { readonly is: 'attach'; readonly name: string; readonly table: string }
    /** Code that is not SQL, or is elsewhere. */
    | { readonly is: 'foreign'; readonly why: string }
    | { readonly is: 'unknown'; readonly why: string }
    | { readonly is: 'nothing' }
  );

/** Nested deeper than anyone writes. */
export class TooDeep extends Error {
  override readonly name = 'TooDeep';
}

export const DEEPEST = 300;
