import { Injectable } from '@nestjs/common';
import { type RoutineKind } from '#core/connector-kit';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { likePattern } from './like.js';

/** What a source says of a routine. */
interface RoutineFacts {
  readonly kind: RoutineKind;
  readonly language: string;
  readonly arguments: string;
  readonly returns: string | null;
  readonly body: string | null;
  readonly comment: string | null;
  /** The account that owns it in the source. */
  readonly owner: string | null;
}

/** A procedure or function as it is now or, when the source has it no more, as it was last. */
export interface RoutineRow extends RoutineFacts {
  readonly id: string;
  readonly sourceId: string;
  readonly scope: string;
  readonly name: string;
  readonly qualifiedName: string;
  readonly alteredAt: Date | null;
  readonly present: boolean;
  readonly createdAt: Date;
}

/** A definition that a routine had, with the times when it was true and when we held it to be so. */
export interface RoutineVersionRow extends RoutineFacts {
  readonly id: string;
  readonly routineId: string;
  readonly digest: string;
  readonly validFrom: Date;
  /** null: still true. */
  readonly validTo: Date | null;
  readonly recordedFrom: Date;
  /** null: still held to be so. */
  readonly recordedTo: Date | null;
}

export interface RoutineFilter {
  readonly sourceId?: string;
  readonly scope?: string;
  readonly kind?: RoutineKind;
  /** Part of the name, in any case. */
  readonly nameContains?: string;
  /** false: also those that the source has no more. */
  readonly presentOnly?: boolean;
}

const FACTS = `version.kind, version.language, version.arguments, version.returns, version.body, version.comment, version.owner`;

const KNOWN = `
  FROM dictionary.routine
  JOIN sources.source ON source.id = routine.source_id
  LEFT JOIN LATERAL (
         SELECT validity.version_id
           FROM dictionary.routine_validity AS validity
          WHERE routine.current_version_id IS NULL
            AND validity.routine_id = routine.id
            AND validity.recorded_to = 'infinity'
          ORDER BY validity.valid_from DESC
          LIMIT 1
       ) AS last ON true
  JOIN dictionary.routine_version AS version ON version.id = coalesce(routine.current_version_id, last.version_id)
`;

const PRESENT = 'routine.current_version_id IS NOT NULL AND source.removed_at IS NULL';

const ROUTINE = `
  SELECT routine.id, routine.source_id AS "sourceId", routine.scope, routine.name, routine.qualified_name AS "qualifiedName",
         routine.altered_at AS "alteredAt", ${PRESENT} AS present, routine.created_at AS "createdAt", ${FACTS}
  ${KNOWN}
`;

/** Reads the procedures and functions of the sources. */
@Injectable()
export class Routines {
  constructor(private readonly db: DataSource) {}

  /** @throws {NotFound} */
  async get(id: string): Promise<RoutineRow> {
    const found = await row<RoutineRow>(this.db, `${ROUTINE} WHERE routine.id = $1`, [id]);
    if (!found) throw new NotFound('routine', id);
    return found;
  }

  /** By qualified name. */
  async list(filter: RoutineFilter, { first, after }: PageRequest): Promise<Page<RoutineRow>> {
    const params: unknown[] = [];
    const place = (value: unknown) => `$${params.push(value)}`;
    const { sourceId, scope, kind, nameContains, presentOnly = true } = filter;
    const conditions = [
      ...(presentOnly ? [PRESENT] : ['true']),
      ...(sourceId === undefined ? [] : [`routine.source_id = ${place(sourceId)}`]),
      ...(scope === undefined ? [] : [`routine.scope = ${place(scope)}`]),
      ...(kind === undefined ? [] : [`version.kind = ${place(kind)}`]),
      ...(nameContains === undefined ? [] : [`lower(routine.name) LIKE lower(${place(likePattern(nameContains))})`]),
    ].join(' AND ');
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total ${KNOWN} WHERE ${conditions}`,
      params,
    );
    const beyond = after === undefined ? [] : decodeCursor('routines', after);
    const found = await rows<RoutineRow>(
      this.db,
      `
      ${ROUTINE}
       WHERE ${conditions}
         ${after === undefined ? '' : `AND (routine.qualified_name, routine.id) > ($${params.length + 1}::text, $${params.length + 2}::uuid)`}
       ORDER BY routine.qualified_name, routine.id
       LIMIT ${first + 1}
      `,
      [...params, ...beyond],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** The definitions that routines had, as we hold it to be so now, newest first. */
  versionsOf(routineIds: readonly string[]): Promise<RoutineVersionRow[]> {
    return rows(
      this.db,
      `
      SELECT validity.id, validity.routine_id AS "routineId", version.digest, ${FACTS},
             validity.valid_from AS "validFrom", nullif(validity.valid_to, 'infinity') AS "validTo",
             validity.recorded_from AS "recordedFrom", nullif(validity.recorded_to, 'infinity') AS "recordedTo"
        FROM dictionary.routine_validity AS validity
        JOIN dictionary.routine_version AS version ON version.id = validity.version_id
       WHERE validity.routine_id = ANY($1)
         AND validity.recorded_to = 'infinity'
       ORDER BY validity.routine_id, validity.valid_from DESC
      `,
      [routineIds],
    );
  }
}

/** The sort key of {@link Routines.list}, as a cursor. */
export const routineCursor = ({ qualifiedName, id }: RoutineRow): string =>
  encodeCursor('routines', [qualifiedName, id]);
