-- Files of pipeline tools are kept as scripts, and what they say beside lineage: reports, tests, descriptions.

-- Whether the value is hidden on the way; NULL when nobody can tell.
ALTER TABLE lineage.edge ADD masking boolean;

ALTER TABLE lineage.script_version
  -- What the reading depends on besides the text: values of parameters, places of data sources …
  ADD options jsonb NOT NULL DEFAULT '{}',
  -- Other files that belong to it, by name: dbt's catalog and run results.
  ADD beside jsonb NOT NULL DEFAULT '{}',
  -- The repository and the commit that the text was first taken from.
  ADD revision jsonb;

ALTER TABLE lineage.script
  -- The import that last gave it, so that the import's job knows what to read.
  ADD import_id uuid,
  -- Namespaces that a pipeline's datasets are in: after a harvest of one of them it is read again.
  ADD namespaces text[];
CREATE INDEX script_import ON lineage.script (import_id) WHERE import_id IS NOT NULL;

-- Something that shows data to people: an exposure of dbt. Like edges on two time axes.
CREATE TABLE lineage.report (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  script_id uuid NOT NULL REFERENCES lineage.script,
  name text NOT NULL,
  label text,
  -- The tool's word: dashboard, notebook, analysis, ml, application.
  kind text NOT NULL,
  owner text,
  url text,
  description text,
  -- The datasets that it shows.
  node_ids bigint[] NOT NULL,
  -- Of everything above.
  digest uuid NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  CHECK (recorded_from <= recorded_to)
);
CREATE UNIQUE INDEX report_now ON lineage.report (script_id, digest) WHERE recorded_to = 'infinity' AND valid_to = 'infinity';
CREATE INDEX report_node ON lineage.report USING gin (node_ids);

-- A test of a pipeline tool as it went last. Only the latest is kept.
CREATE TABLE lineage.pipeline_test (
  script_id uuid NOT NULL REFERENCES lineage.script,
  position integer NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  dataset_id uuid REFERENCES dictionary.dataset,
  -- As the tool spells it.
  column_name text,
  severity text,
  status text,
  message text,
  finished_at timestamptz,
  PRIMARY KEY (script_id, position)
);
CREATE INDEX pipeline_test_dataset ON lineage.pipeline_test (dataset_id) WHERE dataset_id IS NOT NULL;
