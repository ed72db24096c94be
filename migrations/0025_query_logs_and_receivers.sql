-- Statements that servers ran, as scripts; and who is told, by OpenLineage events, what our own jobs do.

-- How often a statement of a log was seen, and when; by its script, which has no values in it.
CREATE TABLE lineage.logged_statement (
  script_id uuid PRIMARY KEY REFERENCES lineage.script,
  calls bigint NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  CHECK (first_seen_at <= last_seen_at)
);

-- How far a source's log was read.
CREATE TABLE lineage.query_log_reading (
  source_id uuid PRIMARY KEY REFERENCES sources.source,
  log text NOT NULL,
  -- It means something to the connector only.
  cursor text NOT NULL,
  read_at timestamptz NOT NULL
);

-- A trigger's code is a routine; which table it is for, only the trigger says. A list of texts: CREATE TRIGGER …
-- And where a routine looks for bare names, when it says so itself.
ALTER TABLE dictionary.routine_version ADD COLUMN triggers jsonb, ADD COLUMN search_path text;

-- Where the events of our own jobs are sent to.
CREATE TABLE open_lineage.receiver (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL CHECK (name <> ''),
  url text NOT NULL,
  -- Sealed.
  token bytea,
  -- The jobs that it is told of.
  jobs text[] NOT NULL CHECK (jobs <@ '{harvest,lineage,quality,master_data}' AND jobs <> '{}'),
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  removed_at timestamptz
);
CREATE UNIQUE INDEX receiver_name ON open_lineage.receiver (lower(name)) WHERE removed_at IS NULL;

-- Receivers are told when one of our jobs begins (for the first time) or ends.
CREATE FUNCTION open_lineage.tell_of_job() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text := CASE NEW.name
    WHEN 'harvest-source' THEN 'harvest'
    WHEN 'extract-views' THEN 'lineage'
    WHEN 'run-rules' THEN 'quality'
    WHEN 'build-golden-records' THEN 'master_data'
  END;
BEGIN
  IF NEW.state = 'running' AND NEW.attempt > 1 THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM open_lineage.receiver WHERE removed_at IS NULL AND told = ANY(jobs)) THEN
    INSERT INTO platform.event (type, payload)
    VALUES ('run-events.job-moved', jsonb_build_object('jobId', NEW.id, 'kind', told, 'state', NEW.state));
    PERFORM pg_notify('plumbline_outbox', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER job_moved AFTER UPDATE OF state ON platform.job
  FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.started_at IS NOT NULL AND NEW.state <> 'queued'
        AND NEW.name IN ('harvest-source', 'extract-views', 'run-rules', 'build-golden-records'))
  EXECUTE FUNCTION open_lineage.tell_of_job();
