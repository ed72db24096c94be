-- Results lie in a table for each month, days of rules are summed up as results come, and scores of days that are over are kept.

-- A planned rule is done when it has a result; the time is part of the key that results refer to, so there is one for a run and a rule
-- although results lie in many tables.
ALTER TABLE quality.planned_rule ADD finished_at timestamptz;

INSERT INTO quality.planned_rule (run_id, position, rule_id, version_id)
SELECT result.run_id, row_number() OVER (PARTITION BY result.run_id ORDER BY result.finished_at, result.id)
         + coalesce((SELECT max(position) FROM quality.planned_rule AS planned WHERE planned.run_id = result.run_id), 0),
       result.rule_id, result.version_id
  FROM quality.result
 WHERE NOT EXISTS (
         SELECT 1 FROM quality.planned_rule AS planned
          WHERE planned.run_id = result.run_id AND planned.rule_id = result.rule_id
       );
UPDATE quality.planned_rule AS planned SET finished_at = result.finished_at
  FROM quality.result WHERE result.run_id = planned.run_id AND result.rule_id = planned.rule_id;
ALTER TABLE quality.planned_rule ADD CONSTRAINT planned_rule_done UNIQUE (run_id, rule_id, finished_at);

ALTER TABLE quality.result RENAME TO result_before;
ALTER TABLE quality.result_before DROP CONSTRAINT one_result_per_rule_and_run, DROP CONSTRAINT result_pkey;
DROP INDEX quality.result_of_rule, quality.result_of_source;

-- What a rule found in a run. Neither changed nor removed: reports are made of these rows.
CREATE TABLE quality.result (
  id uuid NOT NULL DEFAULT uuidv7(),
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
  -- The statements that were sent for it, in order.
  statement_ids uuid[] NOT NULL,
  sentence_en text NOT NULL,
  sentence_zh text NOT NULL,
  error_code text,
  -- For an error: the source it is about, which can be that of the second dataset.
  failed_source_id uuid REFERENCES sources.source,
  -- { columns, withheld, rows }: keys of some failing rows, without the columns whose security level forbids it.
  failing_keys jsonb,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  PRIMARY KEY (id, finished_at),
  CONSTRAINT one_result_per_rule_and_run UNIQUE (run_id, rule_id, finished_at),
  CONSTRAINT result_is_of_planned_rule FOREIGN KEY (run_id, rule_id, finished_at)
    REFERENCES quality.planned_rule (run_id, rule_id, finished_at),
  CHECK ((status IN ('pass', 'warn', 'fail', 'not_evaluated')) = (checked IS NOT NULL)),
  CHECK ((status = 'error') = (failed_source_id IS NOT NULL)),
  CONSTRAINT result_error_code CHECK (
    CASE status WHEN 'error' THEN error_code IS NOT NULL WHEN 'skipped' THEN true ELSE error_code IS NULL END
  )
) PARTITION BY RANGE (finished_at);
CREATE INDEX result_of_rule ON quality.result (rule_id, finished_at DESC, id DESC);
CREATE INDEX result_of_source ON quality.result (source_id, finished_at);
CREATE TRIGGER result_is_final BEFORE UPDATE OR DELETE ON quality.result
  FOR EACH ROW EXECUTE FUNCTION quality.refuse();

-- For a month that nobody made a table for. quality.make_result_months empties it.
CREATE TABLE quality.result_other PARTITION OF quality.result DEFAULT;

-- Makes the tables of results from the month of `since` to that of `until` (in UTC) that are not there, and moves what lies in
-- result_other into them. Gives how many it made.
CREATE FUNCTION quality.make_result_months(since timestamptz, until timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  month timestamp;
  month_table text;
  made integer := 0;
BEGIN
  -- Two that make the same month wait for each other.
  PERFORM pg_advisory_xact_lock(7070028);
  FOR month IN
    SELECT generate_series(date_trunc('month', since AT TIME ZONE 'UTC'), date_trunc('month', until AT TIME ZONE 'UTC'), interval '1 month')
  LOOP
    month_table := 'result_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('quality.' || month_table) IS NOT NULL;
    EXECUTE format('CREATE TABLE quality.%I (LIKE quality.result INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', month_table);
    LOCK TABLE quality.result_other IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('INSERT INTO quality.%I SELECT * FROM quality.result_other WHERE finished_at >= $1 AND finished_at < $2', month_table)
      USING month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC';
    IF EXISTS (
      SELECT 1 FROM quality.result_other
       WHERE finished_at >= month AT TIME ZONE 'UTC' AND finished_at < (month + interval '1 month') AT TIME ZONE 'UTC'
    ) THEN
      ALTER TABLE quality.result_other DISABLE TRIGGER result_is_final;
      DELETE FROM quality.result_other
       WHERE finished_at >= month AT TIME ZONE 'UTC' AND finished_at < (month + interval '1 month') AT TIME ZONE 'UTC';
      ALTER TABLE quality.result_other ENABLE TRIGGER result_is_final;
    END IF;
    EXECUTE format('ALTER TABLE quality.result ATTACH PARTITION quality.%I FOR VALUES FROM (%L) TO (%L)',
                   month_table, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

SELECT quality.make_result_months(coalesce(min(finished_at), now()), greatest(max(finished_at), now()) + interval '3 months')
  FROM quality.result_before;
INSERT INTO quality.result (id, run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations, metrics,
                            statement_ids, sentence_en, sentence_zh, error_code, failed_source_id, failing_keys, started_at, finished_at)
SELECT id, run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations, metrics, statement_ids, sentence_en,
       sentence_zh, error_code, failed_source_id, failing_keys, started_at, finished_at
  FROM quality.result_before;
DROP TABLE quality.result_before;

-- A rule's day (in UTC), summed up: results by status, the latest result that is not skipped, and the latest that says something about
-- the data (no error, not skipped). Always what quality.derived_rule_day says; written as results come.
CREATE TABLE quality.rule_day (
  rule_id uuid NOT NULL REFERENCES quality.rule,
  day date NOT NULL,
  passed integer NOT NULL,
  warned integer NOT NULL,
  failed integer NOT NULL,
  errors integer NOT NULL,
  not_evaluated integer NOT NULL,
  skipped integer NOT NULL,
  last_id uuid,
  last_at timestamptz,
  last_status text,
  verdict_id uuid,
  verdict_at timestamptz,
  verdict_status text,
  verdict_version_id uuid REFERENCES quality.rule_version,
  verdict_checked bigint,
  verdict_violations bigint,
  PRIMARY KEY (rule_id, day)
);

CREATE VIEW quality.derived_rule_day AS
SELECT rule_id, (finished_at AT TIME ZONE 'UTC')::date AS day,
       (count(*) FILTER (WHERE status = 'pass'))::int AS passed,
       (count(*) FILTER (WHERE status = 'warn'))::int AS warned,
       (count(*) FILTER (WHERE status = 'fail'))::int AS failed,
       (count(*) FILTER (WHERE status = 'error'))::int AS errors,
       (count(*) FILTER (WHERE status = 'not_evaluated'))::int AS not_evaluated,
       (count(*) FILTER (WHERE status = 'skipped'))::int AS skipped,
       (array_agg(id ORDER BY finished_at DESC, id DESC) FILTER (WHERE status <> 'skipped'))[1] AS last_id,
       max(finished_at) FILTER (WHERE status <> 'skipped') AS last_at,
       (array_agg(status ORDER BY finished_at DESC, id DESC) FILTER (WHERE status <> 'skipped'))[1] AS last_status,
       (array_agg(id ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1] AS verdict_id,
       max(finished_at) FILTER (WHERE status NOT IN ('error', 'skipped')) AS verdict_at,
       (array_agg(status ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1] AS verdict_status,
       (array_agg(version_id ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1] AS verdict_version_id,
       (array_agg(checked ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1] AS verdict_checked,
       (array_agg(violations ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1] AS verdict_violations
  FROM quality.result
 GROUP BY rule_id, (finished_at AT TIME ZONE 'UTC')::date;

INSERT INTO quality.rule_day SELECT * FROM quality.derived_rule_day;

-- Sums of scores at ends of days that are over, so that a year can be told without reading it. `weighted` is the sum of weight × score;
-- they are exact, so sums of sums are, too. What is not here is told from results.
CREATE TABLE quality.score_moment (
  at timestamptz PRIMARY KEY
);
CREATE TABLE quality.score_point (
  at timestamptz NOT NULL REFERENCES quality.score_moment ON DELETE CASCADE,
  scope text NOT NULL CHECK (scope IN ('all', 'source', 'dataset', 'owner')),
  -- An id, or the owner's name; empty for all.
  scope_id text NOT NULL,
  -- Empty for all dimensions.
  dimension text NOT NULL,
  planned integer NOT NULL,
  evaluated integer NOT NULL,
  failed_s1 integer NOT NULL,
  weight integer NOT NULL,
  weighted numeric NOT NULL,
  PRIMARY KEY (scope, scope_id, dimension, at)
);
CREATE INDEX score_point_at ON quality.score_point (at);

CREATE FUNCTION quality.sum_up_results() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO quality.rule_day AS known
  SELECT rule_id, (finished_at AT TIME ZONE 'UTC')::date AS day,
         count(*) FILTER (WHERE status = 'pass'), count(*) FILTER (WHERE status = 'warn'),
         count(*) FILTER (WHERE status = 'fail'), count(*) FILTER (WHERE status = 'error'),
         count(*) FILTER (WHERE status = 'not_evaluated'), count(*) FILTER (WHERE status = 'skipped'),
         (array_agg(id ORDER BY finished_at DESC, id DESC) FILTER (WHERE status <> 'skipped'))[1],
         max(finished_at) FILTER (WHERE status <> 'skipped'),
         (array_agg(status ORDER BY finished_at DESC, id DESC) FILTER (WHERE status <> 'skipped'))[1],
         (array_agg(id ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1],
         max(finished_at) FILTER (WHERE status NOT IN ('error', 'skipped')),
         (array_agg(status ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1],
         (array_agg(version_id ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1],
         (array_agg(checked ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1],
         (array_agg(violations ORDER BY finished_at DESC, id DESC) FILTER (WHERE status NOT IN ('error', 'skipped')))[1]
    FROM added
   GROUP BY rule_id, (finished_at AT TIME ZONE 'UTC')::date
   -- In one order, so that two runs with the same rules do not wait for each other in a circle.
   ORDER BY 1, 2
  ON CONFLICT (rule_id, day) DO UPDATE
     SET passed = known.passed + excluded.passed, warned = known.warned + excluded.warned,
         failed = known.failed + excluded.failed, errors = known.errors + excluded.errors,
         not_evaluated = known.not_evaluated + excluded.not_evaluated, skipped = known.skipped + excluded.skipped,
         (last_id, last_at, last_status) = (
           SELECT id, at, status
             FROM (VALUES (known.last_id, known.last_at, known.last_status),
                          (excluded.last_id, excluded.last_at, excluded.last_status)) AS last (id, at, status)
            ORDER BY at DESC NULLS LAST, id DESC LIMIT 1),
         (verdict_id, verdict_at, verdict_status, verdict_version_id, verdict_checked, verdict_violations) = (
           SELECT id, at, status, version_id, checked, violations
             FROM (VALUES (known.verdict_id, known.verdict_at, known.verdict_status, known.verdict_version_id,
                           known.verdict_checked, known.verdict_violations),
                          (excluded.verdict_id, excluded.verdict_at, excluded.verdict_status, excluded.verdict_version_id,
                           excluded.verdict_checked, excluded.verdict_violations)
                  ) AS verdict (id, at, status, version_id, checked, violations)
            ORDER BY at DESC NULLS LAST, id DESC LIMIT 1);
  DELETE FROM quality.score_moment WHERE at >= (SELECT min(finished_at) FROM added);
  RETURN NULL;
END $$;
CREATE TRIGGER result_is_summed_up AFTER INSERT ON quality.result
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quality.sum_up_results();

-- A rule that began, changed or ended before a moment changes the score of that moment.
CREATE FUNCTION quality.forget_scores_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM quality.score_moment WHERE at >= (SELECT min(made_at) FROM added);
  RETURN NULL;
END $$;
CREATE TRIGGER rule_version_changes_scores AFTER INSERT ON quality.rule_version
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quality.forget_scores_of_version();

CREATE FUNCTION quality.forget_scores_of_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.dataset_id IS DISTINCT FROM OLD.dataset_id THEN
    DELETE FROM quality.score_moment WHERE at >= NEW.created_at;
  ELSIF NEW.retired_at IS DISTINCT FROM OLD.retired_at THEN
    DELETE FROM quality.score_moment WHERE at >= least(NEW.retired_at, OLD.retired_at);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER rule_changes_scores AFTER UPDATE OF dataset_id, retired_at ON quality.rule
  FOR EACH ROW EXECUTE FUNCTION quality.forget_scores_of_rule();

-- What a run found as one SHA-256 in hexadecimal, over its results in order of id, with the digests of the statements that were sent.
-- It is written into the audit's chain when a run ends, so that a result that is not what it was is seen.
CREATE FUNCTION quality.results_digest(of_run uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(
           jsonb_build_array(
             result.id, result.rule_id, result.version_id, result.dataset_id, result.source_id, result.status, result.rows, result.checked,
             result.violations, result.metrics,
             (SELECT coalesce(jsonb_agg(encode(statement.digest, 'hex') ORDER BY named.at), '[]')
                FROM unnest(result.statement_ids) WITH ORDINALITY AS named (id, at)
                JOIN quality.statement ON statement.id = named.id),
             result.sentence_en, result.sentence_zh, result.error_code, result.failed_source_id, result.failing_keys,
             to_char(result.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
             to_char(result.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
           )::text, E'\n' ORDER BY result.id), ''), 'UTF8')), 'hex')
    FROM quality.result WHERE result.run_id = of_run;
$$;
