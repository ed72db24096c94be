-- What columns probably hold that must be protected, and what people decided of it.
CREATE SCHEMA sensitivity;

CREATE TABLE sensitivity.proposal (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  field_id uuid NOT NULL REFERENCES dictionary.field,
  -- Of the detectors' own list, for instance resident_id.
  category text NOT NULL,
  level text NOT NULL CHECK (level IN ('L1', 'L2', 'L3', 'L4', 'L5')),
  -- The template that gave the level.
  template text NOT NULL,
  score numeric(3, 2) NOT NULL CHECK (score BETWEEN 0 AND 1),
  -- Most of the values are masked already.
  masked boolean NOT NULL,
  -- Codes with numbers and words of our own tables: never a value of the column.
  reasons jsonb NOT NULL,
  detector_version integer NOT NULL,
  -- Withdrawn: nothing speaks for it any more, or the field is gone, before anybody decided.
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
  proposed_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by text,
  CHECK ((state IN ('accepted', 'rejected')) = (decided_by IS NOT NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  -- What was decided of a category is not asked again; another category is.
  UNIQUE (field_id, category)
);
CREATE INDEX proposal_state ON sensitivity.proposal (state, score DESC, id DESC);

-- The schema version as which a dataset was last looked at, and how.
CREATE TABLE sensitivity.detection (
  dataset_id uuid PRIMARY KEY REFERENCES dictionary.dataset,
  version_id uuid NOT NULL REFERENCES dictionary.schema_version,
  detector_version integer NOT NULL,
  template text NOT NULL,
  -- Rows whose values were counted and forgotten; NULL: none were read.
  sampled_rows integer,
  -- Why no values were looked at: a code. A source's own sentence could quote a value, so it is not kept.
  problem text,
  detected_at timestamptz NOT NULL
);

ALTER TABLE sources.source
  -- Rows of a dataset whose values detectors may look at; 0: none, only names and comments count.
  ADD COLUMN sample_rows integer NOT NULL DEFAULT 200 CHECK (sample_rows BETWEEN 0 AND 1000);

-- Who set the level of an entry, apart from who changed the entry last.
ALTER TABLE dictionary.entry
  -- Proposal: a person accepted what a detector proposed.
  ADD COLUMN level_origin text CHECK (level_origin IN ('person', 'rule', 'import', 'proposal')),
  ADD COLUMN level_by text,
  ADD COLUMN level_at timestamptz;
UPDATE dictionary.entry
   SET level_origin = origin, level_by = changed_by, level_at = changed_at
 WHERE security_level IS NOT NULL;

-- The levels that are stated, of datasets (field_id NULL) and of the fields they have now.
CREATE VIEW dictionary.stated_level AS
SELECT entry.dataset_id, NULL::uuid AS field_id, entry.security_level AS level,
       coalesce(entry.level_origin, entry.origin) AS origin, coalesce(entry.level_by, entry.changed_by) AS set_by,
       coalesce(entry.level_at, entry.changed_at) AS set_at
  FROM dictionary.entry
 WHERE entry.dataset_id IS NOT NULL AND entry.security_level IS NOT NULL
 UNION ALL
SELECT field.dataset_id, field.id, entry.security_level, coalesce(entry.level_origin, entry.origin),
       coalesce(entry.level_by, entry.changed_by), coalesce(entry.level_at, entry.changed_at)
  FROM dictionary.entry
  JOIN dictionary.field ON field.id = entry.field_id
  JOIN dictionary.dataset ON dataset.id = field.dataset_id
  JOIN dictionary.field_version AS version
    ON version.version_id = dataset.current_version_id AND version.field_id = field.id
 WHERE entry.security_level IS NOT NULL;
CREATE INDEX entry_level ON dictionary.entry (security_level) WHERE security_level IS NOT NULL;
