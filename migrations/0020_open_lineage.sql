-- What producers tell us by OpenLineage events: the events, and the jobs, runs and datasets in them.

-- Lineage that a run showed (observed) or that a job's or dataset's design states (declared) belongs to no source.
ALTER TABLE lineage.script
  ALTER source_id DROP NOT NULL,
  DROP CONSTRAINT script_origin_check,
  ADD CONSTRAINT script_origin_check
    CHECK (origin IN ('view', 'foreign_table', 'import', 'manual', 'declared', 'observed')),
  ADD CONSTRAINT script_of_a_source CHECK ((source_id IS NULL) = (origin IN ('declared', 'observed')));
-- A job stands between datasets where an event says no more than what goes into it and what comes out.
ALTER TABLE lineage.node ADD is_job boolean NOT NULL DEFAULT false CHECK (NOT is_job OR dataset_name IS NOT NULL);
CREATE INDEX node_named ON lineage.node (namespace, md5(dataset_name)) WHERE namespace IS NOT NULL;
-- Beside edge_now: intervals that are over and still held to have been so.
CREATE INDEX edge_past ON lineage.edge (script_id, digest) WHERE recorded_to = 'infinity' AND valid_to < 'infinity';

CREATE SCHEMA open_lineage;

-- As it came, without secrets. Keys are digests of names, so that an event can be kept before what it names.
CREATE TABLE open_lineage.event (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  digest uuid NOT NULL CONSTRAINT one_event_per_digest UNIQUE,
  kind text NOT NULL CHECK (kind IN ('run', 'job', 'dataset')),
  type text,
  event_time timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  run_key uuid,
  job_key uuid,
  -- What was left out or understood against the letter: [{ at, message }].
  remarks jsonb,
  body json NOT NULL
);
CREATE INDEX event_by_time ON open_lineage.event (event_time, id);
CREATE INDEX event_of_run ON open_lineage.event (run_key, event_time) WHERE run_key IS NOT NULL;

-- facets: the latest of each name. facet_state: { name: [time in ms, digest] }; a deleted one stays there.
CREATE TABLE open_lineage.job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key uuid NOT NULL UNIQUE,
  namespace text NOT NULL,
  name text NOT NULL,
  facets jsonb NOT NULL DEFAULT '{}',
  facet_state jsonb NOT NULL DEFAULT '{}',
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  observed_script uuid REFERENCES lineage.script,
  declared_script uuid REFERENCES lineage.script
);
CREATE INDEX job_of_namespace ON open_lineage.job (namespace, id);

CREATE TABLE open_lineage.run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key uuid NOT NULL UNIQUE,
  -- A UUID, except where lenient mode kept another text.
  run_id text NOT NULL,
  -- The job that its earliest event names.
  job_key uuid NOT NULL,
  job_at timestamptz NOT NULL,
  types text[] NOT NULL,
  start_at timestamptz,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  end_at timestamptz,
  end_type text CHECK (end_type IN ('COMPLETE', 'ABORT', 'FAIL')),
  nominal_start timestamptz,
  nominal_end timestamptz,
  parent_run_id text,
  parent_job_key uuid,
  error text
);
CREATE INDEX run_of_job ON open_lineage.run (job_key, first_at DESC);

-- A name of a dataset in its normal form. Names with the same canonical one are of one dataset.
CREATE TABLE open_lineage.dataset_name (
  key uuid PRIMARY KEY,
  namespace text NOT NULL,
  name text NOT NULL,
  canonical uuid NOT NULL REFERENCES open_lineage.dataset_name,
  -- Somebody's symlink calls it a table.
  is_table boolean NOT NULL,
  -- The dataset that the catalog has under this name.
  dataset_id uuid REFERENCES dictionary.dataset
);
CREATE INDEX dataset_name_canonical ON open_lineage.dataset_name (canonical);
CREATE INDEX dataset_name_spelled ON open_lineage.dataset_name (namespace, md5(name));
CREATE INDEX dataset_name_known ON open_lineage.dataset_name (dataset_id) WHERE dataset_id IS NOT NULL;

-- A dataset under a name as a producer spells it.
CREATE TABLE open_lineage.dataset (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key uuid NOT NULL UNIQUE,
  namespace text NOT NULL,
  name text NOT NULL,
  name_key uuid NOT NULL REFERENCES open_lineage.dataset_name,
  -- It was an input, an output or an event's own dataset, not only another name of one.
  is_named boolean NOT NULL,
  facets jsonb NOT NULL DEFAULT '{}',
  facet_state jsonb NOT NULL DEFAULT '{}',
  -- What was done to it as a whole: { change: latest time in ms }.
  lifecycle jsonb NOT NULL DEFAULT '{}',
  renamed_to uuid,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  declared_script uuid REFERENCES lineage.script
);
CREATE INDEX dataset_of_namespace ON open_lineage.dataset (namespace, id);
CREATE INDEX dataset_of_name ON open_lineage.dataset (name_key);

-- A flow is kept once, however many runs have it.
CREATE TABLE open_lineage.flow (
  digest uuid PRIMARY KEY,
  body json NOT NULL
);

-- What one run of a job, or one statement of a design, says.
CREATE TABLE open_lineage.observation (
  script_id uuid NOT NULL REFERENCES lineage.script,
  -- The run's key, or a digest of the time of the statement.
  key uuid NOT NULL,
  at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  -- It says everything: what it does not name has ended.
  complete boolean NOT NULL,
  flow uuid NOT NULL REFERENCES open_lineage.flow,
  PRIMARY KEY (script_id, key)
);
CREATE INDEX observation_in_time ON open_lineage.observation (script_id, at);
CREATE INDEX observation_complete ON open_lineage.observation (script_id, at) WHERE complete;
CREATE INDEX observation_of_run ON open_lineage.observation (key);

-- Which jobs ever had a dataset as an input or an output.
CREATE TABLE open_lineage.job_dataset (
  name_key uuid NOT NULL REFERENCES open_lineage.dataset_name,
  job_key uuid NOT NULL,
  PRIMARY KEY (name_key, job_key)
);

CREATE TABLE open_lineage.dropped (
  name_key uuid NOT NULL REFERENCES open_lineage.dataset_name,
  at timestamptz NOT NULL,
  PRIMARY KEY (name_key, at)
);

-- Namespaces that people say are one, both in normal form.
CREATE TABLE open_lineage.namespace_alias (
  namespace text PRIMARY KEY,
  stands_for text NOT NULL CHECK (stands_for <> namespace)
);
