-- What the values of datasets are like, taken when asked for or on schedule. Values only where the field's level allows it.
CREATE SCHEMA statistics;

CREATE TABLE statistics.dataset_profile (
  dataset_id uuid PRIMARY KEY REFERENCES dictionary.dataset,
  -- When the rows were read that the figures are of; NULL: never yet.
  taken_at timestamptz,
  -- All rows: counted, or the source's own guess where only a sample was read; NULL: not known.
  row_count bigint,
  -- Rows that were read, when not all were.
  sampled_rows bigint,
  -- The last try, and why nothing came of it: a code. What a source says could quote a value.
  tried_at timestamptz NOT NULL,
  problem text
);

CREATE TABLE statistics.field_profile (
  field_id uuid PRIMARY KEY REFERENCES dictionary.field,
  dataset_id uuid NOT NULL REFERENCES statistics.dataset_profile ON DELETE CASCADE,
  null_count bigint NOT NULL,
  -- Different values among the rows that were read.
  distinct_count bigint,
  shortest integer,
  longest integer,
  mean text,
  deviation text,
  -- Whether the security level allows the values, their masks or nothing of what follows.
  shown text NOT NULL CHECK (shown IN ('values', 'masked', 'withheld')),
  least text,
  greatest text,
  -- Quantile to value.
  quantiles jsonb NOT NULL DEFAULT '{}',
  -- The most frequent values: [{ value, rows }].
  frequent jsonb NOT NULL DEFAULT '[]',
  CHECK (shown <> 'withheld' OR (least IS NULL AND greatest IS NULL AND quantiles = '{}' AND frequent = '[]'))
);
CREATE INDEX field_profile_dataset ON statistics.field_profile (dataset_id);

-- What reading for statistics may cost a source; without a row: the defaults.
CREATE TABLE statistics.source_limit (
  source_id uuid PRIMARY KEY REFERENCES sources.source,
  -- Of a larger dataset only a sample of so many rows is read.
  row_limit bigint NOT NULL CHECK (row_limit > 0),
  -- Of one run over the source: its time, and the rows that its statements read together.
  seconds integer NOT NULL CHECK (seconds > 0),
  read_rows bigint NOT NULL CHECK (read_rows > 0)
);
