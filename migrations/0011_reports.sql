-- Reports that were made, as files that do not change any more.
CREATE SCHEMA reports;

-- Reports that are made again and again; platform.schedule says when, under the row's id.
CREATE TABLE reports.plan (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source_id uuid NOT NULL REFERENCES sources.source,
  -- What is reported when it is due: the day, week or month before.
  period text NOT NULL CHECK (period IN ('day', 'week', 'month')),
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  formats text[] NOT NULL CHECK (formats <@ ARRAY['html', 'csv'] AND cardinality(formats) > 0),
  time_zone text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (source_id, period, language)
);

CREATE TABLE reports.report (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source_id uuid NOT NULL REFERENCES sources.source,
  -- First and last day, both in it, in the time zone.
  first_day date NOT NULL,
  last_day date NOT NULL,
  time_zone text NOT NULL,
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  formats text[] NOT NULL CHECK (formats <@ ARRAY['html', 'csv'] AND cardinality(formats) > 0),
  plan_id uuid REFERENCES reports.plan,
  due_at timestamptz,
  job_id uuid,
  requested_at timestamptz NOT NULL,
  requested_by text NOT NULL,
  -- When its files were made; while that is open, the job says how it stands.
  made_at timestamptz,
  CHECK (first_day <= last_day),
  CHECK ((plan_id IS NULL) = (due_at IS NULL)),
  CONSTRAINT one_report_per_due_time UNIQUE (plan_id, due_at)
);
CREATE INDEX report_newest ON reports.report (requested_at DESC, id DESC);
CREATE INDEX report_source ON reports.report (source_id);

CREATE TABLE reports.file (
  report_id uuid NOT NULL REFERENCES reports.report,
  format text NOT NULL CHECK (format IN ('html', 'csv')),
  content bytea NOT NULL,
  -- Of the content, in hexadecimal.
  sha256 text NOT NULL CHECK (sha256 = encode(sha256(content), 'hex')),
  PRIMARY KEY (report_id, format)
);

CREATE FUNCTION reports.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'files of reports are never changed or removed';
END $$;
CREATE TRIGGER file_is_final BEFORE UPDATE OR DELETE ON reports.file FOR EACH ROW EXECUTE FUNCTION reports.refuse();

-- Reports with the state a person is told.
CREATE VIEW reports.report_now AS
SELECT report.*,
       CASE WHEN report.made_at IS NOT NULL THEN 'succeeded'
            WHEN job.state IN ('running', 'failed', 'cancelled') THEN job.state
            ELSE 'queued' END AS state,
       CASE WHEN report.made_at IS NULL THEN job.error_message END AS error_message
  FROM reports.report
  LEFT JOIN platform.job ON job.id = report.job_id;
