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
