import { Injectable } from '@nestjs/common';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

export const RATES_BY = ['source', 'element', 'owner'] as const;
export type RatesBy = (typeof RATES_BY)[number];

/** How many fields are mapped, and how many of those hold to their element. */
export interface ComplianceRate {
  /** Id of the source or element; the owner's name. Empty for fields without an owner. */
  readonly key: string;
  readonly name: string;
  /** Fields there are; by element: fields that are mapped or suggested. */
  readonly fields: number;
  readonly mapped: number;
  readonly pass: number;
  readonly fail: number;
  readonly notEvaluated: number;
  readonly error: number;
  /** Mapped, but not judged yet. */
  readonly unchecked: number;
}

const COUNTS = `
  count(DISTINCT of.field_id)::int AS fields,
  count(of.mapping_id)::int AS mapped,
  count(*) FILTER (WHERE of.overall = 'pass')::int AS pass,
  count(*) FILTER (WHERE of.overall = 'fail')::int AS fail,
  count(*) FILTER (WHERE of.overall = 'not_evaluated')::int AS "notEvaluated",
  count(*) FILTER (WHERE of.overall = 'error')::int AS error,
  count(*) FILTER (WHERE of.mapping_id IS NOT NULL AND of.overall IS NULL)::int AS unchecked`;

/** Every field there is, with its confirmed mapping and the verdict on it, if any. */
const FIELDS = `
  SELECT field.id AS field_id, dataset.source_id, mapping.id AS mapping_id, mapping.element_id, verdict.overall,
         coalesce(nullif(of_field.owner, ''), nullif(of_dataset.owner, ''), source.owner) AS owner
    FROM dictionary.current_field AS field
    JOIN dictionary.current_dataset AS dataset ON dataset.id = field.dataset_id
    JOIN sources.source ON source.id = dataset.source_id
    LEFT JOIN dictionary.entry AS of_field ON of_field.field_id = field.id
    LEFT JOIN dictionary.entry AS of_dataset ON of_dataset.dataset_id = dataset.id
    LEFT JOIN standards.mapping ON mapping.field_id = field.id AND mapping.state = 'confirmed'
    LEFT JOIN standards.verdict ON verdict.mapping_id = mapping.id AND verdict.recorded_to = 'infinity'`;

const QUERIES: Readonly<Record<RatesBy, string>> = {
  source: `
    SELECT source.id::text AS key, source.name, ${COUNTS}
      FROM sources.source JOIN (${FIELDS}) AS of ON of.source_id = source.id
     GROUP BY source.id ORDER BY source.name, source.id`,
  owner: `
    SELECT of.owner AS key, of.owner AS name, ${COUNTS} FROM (${FIELDS}) AS of GROUP BY of.owner ORDER BY of.owner`,
  element: `
    SELECT element.id::text AS key, element.code AS name, ${COUNTS}
      FROM standards.data_element AS element
      JOIN (
        SELECT mapping.field_id, mapping.element_id, CASE WHEN mapping.state = 'confirmed' THEN mapping.id END AS mapping_id,
               CASE WHEN mapping.state = 'confirmed' THEN verdict.overall END AS overall
          FROM standards.mapping
          JOIN dictionary.current_field ON current_field.id = mapping.field_id
          JOIN dictionary.current_dataset ON current_dataset.id = current_field.dataset_id
          LEFT JOIN standards.verdict ON verdict.mapping_id = mapping.id AND verdict.recorded_to = 'infinity'
         WHERE mapping.state <> 'rejected'
      ) AS of ON of.element_id = element.id
     GROUP BY element.id ORDER BY element.code, element.id`,
};

/** The rates of mapping and of compliance (落标率), of the fields as they are now. */
@Injectable()
export class Compliance {
  constructor(private readonly db: DataSource) {}

  rates(by: RatesBy): Promise<ComplianceRate[]> {
    return rows<ComplianceRate>(this.db, QUERIES[by]);
  }
}
