import { isSame, type Scope } from './names.js';

/** Asks the catalog within one session. */
export interface Asker {
  readonly isMariaDb: boolean;
  ask<T>(sql: string): Promise<T[]>;
}

/** What an account may do: its own rights, those of its active roles and PUBLIC's. A right outlives the table that it names. */
export interface Grants {
  /** All tables and views of a database show, those to come too. */
  showsAllTables(scope: Scope): boolean;
  showsAllRoutines(scope: Scope): boolean;
  /** Tables and views by their own names that the account has a right to read, in whole or in part; whether they are there or not. */
  tablesOf(scope: Scope): readonly string[];
  /** The same of routines, each as `name(procedure)`. Servers usually drop these rights together with the routine. */
  routinesOf(scope: Scope): readonly string[];
  /** Tables of which only some columns were granted: the others do not show at all. */
  partly(scope: Scope): readonly string[];
}

/** The account's rights as they are now. SHOW GRANTS counts roles and PUBLIC in; information_schema shows only the account's own. */
export async function readGrants(asker: Asker): Promise<Grants> {
  let rows: Record<string, string>[];
  try {
    rows = await asker.ask<Record<string, string>>('SHOW GRANTS');
  } catch (error) {
    const { errno, sqlState } = error as { errno?: number; sqlState?: string };
    if (sqlState === undefined) throw error;
    // Without grant tables everybody may do everything; whoever does not tell of rights for another reason vouches for nothing.
    return errno === OPTION_PREVENTS_STATEMENT ? ALL : grantsOf([], { literal: true });
  }
  const literal = !asker.isMariaDb && (await hasPartialRevokes(asker));
  return grantsOf(
    rows.flatMap((row) => Object.values(row).slice(0, 1)),
    { literal },
  );
}

const OPTION_PREVENTS_STATEMENT = 1290;

/** Then the name of a granted database is no pattern. */
async function hasPartialRevokes({ ask }: Asker): Promise<boolean> {
  const [row] = await ask<{ literal: string | number }>('SELECT @@GLOBAL.partial_revokes AS literal');
  return Number(row?.literal ?? 1) === 1;
}

const ALL: Grants = {
  showsAllTables: () => true,
  showsAllRoutines: () => true,
  tablesOf: () => [],
  routinesOf: () => [],
  partly: () => [],
};

/** One line of SHOW GRANTS. */
interface Right {
  readonly privileges: readonly Privilege[];
  readonly routine?: string;
  /** A pattern where the right is on a whole database; `*` for all databases. */
  readonly database: string;
  /** `*` for all. */
  readonly object: string;
  readonly grantee: string;
  readonly taken: boolean;
}

interface Privilege {
  readonly name: string;
  readonly ofColumns: boolean;
}

const NAME = '\\*|`(?:[^`]|``)*`';
const LINE = new RegExp(
  `^(GRANT|REVOKE) ((?:[^\`]|\`(?:[^\`]|\`\`)*\`)+?) ON (?:(TABLE|PROCEDURE|FUNCTION|PACKAGE BODY|PACKAGE) )?(${NAME})\\.(${NAME}) ` +
    `(?:TO|FROM) ((?:[^\`\\s]|\`(?:[^\`]|\`\`)*\`|'[^']*')+)`,
);
const COLUMNS = /\s*\((?:[^`)]|`(?:[^`]|``)*`)*\)/g;

function rightOf(line: string): Right[] {
  const [, verb, privileges, type, database, object, grantee] = LINE.exec(line) ?? [];
  if (privileges === undefined || database === undefined || object === undefined || grantee === undefined) return [];
  return [
    {
      privileges: privileges
        .replaceAll(COLUMNS, '()')
        .split(/\s*,\s*/)
        .map((each) => ({ name: each.replace('()', '').trim().toUpperCase(), ofColumns: each.endsWith('()') })),
      ...(type !== undefined && type !== 'TABLE' && { routine: type.toLowerCase() }),
      database: unquoted(database),
      object: unquoted(object),
      grantee,
      taken: verb === 'REVOKE',
    },
  ];
}

const unquoted = (name: string): string => (name === '*' ? name : name.slice(1, -1).replaceAll('``', '`'));

/** Any of these shows the columns it was granted for. DELETE, for instance, does not. */
const SHOWING = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'];
const OF_ROUTINES = ['EXECUTE', 'ALTER ROUTINE'];

/** @param how.literal the name of a granted database is no pattern. */
export function grantsOf(lines: readonly string[], { literal }: { readonly literal: boolean }): Grants {
  const rights = lines.flatMap(rightOf);
  const onAll = rights.filter(({ database, taken }) => database === '*' && !taken);
  const onDatabases = rights.filter(({ database, object, taken }) => database !== '*' && object === '*' && !taken);
  const onObjects = rights.filter(({ object }) => object !== '*');
  const takenAway = rights.filter(({ taken }) => taken);

  const has = ({ privileges }: Right, names: readonly string[], ofColumns = false) =>
    privileges.some(
      (each) => each.ofColumns === ofColumns && (names.includes(each.name) || each.name === 'ALL PRIVILEGES'),
    );
  const isOf = (scope: Scope, { database }: Right) =>
    literal ? isSame(scope, database, scope.name) : matches(scope, database);

  const global = (scope: Scope, name: string) =>
    onAll.some((right) => has(right, [name])) &&
    !takenAway.some((right) => has(right, [name]) && isSame(scope, right.database, scope.name));
  /** Of several patterns that fit a server takes the closest alone, so each of them has to have the right. */
  const ofDatabase = (scope: Scope, name: string) => {
    const fitting = onDatabases.filter((right) => isOf(scope, right));
    return fitting.some(({ grantee }) =>
      fitting.filter((right) => right.grantee === grantee).every((right) => has(right, [name])),
    );
  };
  const whole = (scope: Scope, names: readonly string[]) =>
    names.some((name) => global(scope, name) || ofDatabase(scope, name));
  const objectsOf = (scope: Scope) => onObjects.filter(({ database }) => isSame(scope, database, scope.name));
  const tables = (scope: Scope) => objectsOf(scope).filter(({ routine }) => routine === undefined);
  const mysql: Scope = { name: 'mysql', folded: false };

  return {
    showsAllTables: (scope) => whole(scope, ['SELECT']),
    showsAllRoutines: (scope) =>
      whole(scope, [...OF_ROUTINES, 'SHOW CREATE ROUTINE']) ||
      global(scope, 'SHOW_ROUTINE') ||
      global(scope, 'SELECT') ||
      ofDatabase(mysql, 'SELECT') ||
      tables(mysql).some((right) => right.object === 'proc' && has(right, ['SELECT'])),
    tablesOf: (scope) => [
      ...new Set(
        tables(scope).flatMap((right) =>
          has(right, ['SELECT']) || has(right, ['SELECT'], true) ? [right.object] : [],
        ),
      ),
    ],
    routinesOf: (scope) =>
      objectsOf(scope).flatMap((right) =>
        // MariaDB shows nobody a routine for a right that PUBLIC has on it alone.
        right.routine !== undefined && right.grantee !== 'PUBLIC' && has(right, OF_ROUTINES)
          ? [`${right.object}(${right.routine})`]
          : [],
      ),
    partly: (scope) => {
      if (whole(scope, SHOWING)) return [];
      const named = tables(scope);
      const shown = new Set(named.filter((right) => has(right, SHOWING)).map(({ object }) => object));
      const inPart = named.filter((right) => has(right, SHOWING, true)).map(({ object }) => object);
      return [...new Set(inPart)].filter((object) => !shown.has(object));
    },
  };
}

/** Whether a pattern of a granted database is its name: `%` and `_` as with LIKE. */
function matches({ name, folded }: Scope, pattern: string): boolean {
  const source = pattern.replaceAll(/\\?[\s\S]/gu, (part) => {
    if (part === '%') return '[^]*';
    if (part === '_') return '[^]';
    const character = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
    return character.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`, folded ? 'iu' : 'u').test(name);
}

/**
 * What is gone for certain, by the rights before a listing and after it; undefined where the listing shows all that is there. A right
 * that came or went meanwhile vouches for nothing.
 * @param named what each of them names; undefined where it shows all.
 */
export function goneBy(
  [before, after]: readonly [readonly string[] | undefined, readonly string[] | undefined],
  shown: readonly string[],
  folded: (name: string) => string,
): readonly string[] | undefined {
  if (before === undefined && after === undefined) return undefined;
  const listed = new Set(shown.map(folded));
  const earlier = before && new Set(before);
  return (after ?? before ?? []).filter((name) => (earlier?.has(name) ?? true) && !listed.has(folded(name)));
}
