-- What a source itself keeps true of every row of a dataset, beside its keys: the connector kit's HarvestedConstraint. No part of the
-- schema that is shown, so it makes no version; written where it differs.
CREATE TABLE dictionary.dataset_constraints (
  dataset_id uuid PRIMARY KEY REFERENCES dictionary.dataset,
  constraints jsonb NOT NULL,
  -- When it was first read so.
  read_at timestamptz NOT NULL
);
