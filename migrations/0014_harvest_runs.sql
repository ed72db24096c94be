-- Harvests that look only, read a part, or ask before much vanishes; and by which digests they know what is unchanged.
ALTER TABLE harvest.run
  DROP CONSTRAINT run_state_check,
  ADD CONSTRAINT run_state_check CHECK (state IN ('open', 'succeeded', 'partial', 'failed', 'needs_confirmation')),
  -- Globs: only these scopes were asked for. NULL: all that the source's filter lets through.
  ADD COLUMN scopes text[],
  -- Everything was asked for, also where the digest says that nothing has changed.
  ADD COLUMN read_all boolean NOT NULL DEFAULT false,
  -- It tells what would change and changes nothing.
  ADD COLUMN dry boolean NOT NULL DEFAULT false,
  -- The stopped run whose list of vanishing datasets somebody has confirmed.
  ADD COLUMN confirms uuid REFERENCES harvest.run;

-- What a run would have changed that changed nothing: a dry one, or one that stopped to ask.
CREATE TABLE harvest.difference (
  run_id uuid NOT NULL REFERENCES harvest.run ON DELETE CASCADE,
  qualified_name text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('added', 'changed', 'vanished')),
  PRIMARY KEY (run_id, qualified_name)
);

-- The source's digest of a scope as it was read completely the last time. Of no use once the settings are others.
CREATE TABLE harvest.scope_digest (
  source_id uuid NOT NULL REFERENCES sources.source,
  scope text NOT NULL,
  digest text NOT NULL,
  -- When it was last read. Sizes are no part of the digest, so a scope is read again after some days all the same.
  read_at timestamptz NOT NULL,
  PRIMARY KEY (source_id, scope)
);
-- What a run has found; it counts once the run is applied.
ALTER TABLE harvest.scope
  ADD COLUMN digest text,
  -- The source said that nothing has changed since the last time, so it was not read.
  ADD COLUMN skipped boolean NOT NULL DEFAULT false;

ALTER TABLE dictionary.staged_dataset
  ALTER digest DROP NOT NULL,
  ALTER content DROP NOT NULL,
  -- Neither: it is not in its scope any more, which was read to its end.
  ADD CHECK ((digest IS NULL) = (content IS NULL));

ALTER TABLE sources.source
  -- While it is paused, nothing is read from it, by hand or on schedule.
  ADD COLUMN paused_at timestamptz,
  -- The share of its datasets that may vanish in one harvest without anybody's word.
  ADD COLUMN removal_share numeric(4, 3) NOT NULL DEFAULT 0.2 CHECK (removal_share BETWEEN 0 AND 1);
