-- Which column feeds which: what scripts and views say, as it was and as we knew it.
CREATE SCHEMA lineage;

-- Something that says where data flows.
CREATE TABLE lineage.script (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source_id uuid NOT NULL REFERENCES sources.source,
  origin text NOT NULL CHECK (origin IN ('view', 'foreign_table', 'import', 'manual')),
  name text NOT NULL,
  -- The view or foreign table that it declares.
  dataset_id uuid REFERENCES dictionary.dataset,
  created_at timestamptz NOT NULL,
  -- What its edges were read from: the version, everything else the reading depends on, and how old that was.
  read_version_id uuid,
  read_digest text,
  read_as_of timestamptz,
  UNIQUE (source_id, origin, name),
  CHECK ((dataset_id IS NOT NULL) = (origin IN ('view', 'foreign_table')))
);
CREATE INDEX script_dataset ON lineage.script (dataset_id);

-- A script's text. Like everything below on two time axes: when it was so, and when we held it to be so. A row is never
-- changed but to close recorded_to.
CREATE TABLE lineage.script_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  script_id uuid NOT NULL REFERENCES lineage.script,
  -- SQL; for a foreign table its declaration as JSON.
  text text NOT NULL,
  dialect text NOT NULL,
  default_schema text,
  -- Names that stand for other sources in the text, with the sources' ids.
  aliases jsonb NOT NULL DEFAULT '{}',
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  CHECK (recorded_from <= recorded_to),
  CONSTRAINT script_has_one_text EXCLUDE USING gist (
    script_id WITH =,
    tstzrange(valid_from, valid_to) WITH &&,
    tstzrange(recorded_from, recorded_to) WITH &&
  )
);
CREATE UNIQUE INDEX script_version_now ON lineage.script_version (script_id)
  WHERE recorded_to = 'infinity' AND valid_to = 'infinity';

-- How far a statement was understood.
CREATE TABLE lineage.statement (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  script_id uuid NOT NULL REFERENCES lineage.script,
  -- Of its text: edges refer to it by this, so that moving a statement leaves its edges alone.
  text_digest uuid NOT NULL,
  -- Of everything in this row.
  digest uuid NOT NULL,
  position integer NOT NULL,
  line integer NOT NULL,
  -- UTF-16 offsets into the script's text.
  start_offset integer NOT NULL,
  end_offset integer NOT NULL,
  kind text NOT NULL,
  status text NOT NULL CHECK (status IN ('ok', 'partial', 'fallback', 'opaque', 'failed')),
  reasons jsonb NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  CHECK (recorded_from <= recorded_to)
);
CREATE UNIQUE INDEX statement_now ON lineage.statement (script_id, digest)
  WHERE recorded_to = 'infinity' AND valid_to = 'infinity';
CREATE INDEX statement_text ON lineage.statement (script_id, text_digest);

-- What an edge can touch: a field, a dataset (all its rows), or a name that the catalog does not know.
CREATE TABLE lineage.node (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Says the same as the columns below, short enough for an index whatever the names are.
  key text NOT NULL UNIQUE,
  dataset_id uuid REFERENCES dictionary.dataset,
  field_id uuid REFERENCES dictionary.field,
  -- The dataset's name, when the catalog does not know it.
  namespace text,
  dataset_name text,
  -- The column's name, when the catalog does not know it ('*': some of the columns).
  column_name text,
  CHECK (num_nonnulls(dataset_id, namespace) = 1),
  CHECK ((namespace IS NULL) = (dataset_name IS NULL)),
  CHECK (field_id IS NULL OR (dataset_id IS NOT NULL AND column_name IS NULL))
);
CREATE INDEX node_dataset ON lineage.node (dataset_id) WHERE dataset_id IS NOT NULL;
CREATE UNIQUE INDEX node_field ON lineage.node (field_id) WHERE field_id IS NOT NULL;
CREATE INDEX node_unresolved ON lineage.node (id) WHERE field_id IS NULL AND num_nonnulls(namespace, column_name) > 0;

-- kind 1  column → column, DIRECT: gives its value
--      2  column → column, INDIRECT: decides about it
--      3  column → dataset, INDIRECT: decides about all its rows, and so about each of its columns
--      4  dataset → dataset
--      5  dataset → column: the column is part of it. No lineage: lets a walk go on from 3. Belongs to no script.
--      6  nothing → column: filled with a constant, a sequence, a count
CREATE TABLE lineage.edge (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  src bigint REFERENCES lineage.node,
  dst bigint NOT NULL REFERENCES lineage.node,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 6),
  subtype text,
  confidence text CHECK (confidence IN ('schema', 'single-source', 'ambiguous', 'unknown')),
  script_id uuid REFERENCES lineage.script,
  -- lineage.statement.text_digest.
  statement uuid,
  -- The SQL of the target column; what a person wrote about a manual edge.
  expression text,
  -- Of everything above.
  digest uuid NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CHECK ((src IS NULL) = (kind = 6)),
  CHECK ((script_id IS NULL) = (kind = 5)),
  CHECK (valid_from < valid_to),
  CHECK (recorded_from <= recorded_to)
);
CREATE UNIQUE INDEX edge_now ON lineage.edge (script_id, digest) WHERE recorded_to = 'infinity' AND valid_to = 'infinity';
-- Walks over the lineage of now read these two and never the table.
CREATE INDEX edge_now_upstream ON lineage.edge (dst) INCLUDE (src, kind)
  WHERE recorded_to = 'infinity' AND valid_to = 'infinity';
CREATE INDEX edge_now_downstream ON lineage.edge (src) INCLUDE (dst, kind)
  WHERE recorded_to = 'infinity' AND valid_to = 'infinity';
-- Walks over another time.
CREATE INDEX edge_upstream ON lineage.edge (dst) INCLUDE (src, kind, valid_from, valid_to, recorded_from, recorded_to);
CREATE INDEX edge_downstream ON lineage.edge (src) INCLUDE (dst, kind, valid_from, valid_to, recorded_from, recorded_to);
