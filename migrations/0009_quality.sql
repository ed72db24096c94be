-- Rules on data, what their runs found, and the incidents that follow.
CREATE SCHEMA quality;

-- What may be written once and then neither changed nor removed.
CREATE FUNCTION quality.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of quality.% are never changed or removed', TG_TABLE_NAME;
END $$;

CREATE TABLE quality.rule (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  created_at timestamptz NOT NULL,
  -- A copy of the highest number among its versions.
  version_number integer NOT NULL DEFAULT 1,
  -- A retired rule runs no more; what it found stays.
  retired_at timestamptz
);
CREATE INDEX rule_dataset ON quality.rule (dataset_id);

CREATE TABLE quality.rule_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  rule_id uuid NOT NULL REFERENCES quality.rule,
  number integer NOT NULL CHECK (number > 0),
  kind text NOT NULL,
  -- In the order that the kind wants. Fields are named by id, so that a version says for ever what it looks at.
  field_ids uuid[] NOT NULL,
  -- The second dataset of a rule that looks at two.
  other_dataset_id uuid REFERENCES dictionary.dataset,
  dimension text NOT NULL
    CHECK (dimension IN ('validity', 'completeness', 'accuracy', 'consistency', 'timeliness', 'accessibility', 'uniqueness')),
  severity text NOT NULL CHECK (severity IN ('S1', 'S2', 'S3', 'S4')),
  -- The rest of the rule engine's rule: params, where, nullPolicy, onEmpty, denominator, threshold, samples.
  definition jsonb NOT NULL,
  name_en text NOT NULL,
  name_zh text NOT NULL,
  description text NOT NULL,
  owner text NOT NULL,
  enabled boolean NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  CHECK (name_en <> '' OR name_zh <> ''),
  UNIQUE (rule_id, number)
);
CREATE TRIGGER rule_version_is_final BEFORE UPDATE OR DELETE ON quality.rule_version
  FOR EACH ROW EXECUTE FUNCTION quality.refuse();

-- Rules as they are now. A retired one is among them.
CREATE VIEW quality.current_rule AS
SELECT rule.id, rule.dataset_id, dataset.source_id, rule.created_at, rule.retired_at, version.id AS version_id,
       version.number, version.kind, version.field_ids, version.other_dataset_id, version.dimension, version.severity,
       version.definition, version.name_en, version.name_zh, version.description, version.owner, version.enabled,
       version.made_at, version.made_by
  FROM quality.rule
  JOIN dictionary.dataset ON dataset.id = rule.dataset_id
  JOIN quality.rule_version AS version ON version.rule_id = rule.id AND version.number = rule.version_number;

CREATE TABLE quality.rule_set (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  description text NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX rule_set_name ON quality.rule_set (lower(name));

CREATE TABLE quality.rule_set_rule (
  rule_set_id uuid NOT NULL REFERENCES quality.rule_set ON DELETE CASCADE,
  rule_id uuid NOT NULL REFERENCES quality.rule,
  position integer NOT NULL,
  PRIMARY KEY (rule_set_id, rule_id)
);
CREATE INDEX rule_set_rule_rule ON quality.rule_set_rule (rule_id);

CREATE TABLE quality.run (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  -- What was asked for: a rule set, all rules of a source, or neither for rules that were picked.
  rule_set_id uuid REFERENCES quality.rule_set,
  source_id uuid REFERENCES sources.source,
  -- For a run that a schedule asked for. One due time of a rule set has one run.
  due_at timestamptz,
  -- The job (platform.job) that does it.
  job_id uuid,
  -- How it ended; while that is open, the job says how it stands. See quality.run_now.
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'succeeded', 'partial', 'failed', 'cancelled')),
  requested_at timestamptz NOT NULL,
  requested_by text NOT NULL,
  finished_at timestamptz,
  CHECK ((finished_at IS NULL) = (state = 'open')),
  CONSTRAINT one_run_per_due_time UNIQUE (rule_set_id, due_at)
);
CREATE INDEX run_newest ON quality.run (requested_at DESC, id DESC);

-- What a run will look at, with the version that the rule had when the run was asked for.
CREATE TABLE quality.planned_rule (
  run_id uuid NOT NULL REFERENCES quality.run ON DELETE CASCADE,
  position integer NOT NULL,
  rule_id uuid NOT NULL REFERENCES quality.rule,
  version_id uuid NOT NULL REFERENCES quality.rule_version,
  PRIMARY KEY (run_id, rule_id)
);

-- What a rule found in a run. Neither changed nor removed: reports are made of these rows.
CREATE TABLE quality.result (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  run_id uuid NOT NULL REFERENCES quality.run,
  rule_id uuid NOT NULL REFERENCES quality.rule,
  version_id uuid NOT NULL REFERENCES quality.rule_version,
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  source_id uuid NOT NULL REFERENCES sources.source,
  status text NOT NULL CHECK (status IN ('pass', 'warn', 'fail', 'error', 'not_evaluated', 'skipped')),
  -- Rows that the filter let through, rows of those that were looked at, rows that break the rule.
  rows bigint CHECK (rows >= 0),
  checked bigint CHECK (checked >= 0),
  violations bigint CHECK (violations >= 0),
  metrics jsonb NOT NULL,
  -- [{ purpose, on, sql, params }]: exactly what was asked. Parameters are the rule's own literals.
  statements jsonb NOT NULL,
  sentence_en text NOT NULL,
  sentence_zh text NOT NULL,
  error_code text,
  -- For an error: the source it is about, which can be that of the second dataset.
  failed_source_id uuid REFERENCES sources.source,
  -- { columns, withheld, rows }: keys of some failing rows, without the columns whose security level forbids it.
  failing_keys jsonb,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  CONSTRAINT one_result_per_rule_and_run UNIQUE (run_id, rule_id),
  CHECK ((status IN ('pass', 'warn', 'fail', 'not_evaluated')) = (checked IS NOT NULL)),
  CHECK ((status = 'error') = (error_code IS NOT NULL)),
  CHECK ((status = 'error') = (failed_source_id IS NOT NULL))
);
CREATE INDEX result_of_rule ON quality.result (rule_id, finished_at DESC, id DESC);
CREATE INDEX result_of_source ON quality.result (source_id, finished_at);
CREATE TRIGGER result_is_final BEFORE UPDATE OR DELETE ON quality.result
  FOR EACH ROW EXECUTE FUNCTION quality.refuse();

-- Runs with the state a person is told, and with their numbers.
CREATE VIEW quality.run_now AS
SELECT run.id, run.rule_set_id, run.source_id, run.due_at, run.job_id, run.requested_at, run.requested_by,
       CASE WHEN run.state <> 'open' THEN run.state
            WHEN job.state IN ('cancelled', 'failed', 'running') THEN job.state
            ELSE 'queued' END AS state,
       job.started_at,
       coalesce(run.finished_at, job.finished_at) AS finished_at,
       CASE WHEN run.state = 'open' THEN job.error_message END AS error_message
  FROM quality.run
  LEFT JOIN platform.job ON job.id = run.job_id;

CREATE TABLE quality.incident (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  -- data: a rule fails. operations: rules of a source cannot be run; it says nothing about the data.
  kind text NOT NULL CHECK (kind IN ('data', 'operations')),
  source_id uuid NOT NULL REFERENCES sources.source,
  dataset_id uuid REFERENCES dictionary.dataset,
  rule_id uuid REFERENCES quality.rule,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'resolved')),
  severity text NOT NULL CHECK (severity IN ('S1', 'S2', 'S3', 'S4')),
  -- What the latest failing run said.
  sentence_en text NOT NULL,
  sentence_zh text NOT NULL,
  assignee text NOT NULL DEFAULT '',
  opened_at timestamptz NOT NULL,
  first_run_id uuid NOT NULL REFERENCES quality.run,
  last_run_id uuid NOT NULL REFERENCES quality.run,
  last_failed_at timestamptz NOT NULL,
  failing_runs integer NOT NULL DEFAULT 1,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  CHECK ((kind = 'data') = (rule_id IS NOT NULL)),
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
);
CREATE UNIQUE INDEX one_open_incident_per_rule ON quality.incident (rule_id)
  WHERE kind = 'data' AND state <> 'resolved';
CREATE UNIQUE INDEX one_open_operations_incident_per_source ON quality.incident (source_id)
  WHERE kind = 'operations' AND state <> 'resolved';
CREATE INDEX incident_newest ON quality.incident (opened_at DESC, id DESC);
CREATE INDEX incident_of_rule ON quality.incident (rule_id, resolved_at DESC);
CREATE INDEX incident_of_source ON quality.incident (source_id, opened_at);

-- What happened to an incident, in order.
CREATE TABLE quality.incident_event (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  incident_id uuid NOT NULL REFERENCES quality.incident,
  kind text NOT NULL
    CHECK (kind IN ('opened', 'failed_again', 'reopened', 'resolved', 'acknowledged', 'assigned', 'commented')),
  at timestamptz NOT NULL,
  by_whom text NOT NULL,
  run_id uuid REFERENCES quality.run,
  text text NOT NULL DEFAULT ''
);
CREATE INDEX incident_event_incident ON quality.incident_event (incident_id, at, id);
CREATE TRIGGER incident_event_is_final BEFORE UPDATE OR DELETE ON quality.incident_event
  FOR EACH ROW EXECUTE FUNCTION quality.refuse();
