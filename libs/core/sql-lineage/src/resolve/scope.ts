import type { Cte, Node, Over } from '../parse/tree.js';
import type { OutputColumn, Relation, Rowset } from './rowset.js';
import type { Influence } from './influence.js';

/** A CTE is resolved when it is first used, in the scope it was written in. */
export interface NamedQuery {
  readonly cte: Cte;
  readonly scope: Scope;
  readonly recursive: boolean;
  rows?: Rowset;
  /** While a recursive CTE is being resolved: what is known of it so far. */
  soFar?: Rowset;
  used: boolean;
}

/** The variables of the code that a statement stands in. A variable is no table: what it holds came from columns before. */
export interface Variables {
  /** True inside of a block of code; false for the variables of a session. */
  readonly inside: boolean;
  /** What a bare name holds; undefined when it names no variable. */
  value(name: string): readonly Influence[] | undefined;
  /** What a function of the script gives back; undefined for one that is elsewhere. */
  called(name: string): readonly Influence[] | undefined;
  /** The rows that a function of the script gives; undefined when the script does not have it. */
  rowsOf(name: string): Rowset | undefined;
  /** A record, or a block whose variables are qualified with its name. */
  relation(name: string): Relation | undefined;
}

/** An expression with a name. */
export interface Item {
  readonly node: Node;
  /** Known in the queries inside, too: ClickHouse's `WITH x + 1 AS y`. */
  readonly everywhere: boolean;
  /** While it is being resolved its name means something else: `x + 1 AS x`. */
  busy: boolean;
  value?: readonly Influence[];
}

/** What names mean at one place of a query. Inner scopes see outer ones. */
export class Scope {
  readonly relations: Relation[] = [];
  readonly queries = new Map<string, NamedQuery>();
  /** Columns merged by USING and NATURAL: one column, though two relations have it. */
  readonly merged = new Map<string, OutputColumn>();
  /** Names of the SELECT list, for those clauses that may use them. */
  readonly aliases = new Map<string, readonly Influence[]>();
  /** Expressions that were given a name, wherever that name may be used; resolved when it is. */
  readonly items = new Map<string, Item>();
  readonly windows = new Map<string, Over>();
  /** Parameters of a lambda: their values come from the list they run over, which is an argument already. */
  readonly parameters = new Set<string>();

  readonly variables: Variables | undefined;

  /** `beside`: the FROM clause that a derived table stands in. Its columns are not seen from there, its names are. */
  constructor(
    readonly parent?: Scope,
    readonly beside?: Scope,
    variables?: Variables,
  ) {
    this.variables = variables ?? parent?.variables;
  }

  /** True when no table is in sight, here or further out: what is named here is no column. */
  get bare(): boolean {
    return this.relations.length === 0 && (this.parent?.bare ?? true);
  }

  query(key: string): NamedQuery | undefined {
    return this.queries.get(key) ?? this.parent?.query(key);
  }

  window(key: string): Over | undefined {
    return this.windows.get(key) ?? this.parent?.window(key);
  }

  isParameter(key: string): boolean {
    return this.parameters.has(key) || (this.parent?.isParameter(key) ?? false);
  }
}
