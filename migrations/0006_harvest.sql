-- Readings of the sources' metadata.
CREATE SCHEMA harvest;

CREATE TABLE harvest.run (
  -- The id of the job (platform.job) that reads.
  id uuid PRIMARY KEY,
  source_id uuid NOT NULL REFERENCES sources.source,
  -- How it ended; while that is open, the job says how it stands.
  state text NOT NULL CHECK (state IN ('open', 'succeeded', 'partial', 'failed')),
  -- Somebody has said that many datasets may vanish.
  confirm_removals boolean NOT NULL,
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  -- Datasets by what became of them.
  added integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  vanished integer NOT NULL DEFAULT 0,
  -- Why it is partial beyond its scopes' reasons, as sentences.
  reasons text[] NOT NULL DEFAULT '{}',
  error_code text,
  error_message text,
  CHECK ((finished_at IS NULL) = (state = 'open'))
);
CREATE INDEX run_source ON harvest.run (source_id, requested_at DESC, id DESC);

-- A schema or folder that a run has read to its end, wholly or not. Its datasets are in dictionary.staged_dataset
-- until the run is applied.
CREATE TABLE harvest.scope (
  run_id uuid NOT NULL REFERENCES harvest.run ON DELETE CASCADE,
  name text NOT NULL,
  complete boolean NOT NULL,
  reasons text[] NOT NULL,
  datasets integer NOT NULL,
  finished_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, name)
);
