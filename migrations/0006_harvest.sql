-- Readings of the sources' metadata.
CREATE SCHEMA harvest;

CREATE TABLE harvest.run (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source_id uuid NOT NULL REFERENCES sources.source,
  job_id uuid,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  -- Datasets by what became of them.
  added integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  vanished integer NOT NULL DEFAULT 0,
  error_message text
);
CREATE INDEX run_source ON harvest.run (source_id, requested_at DESC);

-- A schema or folder that a run has read to its end, wholly or not.
CREATE TABLE harvest.scope (
  run_id uuid NOT NULL REFERENCES harvest.run ON DELETE CASCADE,
  name text NOT NULL,
  complete boolean NOT NULL,
  reasons text[] NOT NULL,
  finished_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, name)
);

-- What a run has read so far. Emptied when the run is applied.
CREATE TABLE harvest.staged_dataset (
  run_id uuid NOT NULL REFERENCES harvest.run ON DELETE CASCADE,
  scope text NOT NULL,
  qualified_name text NOT NULL,
  digest text NOT NULL,
  content jsonb NOT NULL,
  PRIMARY KEY (run_id, qualified_name)
);
