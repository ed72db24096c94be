import { Injectable } from '@nestjs/common';
import { type TypeFamily } from '#core/connector-kit';
import { type AssetName, NotFound } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

/** What a source says of a field. */
export interface FieldFacts {
  readonly name: string;
  readonly ordinal: number;
  readonly nativeType: string;
  readonly typeFamily: TypeFamily;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly nullable: boolean;
  readonly defaultExpression: string | null;
  readonly generated: string | null;
  readonly comment: string | null;
}

/** A field as it is now or, when its dataset has it no more, as it was last. */
export interface FieldRow extends FieldFacts {
  readonly id: string;
  readonly datasetId: string;
  readonly namespace: string;
  /** The dataset's. */
  readonly qualifiedName: string;
  readonly present: boolean;
}

/** The columns of {@link FieldFacts} from `field` and `version`. */
export const FIELD_FACTS = `
  field.name, version.ordinal, version.native_type AS "nativeType", version.type_family AS "typeFamily",
  version.length, version.precision, version.scale, version.nullable,
  version.default_expression AS "defaultExpression", version.generated, version.comment
`;

const FIELD = `
  SELECT field.id, field.dataset_id AS "datasetId", dataset.namespace, dataset.qualified_name AS "qualifiedName",
         dataset.present AND version.version_id = dataset.version_id AS present, ${FIELD_FACTS}
    FROM dictionary.known_dataset AS dataset
    JOIN dictionary.field ON field.dataset_id = dataset.id
`;

/** Joins the version of a field that is true now, else the last that had it (ids of versions go up with time). */
const AS_KNOWN = `
    JOIN LATERAL (
           SELECT *
             FROM dictionary.field_version AS each
            WHERE each.field_id = field.id
            ORDER BY each.version_id = dataset.version_id DESC, each.version_id DESC
            LIMIT 1
         ) AS version ON true
`;

/** Reads fields. */
@Injectable()
export class Fields {
  constructor(private readonly db: DataSource) {}

  /** @throws {NotFound} */
  async get(id: string): Promise<FieldRow> {
    const [found] = await this.ofIds([id]);
    if (!found) throw new NotFound('field', id);
    return found;
  }

  ofIds(ids: readonly string[]): Promise<FieldRow[]> {
    return rows(this.db, `${FIELD} ${AS_KNOWN} WHERE field.id = ANY($1)`, [ids]);
  }

  /** The fields that datasets have now (or had last), by their place. */
  ofDatasets(datasetIds: readonly string[]): Promise<FieldRow[]> {
    return rows(
      this.db,
      `
      ${FIELD}
        JOIN dictionary.field_version AS version
          ON version.field_id = field.id AND version.version_id = dataset.version_id
       WHERE dataset.id = ANY($1)
       ORDER BY dataset.id, version.ordinal
      `,
      [datasetIds],
    );
  }

  /** The field of a name, in the dataset that `Datasets.byName` finds. */
  byName(datasetId: string, { column }: AssetName): Promise<FieldRow | undefined> {
    return row(this.db, `${FIELD} ${AS_KNOWN} WHERE dataset.id = $1 AND field.name = $2`, [datasetId, column]);
  }
}
