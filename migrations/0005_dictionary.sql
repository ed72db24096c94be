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
CREATE INDEX dataset_name_trgm ON dictionary.dataset USING gin (name gin_trgm_ops);

CREATE TABLE dictionary.field (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  name text NOT NULL,
  UNIQUE (dataset_id, name)
);
CREATE INDEX field_name_trgm ON dictionary.field USING gin (name gin_trgm_ops);

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
CREATE INDEX schema_version_dataset ON dictionary.schema_version (dataset_id);
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

-- The source's own guess at the size; no part of the schema, so it makes no version.
CREATE TABLE dictionary.dataset_size (
  dataset_id uuid PRIMARY KEY REFERENCES dictionary.dataset,
  row_estimate bigint NOT NULL,
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
CREATE INDEX entry_business_name_trgm ON dictionary.entry USING gin (business_name gin_trgm_ops);
CREATE INDEX entry_definition_trgm ON dictionary.entry USING gin (definition gin_trgm_ops);
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
