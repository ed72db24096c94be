-- Reports of more kinds, about more than one source, in more formats; each says what it was made of, so that it can be made again.
ALTER TABLE reports.plan
  ADD kind text NOT NULL DEFAULT 'quality' CHECK (kind IN ('quality', 'register', 'reconciliation')),
  ALTER source_id DROP NOT NULL,
  ADD domain text,
  ADD owner text,
  DROP CONSTRAINT plan_formats_check,
  ADD CONSTRAINT plan_formats_check CHECK (formats <@ ARRAY['html', 'pdf', 'xlsx', 'csv', 'json'] AND cardinality(formats) > 0),
  DROP CONSTRAINT plan_source_id_period_language_key,
  ADD CONSTRAINT one_plan_per_scope UNIQUE NULLS NOT DISTINCT (kind, source_id, domain, owner, period, language);
ALTER TABLE reports.plan ALTER kind DROP DEFAULT;

DROP VIEW reports.report_now;
ALTER TABLE reports.report
  ADD kind text NOT NULL DEFAULT 'quality' CHECK (kind IN ('quality', 'register', 'reconciliation')),
  ALTER source_id DROP NOT NULL,
  ADD domain text,
  ADD owner text,
  -- The datasets that were of the domain when the report was asked for: tags change.
  ADD dataset_ids uuid[],
  -- It tells what was known at this time, and no later than the end of the period.
  ADD known_at timestamptz,
  -- SHA-256 of the facts it was made of, as JSON with sorted keys; NULL for a report that was made before there was one.
  ADD facts_sha256 text,
  ADD CHECK ((domain IS NULL) = (dataset_ids IS NULL)),
  DROP CONSTRAINT report_formats_check,
  ADD CONSTRAINT report_formats_check CHECK (formats <@ ARRAY['html', 'pdf', 'xlsx', 'csv', 'json'] AND cardinality(formats) > 0);
UPDATE reports.report SET known_at = requested_at;
ALTER TABLE reports.report ALTER kind DROP DEFAULT, ALTER known_at SET NOT NULL;
ALTER TABLE reports.file
  DROP CONSTRAINT file_format_check,
  ADD CONSTRAINT file_format_check CHECK (format IN ('html', 'pdf', 'xlsx', 'csv', 'json'));

-- Reports with the state a person is told.
CREATE VIEW reports.report_now AS
SELECT report.*,
       CASE WHEN report.made_at IS NOT NULL THEN 'succeeded'
            WHEN job.state IN ('running', 'failed', 'cancelled') THEN job.state
            ELSE 'queued' END AS state,
       CASE WHEN report.made_at IS NULL THEN job.error_message END AS error_message
  FROM reports.report
  LEFT JOIN platform.job ON job.id = report.job_id;
