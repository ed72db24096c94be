import { Injectable } from '@nestjs/common';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type FullName } from './catalog-names.js';
import { type Endpoint } from './endpoint.js';
import { type DatasetName, type FieldName, type SourceFacts } from './named-datasets.js';

/** What the catalog calls things, for the names in scripts. */
@Injectable()
export class NamesStore {
  constructor(private readonly db: DataSource) {}

  /** A source, those with an alias, and the other databases of its server. Removed sources are not named any more. */
  sources(sourceId: string, aliased: readonly string[]): Promise<SourceFacts[]> {
    return rows<SourceFacts>(
      this.db,
      `
      SELECT source.id, source.kind, source.namespace,
             -- A name of MySQL has two parts, whatever database the connection looks at.
             CASE WHEN source.kind <> 'mysql' THEN source.settings ->> 'database' END AS database
        FROM sources.source
       WHERE (source.removed_at IS NULL AND
              source.namespace = (SELECT namespace FROM sources.source WHERE id = $1))
          OR source.id = $1
          OR source.id = ANY($2::uuid[])
       ORDER BY source.created_at, source.id
      `,
      [sourceId, aliased],
    );
  }

  /** Also datasets that are gone: lineage of yesterday still names them. */
  datasets(sourceIds: readonly string[]): Promise<DatasetName[]> {
    return rows<DatasetName>(
      this.db,
      `
      SELECT id, source_id AS "sourceId", scope, name
        FROM dictionary.dataset
       WHERE source_id = ANY($1::uuid[])
       ORDER BY id
      `,
      [sourceIds],
    );
  }

  fields(datasetIds: readonly string[]): Promise<FieldName[]> {
    return rows<FieldName>(
      this.db,
      `
      SELECT field.id, field.dataset_id AS "datasetId", field.name, version.ordinal
        FROM dictionary.field
        JOIN dictionary.dataset ON dataset.id = field.dataset_id
        LEFT JOIN dictionary.field_version AS version
          ON version.field_id = field.id AND version.version_id = dataset.current_version_id
       WHERE field.dataset_id = ANY($1::uuid[])
       ORDER BY field.dataset_id, field.id
      `,
      [datasetIds],
    );
  }

  /** The namespaces that there are sources in. */
  async namespaces(): Promise<string[]> {
    const found = await rows<{ namespace: string }>(
      this.db,
      `SELECT DISTINCT namespace FROM sources.source WHERE removed_at IS NULL ORDER BY namespace`,
    );
    return found.map(({ namespace }) => namespace);
  }

  /** All datasets of some namespaces, also those that are gone; of the source that was registered first, first. */
  inNamespaces(namespaces: readonly string[]): Promise<FullName[]> {
    return rows<FullName>(
      this.db,
      `
      SELECT dataset.id, source.namespace, dataset.qualified_name AS name
        FROM sources.source
        JOIN dictionary.dataset ON dataset.source_id = source.id
       WHERE source.namespace = ANY($1::text[]) AND source.removed_at IS NULL
       ORDER BY source.created_at, dataset.id
      `,
      [namespaces],
    );
  }

  /** Datasets by their full names; when several sources have one, the first that was registered. */
  async byFullName(
    names: readonly { readonly namespace: string; readonly name: string }[],
  ): Promise<Map<string, string>> {
    const found = await rows<{ namespace: string; name: string; id: string }>(
      this.db,
      `
      SELECT DISTINCT ON (source.namespace, dataset.qualified_name)
             source.namespace, dataset.qualified_name AS name, dataset.id
        FROM unnest($1::text[], $2::text[]) AS asked (namespace, name)
        JOIN sources.source ON source.namespace = asked.namespace AND source.removed_at IS NULL
        JOIN dictionary.dataset ON dataset.source_id = source.id AND dataset.qualified_name = asked.name
       ORDER BY source.namespace, dataset.qualified_name, source.created_at, dataset.id
      `,
      [names.map(({ namespace }) => namespace), names.map(({ name }) => name)],
    );
    return new Map(found.map(({ namespace, name, id }) => [fullName(namespace, name), id]));
  }

  /** The endpoint of a dataset or a field by its id; undefined when there is none. */
  async endpoint(kind: 'dataset' | 'field', id: string): Promise<Endpoint | undefined> {
    const [found] = await rows<{ datasetId: string }>(
      this.db,
      kind === 'dataset'
        ? `SELECT id AS "datasetId" FROM dictionary.dataset WHERE id = $1`
        : `SELECT dataset_id AS "datasetId" FROM dictionary.field WHERE id = $1`,
      [id],
    );
    if (!found) return undefined;
    return kind === 'dataset'
      ? { kind, datasetId: found.datasetId }
      : { kind, datasetId: found.datasetId, fieldId: id };
  }
}

export const fullName = (namespace: string, name: string): string => JSON.stringify([namespace, name]);
