-- Reconciliation: whether two datasets say the same, the breaks between them and how old they are, and who signed for it.
CREATE SCHEMA reconciliation;

CREATE FUNCTION reconciliation.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of reconciliation.% are never changed or removed', TG_TABLE_NAME;
END $$;

CREATE TABLE reconciliation.reconciliation (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  -- A copy of the highest number among its versions.
  version_number integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  -- What is retired runs no more; what it found stays.
  retired_at timestamptz
);
CREATE UNIQUE INDEX reconciliation_name ON reconciliation.reconciliation (lower(name)) WHERE retired_at IS NULL;

CREATE TABLE reconciliation.version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  reconciliation_id uuid NOT NULL REFERENCES reconciliation.reconciliation,
  number integer NOT NULL CHECK (number > 0),
  description text NOT NULL,
  owner text NOT NULL,
  left_dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  right_dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  -- The definition of the core: keys, columns, filters, cut-off, checks.
  definition jsonb NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  UNIQUE (reconciliation_id, number)
);
CREATE TRIGGER version_is_final BEFORE UPDATE OR DELETE ON reconciliation.version
  FOR EACH ROW EXECUTE FUNCTION reconciliation.refuse();

CREATE TABLE reconciliation.run (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  reconciliation_id uuid NOT NULL REFERENCES reconciliation.reconciliation,
  version_id uuid NOT NULL REFERENCES reconciliation.version,
  -- For a run that a schedule asked for. One due time has one run.
  due_at timestamptz,
  job_id uuid,
  -- How it ended; while that is open, the job says how it stands. See reconciliation.run_now.
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'succeeded', 'cancelled')),
  requested_at timestamptz NOT NULL,
  requested_by text NOT NULL,
  finished_at timestamptz,
  -- When the sides were asked, and the moment before which rows counted.
  as_of timestamptz,
  cutoff timestamptz,
  -- error: a side could not be asked, which says nothing about the data.
  verdict text CHECK (verdict IN ('agrees', 'breaks', 'not_evaluated', 'error')),
  left_rows numeric,
  right_rows numeric,
  -- How far the comparison by keys went.
  keys jsonb,
  error_side text CHECK (error_side IN ('left', 'right')),
  error_code text,
  error_message text,
  CONSTRAINT one_run_per_due_time UNIQUE (reconciliation_id, due_at),
  CHECK ((finished_at IS NULL) = (state = 'open')),
  CHECK ((verdict IS NOT NULL) = (state = 'succeeded')),
  CHECK ((error_code IS NOT NULL) = (verdict IS NOT DISTINCT FROM 'error'))
);
CREATE INDEX run_newest ON reconciliation.run (requested_at DESC, id DESC);
CREATE INDEX run_of ON reconciliation.run (reconciliation_id, requested_at DESC, id DESC);

CREATE FUNCTION reconciliation.keep_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a run that has ended is never changed';
END $$;
CREATE TRIGGER ended_run_is_final BEFORE UPDATE OR DELETE ON reconciliation.run
  FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION reconciliation.keep_ended();

CREATE VIEW reconciliation.run_now AS
SELECT run.*,
       CASE WHEN run.state <> 'open' THEN run.state
            WHEN job.state IN ('cancelled', 'failed', 'running') THEN job.state
            ELSE 'queued' END AS state_now,
       job.started_at,
       coalesce(run.finished_at, job.finished_at) AS ended_at,
       CASE WHEN run.state = 'open' THEN job.error_message END AS job_error
  FROM reconciliation.run
  LEFT JOIN platform.job ON job.id = run.job_id;

-- What each check found.
CREATE TABLE reconciliation.check_found (
  run_id uuid NOT NULL REFERENCES reconciliation.run,
  position integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('row_count', 'sum', 'groups', 'keys')),
  -- What was summed or grouped by.
  of_what text NOT NULL,
  absolute text NOT NULL,
  relative text NOT NULL,
  status text NOT NULL CHECK (status IN ('pass', 'fail', 'not_evaluated')),
  left_figure text,
  right_figure text,
  difference text,
  -- { all, differing, withheld, sealed }: groups that differ, sealed since they are values of the data.
  groups jsonb,
  PRIMARY KEY (run_id, position)
);
CREATE TRIGGER check_found_is_final BEFORE UPDATE OR DELETE ON reconciliation.check_found
  FOR EACH ROW EXECUTE FUNCTION reconciliation.refuse();

-- Exactly what was asked of each side.
CREATE TABLE reconciliation.statement (
  run_id uuid NOT NULL REFERENCES reconciliation.run,
  position integer NOT NULL,
  side text NOT NULL CHECK (side IN ('left', 'right')),
  purpose text NOT NULL,
  sql text NOT NULL,
  params jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  ms integer NOT NULL,
  rows integer NOT NULL,
  PRIMARY KEY (run_id, position)
);
CREATE TRIGGER statement_is_final BEFORE UPDATE OR DELETE ON reconciliation.statement
  FOR EACH ROW EXECUTE FUNCTION reconciliation.refuse();

-- A key whose rows do not agree, from the run that saw it first until one in which it agrees.
CREATE TABLE reconciliation.break (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  reconciliation_id uuid NOT NULL REFERENCES reconciliation.reconciliation,
  -- Keyed fingerprint of the key: tells the same key again without keeping it.
  key_print bytea NOT NULL,
  kind text NOT NULL CHECK (kind IN ('missing_left', 'missing_right', 'value_differs', 'duplicate_key', 'null_key')),
  -- Mapped columns that differ, by their names on the left.
  columns text[] NOT NULL,
  left_rows integer NOT NULL,
  right_rows integer NOT NULL,
  -- { key, left, right } without what the security levels forbid, sealed for this break.
  sealed bytea NOT NULL,
  -- Of kind and values: when it changes, a decision about the break does not hold any more.
  difference_print bytea NOT NULL,
  first_run_id uuid NOT NULL REFERENCES reconciliation.run,
  first_seen_at timestamptz NOT NULL,
  last_run_id uuid NOT NULL REFERENCES reconciliation.run,
  last_seen_at timestamptz NOT NULL,
  runs_seen integer NOT NULL DEFAULT 1,
  decision text NOT NULL DEFAULT 'none' CHECK (decision IN ('none', 'explained', 'written_off')),
  reason text NOT NULL DEFAULT '',
  decided_at timestamptz,
  decided_by text,
  closed_run_id uuid REFERENCES reconciliation.run,
  closed_at timestamptz,
  CHECK ((closed_at IS NULL) = (closed_run_id IS NULL)),
  CHECK ((decision = 'none') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX one_open_break_per_key ON reconciliation.break (reconciliation_id, key_print) WHERE closed_at IS NULL;
CREATE INDEX break_list ON reconciliation.break (reconciliation_id, first_seen_at, id);

-- Which breaks a run saw.
CREATE TABLE reconciliation.break_seen (
  run_id uuid NOT NULL REFERENCES reconciliation.run,
  break_id uuid NOT NULL REFERENCES reconciliation.break,
  kind text NOT NULL,
  PRIMARY KEY (run_id, break_id)
);
CREATE INDEX break_seen_break ON reconciliation.break_seen (break_id);

-- What happened to a break besides being seen.
CREATE TABLE reconciliation.break_event (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  break_id uuid NOT NULL REFERENCES reconciliation.break,
  kind text NOT NULL CHECK (kind IN ('opened', 'changed', 'explained', 'written_off', 'lifted', 'closed')),
  at timestamptz NOT NULL,
  by_whom text NOT NULL,
  text text NOT NULL DEFAULT ''
);
CREATE INDEX break_event_break ON reconciliation.break_event (break_id, at, id);
CREATE TRIGGER break_event_is_final BEFORE UPDATE OR DELETE ON reconciliation.break_event
  FOR EACH ROW EXECUTE FUNCTION reconciliation.refuse();

-- A person vouches for the result of a run; for one with open breaks it takes two.
CREATE TABLE reconciliation.sign_off (
  run_id uuid NOT NULL REFERENCES reconciliation.run,
  position integer NOT NULL CHECK (position IN (1, 2)),
  -- How many signatures the run needed when the first was given, and how many breaks were open then.
  needed integer NOT NULL CHECK (needed IN (1, 2)),
  open_breaks integer NOT NULL,
  by_id text NOT NULL,
  by_whom text NOT NULL,
  at timestamptz NOT NULL,
  comment text NOT NULL,
  PRIMARY KEY (run_id, position),
  CONSTRAINT nobody_signs_twice UNIQUE (run_id, by_id),
  CHECK (position <= needed)
);
CREATE TRIGGER sign_off_is_final BEFORE UPDATE OR DELETE ON reconciliation.sign_off
  FOR EACH ROW EXECUTE FUNCTION reconciliation.refuse();
