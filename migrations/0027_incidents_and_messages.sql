-- Incidents that people work through, waivers, and messages about what happened.

-- Incidents ---------------------------------------------------------------------------------------------------------

ALTER TABLE quality.incident
  DROP CONSTRAINT incident_state_check,
  DROP CONSTRAINT incident_check1,
  ADD CONSTRAINT incident_state CHECK (state IN ('open', 'acknowledged', 'assigned', 'fixing', 'awaiting_verification',
                                                 'resolved', 'waived', 'false_positive')),
  -- Since when it is over, by passing runs or as a false positive.
  ADD CONSTRAINT resolved_when_over CHECK ((state IN ('resolved', 'false_positive')) = (resolved_at IS NOT NULL)),
  ADD COLUMN assignee_id uuid REFERENCES identity.account,
  -- The most upstream open incident that probably causes it. A parent has none itself.
  ADD COLUMN parent_id uuid REFERENCES quality.incident,
  ADD COLUMN cause text CHECK (cause IN ('source_entry', 'etl_defect', 'schema_change', 'late_arrival', 'standard_missing',
                                         'rule_wrong', 'operations', 'other')),
  -- A person's severity is kept; without one it is the rule's.
  ADD COLUMN severity_set_by text,
  -- The version of the rule that failed last; its numbers then.
  ADD COLUMN version_id uuid REFERENCES quality.rule_version,
  ADD COLUMN violations bigint,
  ADD COLUMN checked bigint,
  -- Passing runs in a row since it failed last.
  ADD COLUMN passing_runs integer NOT NULL DEFAULT 0,
  -- Pass and fail take turns since then.
  ADD COLUMN flapping_since timestamptz,
  -- When the clock began (opened or opened again), when it runs out, and whether it was told that it had.
  ADD COLUMN clock_from timestamptz,
  ADD COLUMN due_at timestamptz,
  ADD COLUMN escalated_at timestamptz,
  -- The clock stands still since then.
  ADD COLUMN waived_at timestamptz;

UPDATE quality.incident SET clock_from = opened_at;
ALTER TABLE quality.incident ALTER COLUMN clock_from SET NOT NULL;

DROP INDEX quality.one_open_incident_per_rule;
CREATE UNIQUE INDEX one_open_incident_per_rule ON quality.incident (rule_id)
  WHERE kind = 'data' AND state NOT IN ('resolved', 'false_positive');
CREATE INDEX incident_children ON quality.incident (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX incident_open_due ON quality.incident (due_at) WHERE state NOT IN ('resolved', 'false_positive', 'waived');

ALTER TABLE quality.incident_event
  DROP CONSTRAINT incident_event_kind_check,
  ADD CONSTRAINT incident_event_kind CHECK (kind IN (
    'opened', 'failed_again', 'passed', 'reopened', 'resolved', 'acknowledged', 'assigned', 'commented', 'fixing',
    'awaiting_verification', 'false_positive', 'severity_changed', 'cause_set', 'flapping', 'steady', 'grouped',
    'ungrouped', 'escalated', 'waiver_requested', 'waiver_rejected', 'waived', 'waiver_ended'));
CREATE INDEX incident_event_run ON quality.incident_event (run_id) WHERE run_id IS NOT NULL;

-- What a severity asks for: passing runs until an incident is over, and the time there is for it.
CREATE TABLE quality.incident_terms (
  severity text PRIMARY KEY CHECK (severity IN ('S1', 'S2', 'S3', 'S4')),
  passes integer NOT NULL CHECK (passes BETWEEN 1 AND 10),
  -- Of one unit: hours by the clock, or business days.
  hours integer CHECK (hours BETWEEN 1 AND 8760),
  business_days integer CHECK (business_days BETWEEN 1 AND 250),
  CHECK (num_nonnulls(hours, business_days) = 1)
);
INSERT INTO quality.incident_terms (severity, passes, hours, business_days)
VALUES ('S1', 2, 4, NULL), ('S2', 2, NULL, 1), ('S3', 1, NULL, 5), ('S4', 1, NULL, 20);

-- A rule may fail for a time, with a reason, when a second person agrees.
CREATE TABLE quality.waiver (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  rule_id uuid NOT NULL REFERENCES quality.rule,
  -- The incident it was asked for at.
  incident_id uuid REFERENCES quality.incident,
  reason text NOT NULL CHECK (reason <> ''),
  -- The end is mandatory.
  until timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'approved', 'rejected', 'withdrawn', 'expired', 'revoked')),
  requested_at timestamptz NOT NULL,
  requested_by text NOT NULL,
  requested_by_id text NOT NULL,
  decided_at timestamptz,
  decided_by text,
  decided_by_id text,
  decision text NOT NULL DEFAULT '',
  -- When it ceased before or at its end, by whom and why.
  ended_at timestamptz,
  ended_by text,
  end_reason text NOT NULL DEFAULT '',
  -- When it was told that the end is near.
  reminded_at timestamptz,
  CHECK (until > requested_at),
  CHECK (decided_by_id IS DISTINCT FROM requested_by_id),
  CHECK ((state IN ('approved', 'rejected', 'expired', 'revoked')) <= (decided_at IS NOT NULL)),
  CHECK ((state IN ('expired', 'revoked', 'withdrawn')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX one_requested_waiver_per_rule ON quality.waiver (rule_id) WHERE state = 'requested';
CREATE UNIQUE INDEX one_waiver_in_force_per_rule ON quality.waiver (rule_id) WHERE state = 'approved';
CREATE INDEX waiver_newest ON quality.waiver (requested_at DESC, id DESC);

-- Messages ----------------------------------------------------------------------------------------------------------

CREATE SCHEMA notifications;

-- A way to tell people or programs something.
CREATE TABLE notifications.channel (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL CHECK (name <> ''),
  kind text NOT NULL CHECK (kind IN ('smtp', 'webhook', 'wecom', 'dingtalk', 'feishu')),
  -- What may be shown of it. A robot's address is a secret, so only its host is here.
  settings jsonb NOT NULL,
  -- Sealed JSON.
  secrets bytea,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  -- Nothing gets through since then.
  failing_since timestamptz,
  removed_at timestamptz
);
CREATE UNIQUE INDEX channel_name ON notifications.channel (lower(name)) WHERE removed_at IS NULL;

-- Who is told what, on which channel, in which language, and when not.
CREATE TABLE notifications.subscription (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  channel_id uuid NOT NULL REFERENCES notifications.channel,
  name text NOT NULL CHECK (name <> ''),
  -- Addresses, for a channel of mail.
  recipients text[] NOT NULL DEFAULT '{}',
  events text[] NOT NULL CHECK (events <> '{}'),
  -- Empty: all.
  severities text[] NOT NULL DEFAULT '{}',
  domains text[] NOT NULL DEFAULT '{}',
  source_ids uuid[] NOT NULL DEFAULT '{}',
  owners text[] NOT NULL DEFAULT '{}',
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  time_zone text NOT NULL,
  -- Nothing is sent between the two, by the clock of the time zone; it waits for the end.
  quiet_from text,
  quiet_to text,
  -- S1 is told at once, whatever is said here of quiet hours and digests.
  urgent_at_once boolean NOT NULL,
  -- What comes in is told together: every so many minutes, or once a day.
  digest_minutes integer CHECK (digest_minutes BETWEEN 1 AND 1440),
  digest_at text,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  removed_at timestamptz,
  CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
  CHECK (num_nonnulls(digest_minutes, digest_at) <= 1)
);
CREATE INDEX subscription_of_channel ON notifications.subscription (channel_id) WHERE removed_at IS NULL;

-- Something that happened, in words of both languages. Names, numbers and a place; never a value of somebody's data.
CREATE TABLE notifications.notice (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  -- Told twice under one key, it is one.
  key text NOT NULL UNIQUE,
  event text NOT NULL,
  severity text,
  source_id uuid,
  domain text NOT NULL,
  owner text NOT NULL,
  -- What it is about: of several notices about one thing in a digest, the last is told.
  about text NOT NULL,
  -- { title: { en, zh }, facts: [{ label: { en, zh }, value: { en, zh } }], path }
  content jsonb NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX notice_at ON notifications.notice (at);

-- Files that go with a notice by mail, until it has been sent.
CREATE TABLE notifications.attachment (
  notice_id uuid NOT NULL REFERENCES notifications.notice ON DELETE CASCADE,
  position integer NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (notice_id, position)
);

-- A message on its way or sent: one notice, or several together.
CREATE TABLE notifications.delivery (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  channel_id uuid NOT NULL REFERENCES notifications.channel,
  subscription_id uuid REFERENCES notifications.subscription,
  recipients text[] NOT NULL,
  language text NOT NULL,
  -- As it was rendered, so that a second try sends the same.
  subject text NOT NULL,
  body text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  made_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  tried_at timestamptz,
  next_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- What the other side answered, or why it was not reached.
  answer text NOT NULL DEFAULT '',
  CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX delivery_waiting ON notifications.delivery (channel_id, next_at) WHERE state = 'waiting';
CREATE INDEX delivery_newest ON notifications.delivery (made_at DESC, id DESC);
CREATE INDEX delivery_tried ON notifications.delivery (channel_id, tried_at);

-- Who is to be told of a notice, from when on, and with which message he was.
CREATE TABLE notifications.telling (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  notice_id uuid NOT NULL REFERENCES notifications.notice,
  channel_id uuid NOT NULL REFERENCES notifications.channel,
  subscription_id uuid REFERENCES notifications.subscription,
  recipients text[] NOT NULL,
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  due_at timestamptz NOT NULL,
  delivery_id uuid REFERENCES notifications.delivery
);
CREATE UNIQUE INDEX one_telling_per_subscription ON notifications.telling (notice_id, subscription_id)
  WHERE subscription_id IS NOT NULL;
CREATE INDEX telling_waiting ON notifications.telling (channel_id, due_at) WHERE delivery_id IS NULL;
CREATE INDEX telling_of_delivery ON notifications.telling (delivery_id);

-- What is asked for every minute: messages that are due, and clocks that ran out.
INSERT INTO platform.schedule (id, job_name, payload, cron, time_zone, subject_kind, subject_id, actor_kind, actor_id, actor_name)
VALUES ('00000000-0000-7000-8000-000000000271', 'send-messages', '{}', '* * * * *', 'UTC',
        'messages', '00000000-0000-7000-8000-000000000271', 'system', 'notifications', 'notifications'),
       ('00000000-0000-7000-8000-000000000272', 'watch-incidents', '{}', '* * * * *', 'UTC',
        'incidents', '00000000-0000-7000-8000-000000000272', 'system', 'quality', 'quality');
