-- Jobs, schedules and the outbox: what the platform keeps for every domain.
CREATE SCHEMA IF NOT EXISTS platform;

CREATE TABLE platform.job (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  queue text NOT NULL,
  payload jsonb NOT NULL,
  -- What the job works on, so that two of the same do not run at once.
  key text NOT NULL,
  title_en text NOT NULL,
  title_zh text NOT NULL,
  subject_kind text,
  subject_id uuid,
  state text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  -- Share done, from 0 to 1.
  progress double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  message text,
  result jsonb,
  error_code text,
  error_message text,
  attempt integer NOT NULL DEFAULT 0,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  request_id text,
  requested_at timestamptz NOT NULL DEFAULT now(),
  -- When it was handed to the queue; NULL waits for the worker's feeder.
  fed_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz,
  CHECK ((finished_at IS NULL) = (state IN ('queued', 'running')))
);
CREATE UNIQUE INDEX job_active_key ON platform.job (name, key) WHERE state IN ('queued', 'running');
CREATE INDEX job_unfed ON platform.job (requested_at) WHERE fed_at IS NULL;
CREATE INDEX job_newest ON platform.job (requested_at DESC, id DESC);
CREATE INDEX job_subject ON platform.job (subject_id, requested_at DESC);

CREATE TABLE platform.schedule (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  job_name text NOT NULL,
  payload jsonb NOT NULL,
  cron text NOT NULL,
  time_zone text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (job_name, subject_id)
);

-- One row for each due time that was answered: the second trigger of the same due time finds it taken.
CREATE TABLE platform.schedule_firing (
  schedule_id uuid NOT NULL REFERENCES platform.schedule ON DELETE CASCADE,
  due_at timestamptz NOT NULL,
  job_id uuid REFERENCES platform.job ON DELETE SET NULL,
  fired_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (schedule_id, due_at)
);

CREATE TABLE platform.event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type text NOT NULL,
  payload jsonb NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_type ON platform.event (type, id);

CREATE TABLE platform.event_delivery (
  consumer text NOT NULL,
  event_id bigint NOT NULL REFERENCES platform.event ON DELETE CASCADE,
  state text NOT NULL CHECK (state IN ('delivered', 'retry', 'dead')),
  attempts integer NOT NULL,
  next_at timestamptz,
  error text,
  delivered_at timestamptz,
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX event_delivery_event ON platform.event_delivery (event_id);
