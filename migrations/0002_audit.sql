-- Who changed what, when. Append-only; each entry carries the hash of the one before it.
CREATE SCHEMA audit;

CREATE TABLE audit.entry (
  number bigint PRIMARY KEY,
  recorded_at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  subject_name text NOT NULL,
  details jsonb NOT NULL,
  request_id text,
  previous_hash text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX entry_subject ON audit.entry (subject_kind, subject_id, number DESC);
CREATE INDEX entry_actor ON audit.entry (actor_id, number DESC);
CREATE INDEX entry_action ON audit.entry (action, number DESC);

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are never changed or removed';
END $$;
CREATE TRIGGER entry_is_final BEFORE UPDATE OR DELETE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER entry_is_not_truncated BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
