-- Schedules that lose nothing and double nothing, the institution's calendar, what runs are begun by and held by, and what
-- a source allows.

-- Days that the institution itself has declared free or worked; they go before those of the State Council.
CREATE TABLE platform.calendar_day (
  day date PRIMARY KEY,
  working boolean NOT NULL,
  name text NOT NULL DEFAULT '',
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL
);

ALTER TABLE platform.schedule
  -- The days on which it is due at all, and what becomes of a due time on another day.
  ADD days text NOT NULL DEFAULT 'every_day'
    CHECK (days IN ('every_day', 'working_days', 'non_working_days', 'first_working_day', 'last_working_day')),
  ADD on_other_days text NOT NULL DEFAULT 'skip' CHECK (on_other_days IN ('skip', 'next_working_day')),
  -- What becomes of due times that passed while nobody was there.
  ADD misfire text NOT NULL DEFAULT 'latest' CHECK (misfire IN ('all', 'latest', 'skip')),
  -- Every due time up to here has its row in platform.schedule_firing.
  ADD answered_to timestamptz NOT NULL DEFAULT now(),
  -- The next one; NULL has to be reckoned.
  ADD next_due_at timestamptz,
  ADD CHECK (on_other_days = 'skip' OR days = 'working_days');
CREATE INDEX schedule_due ON platform.schedule (next_due_at NULLS FIRST) WHERE enabled;

-- fired: its job was asked for. merged: a later due time was answered in its place, since it came too late.
-- missed: it came too late, and the schedule leaves out what does. passed_by: what it is about was paused.
ALTER TABLE platform.schedule_firing
  ADD state text NOT NULL DEFAULT 'fired' CHECK (state IN ('fired', 'merged', 'missed', 'passed_by')),
  ADD merged_into timestamptz,
  ADD CHECK ((state = 'merged') = (merged_into IS NOT NULL));
CREATE INDEX schedule_firing_unanswered ON platform.schedule_firing (schedule_id, due_at) WHERE state IN ('merged', 'missed');

-- A job that asked to be done later, for instance because its source has quiet hours.
ALTER TABLE platform.job
  ADD not_before timestamptz,
  -- How often it did; those are no failed tries.
  ADD put_off integer NOT NULL DEFAULT 0;

-- A rule set also runs when a source was harvested, or when a job of a pipeline was completed.
CREATE TABLE quality.rule_set_trigger (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  rule_set_id uuid NOT NULL REFERENCES quality.rule_set ON DELETE CASCADE,
  source_id uuid REFERENCES sources.source,
  job_namespace text,
  job_name text,
  -- By which open_lineage.run names its job.
  job_key uuid,
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  CHECK ((source_id IS NULL) = (job_key IS NOT NULL)),
  CHECK ((job_key IS NULL) = (job_namespace IS NULL) AND (job_key IS NULL) = (job_name IS NULL))
);
CREATE UNIQUE INDEX one_trigger_per_source ON quality.rule_set_trigger (rule_set_id, source_id) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX one_trigger_per_job ON quality.rule_set_trigger (rule_set_id, job_key) WHERE removed_at IS NULL;
CREATE INDEX trigger_of_source ON quality.rule_set_trigger (source_id) WHERE removed_at IS NULL;
CREATE INDEX trigger_of_job ON quality.rule_set_trigger (job_key) WHERE removed_at IS NULL;

ALTER TABLE quality.run
  -- What began the run, and which run of it: a harvest or a pipeline's job. Each begins a rule set once.
  ADD trigger_id uuid REFERENCES quality.rule_set_trigger,
  ADD trigger_run text,
  -- Who does the run holds it until then. Each holder has a higher number, and only the highest may write.
  ADD lease_until timestamptz,
  ADD fence bigint NOT NULL DEFAULT 0,
  ADD CHECK ((trigger_id IS NULL) = (trigger_run IS NULL)),
  ADD CONSTRAINT one_run_per_trigger UNIQUE (trigger_id, trigger_run);

-- Told only of jobs that a rule set waits for. What was over before somebody waited (a history that is read in) is not told.
CREATE FUNCTION quality.tell_of_pipeline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM quality.rule_set_trigger
              WHERE job_key = NEW.job_key AND removed_at IS NULL AND created_at <= NEW.end_at) THEN
    INSERT INTO platform.event (type, payload)
    VALUES ('quality.pipeline-completed',
            jsonb_build_object('jobKey', NEW.job_key, 'runId', NEW.run_id, 'endAt', NEW.end_at));
    PERFORM pg_notify('plumbline_outbox', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER pipeline_completed AFTER INSERT ON open_lineage.run
  FOR EACH ROW WHEN (NEW.end_type = 'COMPLETE') EXECUTE FUNCTION quality.tell_of_pipeline();
CREATE TRIGGER pipeline_completed_later AFTER UPDATE OF end_type ON open_lineage.run
  FOR EACH ROW WHEN (NEW.end_type = 'COMPLETE' AND OLD.end_type IS DISTINCT FROM 'COMPLETE')
  EXECUTE FUNCTION quality.tell_of_pipeline();

-- What a source allows. A source without a row has the defaults.
CREATE TABLE sources.limits (
  source_id uuid PRIMARY KEY REFERENCES sources.source,
  -- Over all processes.
  statements_at_once integer NOT NULL CHECK (statements_at_once BETWEEN 1 AND 32),
  statement_seconds integer NOT NULL CHECK (statement_seconds BETWEEN 1 AND 86400),
  -- Statements that the source expects to take longer are not sent, unless their rule says otherwise.
  budget_ms bigint CHECK (budget_ms > 0),
  -- [{ from: "09:00", to: "17:30", days: "working_days" }] in the zone.
  quiet_hours jsonb NOT NULL,
  time_zone text NOT NULL,
  when_quiet text NOT NULL CHECK (when_quiet IN ('wait', 'skip')),
  changed_at timestamptz NOT NULL
);
