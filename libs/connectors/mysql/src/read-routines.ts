import { type HarvestedRoutine, quoteName, type RoutineKind } from '#core/connector-kit';
import { qualifiedName } from '#kernel';

import { PARAMETERS, ROUTINES } from './catalog-queries.js';
import { given, isoOf, type RowsOf } from './rows.js';

interface RoutineRow {
  readonly scope: string;
  readonly name: string;
  readonly type: string;
  readonly language: string;
  readonly returns: string | null;
  readonly body: string | null;
  readonly comment: string | null;
  readonly definer: string | null;
  readonly altered_at: string | null;
}

interface ParameterRow {
  readonly scope: string;
  readonly routine: string;
  readonly type: string;
  readonly mode: string | null;
  readonly name: string | null;
  readonly native_type: string | null;
}

const KINDS: Readonly<Record<string, RoutineKind>> = {
  PROCEDURE: 'procedure',
  FUNCTION: 'function',
  PACKAGE: 'package',
  'PACKAGE BODY': 'package',
};

/** The routines of one database, by two statements. */
export async function readRoutines(
  rowsOf: RowsOf,
  scope: string,
): Promise<{ readonly routines: HarvestedRoutine[]; readonly withoutBody: string[] }> {
  const rows = await rowsOf<RoutineRow>(ROUTINES);
  const parameters = new Map<string, ParameterRow[]>();
  for (const row of await rowsOf<ParameterRow>(PARAMETERS)) {
    const key = `${row.type} ${row.routine}`;
    parameters.set(key, [...(parameters.get(key) ?? []), row]);
  }
  return {
    routines: rows.map((row) => ({
      scope,
      name: row.name,
      kind: KINDS[row.type] ?? 'function',
      // A procedure and a function can have one name.
      qualifiedName: qualifiedName(scope, `${row.name}(${row.type.toLowerCase()})`),
      language: (row.language || 'SQL').toLowerCase(),
      arguments: (parameters.get(`${row.type} ${row.name}`) ?? []).map(argumentOf).join(', '),
      ...given({
        returns: row.type === 'FUNCTION' ? row.returns || undefined : undefined,
        body: row.body ?? undefined,
        comment: row.comment || undefined,
        owner: row.definer || undefined,
        alteredAt: isoOf(row.altered_at),
        incomplete: row.body === null || undefined,
      }),
    })),
    withoutBody: rows.filter(({ body }) => body === null).map(({ name }) => name),
  };
}

const PLAIN = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

const argumentOf = ({ mode, name, native_type: type }: ParameterRow): string =>
  [mode, name && !PLAIN.test(name) ? quoteName('mysql', name) : name, type]
    .filter((part) => part !== null && part !== '')
    .join(' ');
