-- What the sources hold, as a harvest saw it, and apart from it what people wrote about it.
CREATE SCHEMA dictionary;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE dictionary.dataset (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source_id uuid NOT NULL REFERENCES sources.source,
  scope text NOT NULL,
  name text NOT NULL,
  -- Name in the source's namespace after OpenLineage, for instance risk.dwd.loan.
  qualified_name text NOT NULL,
  -- The version that is valid now; NULL when the source has it no more. A copy of what schema_validity says.
  current_version_id uuid,
  created_at timestamptz NOT NULL,
  UNIQUE (source_id, qualified_name)
);
CREATE INDEX dataset_scope ON dictionary.dataset (source_id, scope);

CREATE TABLE dictionary.field (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  name text NOT NULL,
  UNIQUE (dataset_id, name)
);

-- Content of a schema; never changed.
CREATE TABLE dictionary.schema_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  digest text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('table', 'view', 'materialized_view', 'foreign_table', 'partitioned_table', 'file')),
  comment text,
  view_sql text,
  owner text,
  -- Primary, unique and foreign keys, as the connector kit's HarvestedKey.
  keys jsonb NOT NULL,
  -- For a foreign table: what it shows, as the kit's ForeignTable.
  foreign_of jsonb
);
-- A schema that comes back is the one it was.
CREATE UNIQUE INDEX schema_version_content ON dictionary.schema_version (dataset_id, digest);
ALTER TABLE dictionary.dataset ADD FOREIGN KEY (current_version_id) REFERENCES dictionary.schema_version;

CREATE TABLE dictionary.field_version (
  version_id uuid NOT NULL REFERENCES dictionary.schema_version,
  field_id uuid NOT NULL REFERENCES dictionary.field,
  ordinal integer NOT NULL,
  native_type text NOT NULL,
  type_family text NOT NULL,
  length integer,
  precision integer,
  scale integer,
  nullable boolean NOT NULL,
  default_expression text,
  generated text,
  comment text,
  PRIMARY KEY (version_id, field_id)
);
CREATE INDEX field_version_field ON dictionary.field_version (field_id);

-- When a schema was true, and when we held that to be so. A row is never changed but to close recorded_to.
CREATE TABLE dictionary.schema_validity (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  version_id uuid NOT NULL REFERENCES dictionary.schema_version,
  -- The harvest run that found it out.
  run_id uuid,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  CHECK (recorded_from <= recorded_to),
  -- At no point of both times are there two schemas of a dataset.
  EXCLUDE USING gist (
    dataset_id WITH =,
    tstzrange(valid_from, valid_to) WITH &&,
    tstzrange(recorded_from, recorded_to) WITH &&
  )
);

CREATE INDEX schema_validity_dataset ON dictionary.schema_validity (dataset_id, valid_from);
CREATE INDEX schema_validity_run ON dictionary.schema_validity (run_id);

-- What a snapshot on its way has read so far. Emptied when it is kept or given up.
CREATE TABLE dictionary.staged_dataset (
  snapshot_id uuid NOT NULL,
  source_id uuid NOT NULL REFERENCES sources.source,
  scope text NOT NULL,
  name text NOT NULL,
  qualified_name text NOT NULL,
  -- Of what makes a version: everything but the size.
  digest text NOT NULL,
  -- The connector kit's HarvestedDataset.
  content jsonb NOT NULL,
  PRIMARY KEY (snapshot_id, qualified_name)
);
CREATE INDEX staged_dataset_source ON dictionary.staged_dataset (source_id);

-- The source's own guess at the size; no part of the schema, so it makes no version.
CREATE TABLE dictionary.dataset_size (
  dataset_id uuid PRIMARY KEY REFERENCES dictionary.dataset,
  row_estimate bigint NOT NULL,
  -- When it was first read with this number.
  read_at timestamptz NOT NULL
);

-- What people (or an import, or a rule) say of a dataset or a field. A harvest never writes here.
CREATE TABLE dictionary.entry (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  dataset_id uuid UNIQUE REFERENCES dictionary.dataset,
  field_id uuid UNIQUE REFERENCES dictionary.field,
  business_name text NOT NULL DEFAULT '',
  definition text NOT NULL DEFAULT '',
  owner text NOT NULL DEFAULT '',
  tags text[] NOT NULL DEFAULT '{}',
  security_level text CHECK (security_level IN ('L1', 'L2', 'L3', 'L4', 'L5')),
  origin text NOT NULL CHECK (origin IN ('person', 'rule', 'import')),
  -- Goes up with each change; a change based on an older one is refused.
  revision integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL,
  CHECK ((dataset_id IS NULL) <> (field_id IS NULL))
);
CREATE INDEX entry_tags ON dictionary.entry USING gin (tags);

-- For the domains above: datasets and fields as they are now.
CREATE VIEW dictionary.current_dataset AS
SELECT dataset.id, dataset.source_id, source.namespace, source.kind AS source_kind, dataset.scope, dataset.name,
       dataset.qualified_name, version.id AS version_id, version.kind, version.comment, version.view_sql, version.owner,
       version.keys, version.foreign_of
  FROM dictionary.dataset
  JOIN sources.source ON source.id = dataset.source_id AND source.removed_at IS NULL
  JOIN dictionary.schema_version AS version ON version.id = dataset.current_version_id;

CREATE VIEW dictionary.current_field AS
SELECT field.id, field.dataset_id, field.name, version.ordinal, version.native_type, version.type_family, version.length,
       version.precision, version.scale, version.nullable, version.default_expression, version.generated, version.comment
  FROM dictionary.field
  JOIN dictionary.dataset ON dataset.id = field.dataset_id
  JOIN dictionary.field_version AS version ON version.field_id = field.id AND version.version_id = dataset.current_version_id;

-- Datasets as they are now or, when the source has them no more, as they were last.
CREATE VIEW dictionary.known_dataset AS
SELECT dataset.id, dataset.source_id, source.namespace, source.kind AS source_kind, dataset.scope, dataset.name,
       dataset.qualified_name, dataset.created_at,
       dataset.current_version_id IS NOT NULL AND source.removed_at IS NULL AS present,
       version.id AS version_id, version.kind, version.comment, version.view_sql, version.owner, version.keys,
       version.foreign_of
  FROM dictionary.dataset
  JOIN sources.source ON source.id = dataset.source_id
  LEFT JOIN LATERAL (
         SELECT validity.version_id
           FROM dictionary.schema_validity AS validity
          WHERE dataset.current_version_id IS NULL
            AND validity.dataset_id = dataset.id
            AND validity.recorded_to = 'infinity'
          ORDER BY validity.valid_from DESC
          LIMIT 1
       ) AS last ON true
  JOIN dictionary.schema_version AS version ON version.id = coalesce(dataset.current_version_id, last.version_id);

-- Chinese, Japanese and Korean characters of a text, alone and in pairs. pg_trgm knows words of three letters and, in
-- most locales, no Chinese at all; words of one or two characters are the rule in Chinese.
CREATE FUNCTION dictionary.cjk_grams(body text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (
    SELECT coalesce(array_agg(DISTINCT gram), '{}')
      FROM regexp_matches(body, '[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+', 'g') AS run (part)
     CROSS JOIN LATERAL generate_series(1, char_length(run.part[1])) AS place
     CROSS JOIN LATERAL (VALUES (substr(run.part[1], place, 1)), (substr(run.part[1], place, 2))) AS grams (gram)
  );

-- What can be searched of the datasets and fields there are now, in lower case: one row each, written together with
-- what it is made of.
CREATE TABLE dictionary.search_document (
  asset_id uuid PRIMARY KEY,
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  field_id uuid REFERENCES dictionary.field,
  name text NOT NULL,
  business_name text NOT NULL,
  -- The qualified name, with the field's for a field. Only looked at when somebody searches for a name with dots.
  path text NOT NULL,
  -- Name, business name, comment, definition and tags; for a dataset also the qualified name.
  body text NOT NULL,
  grams text[] NOT NULL GENERATED ALWAYS AS (dictionary.cjk_grams(body)) STORED
);
CREATE INDEX search_document_dataset ON dictionary.search_document (dataset_id);
CREATE INDEX search_document_body_trgm ON dictionary.search_document USING gin (body gin_trgm_ops);
CREATE INDEX search_document_name_trgm ON dictionary.search_document USING gin (name gin_trgm_ops);
CREATE INDEX search_document_grams ON dictionary.search_document USING gin (grams);

-- The rows that search_document should have.
CREATE VIEW dictionary.search_source AS
SELECT dataset.id AS asset_id, dataset.id AS dataset_id, NULL::uuid AS field_id, lower(dataset.name) AS name,
       lower(coalesce(entry.business_name, '')) AS business_name, lower(dataset.qualified_name) AS path,
       lower(concat_ws(E'\n', dataset.name, dataset.qualified_name, version.comment, entry.business_name,
                       entry.definition, array_to_string(entry.tags, E'\n'))) AS body
  FROM dictionary.dataset
  JOIN dictionary.schema_version AS version ON version.id = dataset.current_version_id
  LEFT JOIN dictionary.entry ON entry.dataset_id = dataset.id
 UNION ALL
SELECT field.id, field.dataset_id, field.id, lower(field.name), lower(coalesce(entry.business_name, '')),
       lower(dataset.qualified_name || '.' || field.name),
       lower(concat_ws(E'\n', field.name, version.comment, entry.business_name, entry.definition,
                       array_to_string(entry.tags, E'\n')))
  FROM dictionary.dataset
  JOIN dictionary.field ON field.dataset_id = dataset.id
  JOIN dictionary.field_version AS version
    ON version.version_id = dataset.current_version_id AND version.field_id = field.id
  LEFT JOIN dictionary.entry ON entry.field_id = field.id;
