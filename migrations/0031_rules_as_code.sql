-- Rules that are kept as text in git, and applied from there.
CREATE TABLE quality.code_origin (
  -- The name of a set of files.
  name text PRIMARY KEY,
  -- The commit that was applied last, where it is known.
  revision text NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by text NOT NULL
);

-- Which rule an id in those files is. Rules made by hand are not here.
CREATE TABLE quality.code_rule (
  origin text NOT NULL REFERENCES quality.code_origin,
  key text NOT NULL,
  rule_id uuid NOT NULL CONSTRAINT one_origin_per_rule UNIQUE REFERENCES quality.rule,
  -- The version that the files made, or found as they wanted it. A later one was made by hand.
  version_number integer NOT NULL,
  PRIMARY KEY (origin, key)
);

CREATE TABLE quality.code_rule_set (
  origin text NOT NULL REFERENCES quality.code_origin,
  key text NOT NULL,
  rule_set_id uuid NOT NULL CONSTRAINT one_origin_per_rule_set UNIQUE REFERENCES quality.rule_set ON DELETE CASCADE,
  -- What the files said: { name, description, ruleIds, schedule }. What is otherwise now was changed by hand.
  applied jsonb NOT NULL,
  PRIMARY KEY (origin, key)
);

-- Some rows that broke a rule: sealed, and gone after some time. Keys that lay open in results until now go with the column.
ALTER TABLE quality.result DROP COLUMN failing_keys;

CREATE OR REPLACE FUNCTION quality.results_digest(of_run uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(
           jsonb_build_array(
             result.id, result.rule_id, result.version_id, result.dataset_id, result.source_id, result.status, result.rows, result.checked,
             result.violations, result.metrics,
             (SELECT coalesce(jsonb_agg(encode(statement.digest, 'hex') ORDER BY named.at), '[]')
                FROM unnest(result.statement_ids) WITH ORDINALITY AS named (id, at)
                JOIN quality.statement ON statement.id = named.id),
             result.sentence_en, result.sentence_zh, result.error_code, result.failed_source_id,
             to_char(result.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
             to_char(result.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
           )::text, E'\n' ORDER BY result.id), ''), 'UTF8')), 'hex')
    FROM quality.result WHERE result.run_id = of_run;
$$;

CREATE TABLE quality.failing_sample (
  result_id uuid PRIMARY KEY,
  rule_id uuid NOT NULL REFERENCES quality.rule,
  -- Which columns of the rows there are, which of these are masked, and which were not even read. No value of the data.
  columns text[] NOT NULL,
  masked text[] NOT NULL,
  withheld text[] NOT NULL,
  row_count integer NOT NULL CHECK (row_count >= 0),
  -- The rows, sealed for the result's id.
  sealed bytea NOT NULL,
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX failing_sample_expires ON quality.failing_sample (expires_at);
CREATE INDEX failing_sample_rule ON quality.failing_sample (rule_id);

-- Who saw rows that broke a rule. It outlives them.
CREATE TABLE quality.sample_access (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  result_id uuid NOT NULL,
  rule_id uuid NOT NULL REFERENCES quality.rule,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL
);
CREATE INDEX sample_access_newest ON quality.sample_access (at DESC, id DESC);
CREATE INDEX sample_access_rule ON quality.sample_access (rule_id, at DESC, id DESC);
CREATE INDEX sample_access_result ON quality.sample_access (result_id, at DESC, id DESC);
CREATE TRIGGER sample_access_is_final BEFORE UPDATE OR DELETE ON quality.sample_access
  FOR EACH ROW EXECUTE FUNCTION quality.refuse();

-- Rules that something speaks for, and what people decided of them. One that was rejected is not asked again until its evidence changes.
CREATE TABLE quality.rule_suggestion (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  kind text NOT NULL,
  field_ids uuid[] NOT NULL,
  other_dataset_id uuid REFERENCES dictionary.dataset,
  params jsonb NOT NULL,
  origin text NOT NULL CHECK (origin IN ('statistics', 'key', 'standard', 'lineage')),
  -- From 0 to 1.
  confidence numeric(3, 2) NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  -- Figures and names by which it was found, and since when they are known: [{ name, value }].
  evidence jsonb NOT NULL,
  evidence_at timestamptz NOT NULL,
  -- Of what the decision rests on, figures rounded.
  digest text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
  made_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by text,
  -- The rule that it became.
  rule_id uuid REFERENCES quality.rule,
  CHECK ((state IN ('accepted', 'rejected')) = (decided_by IS NOT NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((state = 'accepted') = (rule_id IS NOT NULL)),
  CONSTRAINT one_suggestion_of_a_kind UNIQUE NULLS NOT DISTINCT (dataset_id, kind, field_ids, other_dataset_id)
);
CREATE INDEX rule_suggestion_state ON quality.rule_suggestion (state, confidence DESC, id DESC);
