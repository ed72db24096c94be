-- Probable renames: a dataset or a field is gone and one like it is new in its place. A person decides.
CREATE TABLE dictionary.rename_proposal (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source_id uuid NOT NULL REFERENCES sources.source,
  -- The harvest run that found it out.
  run_id uuid NOT NULL,
  -- Both for a dataset; for a field they are the same dataset.
  from_dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  to_dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  -- NULL when the whole dataset has another name.
  from_field_id uuid REFERENCES dictionary.field,
  to_field_id uuid REFERENCES dictionary.field,
  -- Withdrawn: what was gone is back, or what was new is gone, before anybody decided.
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
  proposed_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by text,
  CHECK ((from_field_id IS NULL) = (to_field_id IS NULL)),
  CHECK ((from_dataset_id = to_dataset_id) = (from_field_id IS NOT NULL)),
  CHECK ((state IN ('accepted', 'rejected')) = (decided_by IS NOT NULL))
);
CREATE INDEX rename_proposal_source ON dictionary.rename_proposal (source_id, state);
-- What was decided is not asked again.
CREATE UNIQUE INDEX rename_proposal_datasets ON dictionary.rename_proposal (from_dataset_id, to_dataset_id)
  WHERE from_field_id IS NULL;
CREATE UNIQUE INDEX rename_proposal_fields ON dictionary.rename_proposal (from_field_id, to_field_id)
  WHERE from_field_id IS NOT NULL;
