-- More of what sources tell: checks, indexes, partitions, sizes in bytes, the last change of a definition; and routines.
ALTER TABLE dictionary.schema_version
  -- As the connector kit's HarvestedCheck and HarvestedIndex; NULL where the source does not tell.
  ADD COLUMN checks jsonb,
  ADD COLUMN indexes jsonb,
  -- How rows are shared out among partitions, for instance RANGE (booked). Partitions are no datasets of their own.
  ADD COLUMN partition_key text;

-- What is no part of the schema: it changes with the rows, or with every statement that touches the definition.
ALTER TABLE dictionary.dataset_size
  ALTER COLUMN row_estimate DROP NOT NULL,
  ADD COLUMN size_bytes bigint,
  ADD COLUMN partition_count integer,
  ADD COLUMN altered_at timestamptz;

-- By which a harvest knows that they are what they were.
ALTER TABLE dictionary.dataset_constraints ADD COLUMN digest text;

CREATE OR REPLACE VIEW dictionary.current_dataset AS
SELECT dataset.id, dataset.source_id, source.namespace, source.kind AS source_kind, dataset.scope, dataset.name,
       dataset.qualified_name, version.id AS version_id, version.kind, version.comment, version.view_sql, version.owner,
       version.keys, version.foreign_of, version.checks, version.indexes, version.partition_key
  FROM dictionary.dataset
  JOIN sources.source ON source.id = dataset.source_id AND source.removed_at IS NULL
  JOIN dictionary.schema_version AS version ON version.id = dataset.current_version_id;

CREATE OR REPLACE VIEW dictionary.known_dataset AS
SELECT dataset.id, dataset.source_id, source.namespace, source.kind AS source_kind, dataset.scope, dataset.name,
       dataset.qualified_name, dataset.created_at,
       dataset.current_version_id IS NOT NULL AND source.removed_at IS NULL AS present,
       version.id AS version_id, version.kind, version.comment, version.view_sql, version.owner, version.keys,
       version.foreign_of, version.checks, version.indexes, version.partition_key
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

-- Procedures and functions. Like datasets they stay the same rows whatever happens to them in the source.
CREATE TABLE dictionary.routine (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source_id uuid NOT NULL REFERENCES sources.source,
  scope text NOT NULL,
  name text NOT NULL,
  -- With the types of the arguments where one name can stand for several: risk.dwd.settle(day date).
  qualified_name text NOT NULL,
  -- The version that is valid now; NULL when the source has it no more. A copy of what routine_validity says.
  current_version_id uuid,
  altered_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (source_id, qualified_name)
);
CREATE INDEX routine_scope ON dictionary.routine (source_id, scope);

-- Never changed.
CREATE TABLE dictionary.routine_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  routine_id uuid NOT NULL REFERENCES dictionary.routine,
  digest text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('procedure', 'function', 'aggregate', 'window', 'package')),
  language text NOT NULL,
  arguments text NOT NULL,
  returns text,
  body text,
  comment text,
  owner text,
  UNIQUE (routine_id, digest)
);
ALTER TABLE dictionary.routine ADD FOREIGN KEY (current_version_id) REFERENCES dictionary.routine_version;

-- As dictionary.schema_validity.
CREATE TABLE dictionary.routine_validity (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  routine_id uuid NOT NULL REFERENCES dictionary.routine,
  version_id uuid NOT NULL REFERENCES dictionary.routine_version,
  run_id uuid,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  CHECK (recorded_from <= recorded_to),
  EXCLUDE USING gist (
    routine_id WITH =,
    tstzrange(valid_from, valid_to) WITH &&,
    tstzrange(recorded_from, recorded_to) WITH &&
  )
);
CREATE INDEX routine_validity_routine ON dictionary.routine_validity (routine_id, valid_from);

-- As dictionary.staged_dataset; without digest and content: not there any more.
CREATE TABLE dictionary.staged_routine (
  snapshot_id uuid NOT NULL,
  source_id uuid NOT NULL REFERENCES sources.source,
  scope text NOT NULL,
  name text NOT NULL,
  qualified_name text NOT NULL,
  digest text,
  -- The connector kit's HarvestedRoutine.
  content jsonb,
  PRIMARY KEY (snapshot_id, qualified_name),
  CHECK ((digest IS NULL) = (content IS NULL))
);
CREATE INDEX staged_routine_source ON dictionary.staged_routine (source_id);
