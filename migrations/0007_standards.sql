-- The standards that the sources' data must hold to: code sets, data elements, which field is which element, and
-- whether it holds to it.
CREATE SCHEMA standards;

CREATE TABLE standards.code_set (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  code text NOT NULL,
  name_en text NOT NULL,
  name_zh text NOT NULL,
  definition text NOT NULL DEFAULT '',
  -- Where it comes from, for instance GB/T 2261.1-2003.
  basis text NOT NULL DEFAULT '',
  owner text NOT NULL DEFAULT '',
  -- Goes up with each change; a change based on an older one is refused.
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX code_set_code ON standards.code_set (lower(code));

-- A value is never changed: the row of the old one is closed (recorded_to), the new one is a new row.
CREATE TABLE standards.code_value (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  code_set_id uuid NOT NULL REFERENCES standards.code_set,
  code text NOT NULL CHECK (code <> ''),
  name_en text NOT NULL,
  name_zh text NOT NULL,
  position integer NOT NULL,
  parent_code text,
  -- First and last day on which the code may be used.
  valid_from date NOT NULL DEFAULT '-infinity',
  valid_to date NOT NULL DEFAULT 'infinity',
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CONSTRAINT code_value_days_in_order CHECK (valid_from <= valid_to)
);
CREATE UNIQUE INDEX code_value_current ON standards.code_value (code_set_id, code) WHERE recorded_to = 'infinity';
CREATE INDEX code_value_order ON standards.code_value (code_set_id, position);

CREATE TABLE standards.data_element (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  code text NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'retired')),
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  CONSTRAINT data_element_retired_when CHECK ((retired_at IS NULL) = (state <> 'retired'))
);
CREATE UNIQUE INDEX data_element_code ON standards.data_element (lower(code));

-- A published version is never changed; a change of it is the next version, a draft until it is published.
CREATE TABLE standards.data_element_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  element_id uuid NOT NULL REFERENCES standards.data_element,
  version integer NOT NULL,
  name_en text NOT NULL,
  name_zh text NOT NULL,
  definition text NOT NULL DEFAULT '',
  type_family text NOT NULL,
  length integer CHECK (length > 0),
  precision integer CHECK (precision > 0),
  scale integer,
  nullable boolean NOT NULL,
  code_set_id uuid REFERENCES standards.code_set,
  identifier_format text,
  security_level text CHECK (security_level IN ('L1', 'L2', 'L3', 'L4', 'L5')),
  owner text NOT NULL DEFAULT '',
  -- Goes up with each change of a draft; a change based on an older one is refused.
  revision integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL,
  published_at timestamptz,
  -- The first day on which this version is in force; the one before it is until then.
  effective_from date,
  UNIQUE (element_id, version),
  CONSTRAINT data_element_version_effective_when_published CHECK ((published_at IS NULL) = (effective_from IS NULL))
);
CREATE UNIQUE INDEX data_element_version_one_draft ON standards.data_element_version (element_id) WHERE published_at IS NULL;
CREATE INDEX data_element_version_code_set ON standards.data_element_version (code_set_id);

-- The elements that are in force on a day, each in the version that is.
CREATE FUNCTION standards.elements_on(day date) RETURNS TABLE (
  id uuid, code text, version_id uuid, version integer, name_en text, name_zh text, definition text, type_family text,
  length integer, "precision" integer, scale integer, nullable boolean, code_set_id uuid, identifier_format text,
  security_level text, owner text
) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (element.id) element.id, element.code, version.id, version.version, version.name_en, version.name_zh,
         version.definition, version.type_family, version.length, version.precision, version.scale, version.nullable,
         version.code_set_id, version.identifier_format, version.security_level, version.owner
    FROM standards.data_element AS element
    JOIN standards.data_element_version AS version ON version.element_id = element.id
   WHERE element.state = 'published' AND version.effective_from <= day
   ORDER BY element.id, version.version DESC
$$;

-- Which field is which element. One that was rejected stays, so that it is not suggested again.
CREATE TABLE standards.mapping (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  field_id uuid NOT NULL REFERENCES dictionary.field,
  element_id uuid NOT NULL REFERENCES standards.data_element,
  state text NOT NULL CHECK (state IN ('suggested', 'confirmed', 'rejected')),
  -- Likeness from 0 to 1 and what it rests on; NULL when a person mapped the field by hand.
  score double precision CHECK (score BETWEEN 0 AND 1),
  evidence jsonb NOT NULL DEFAULT '[]',
  reason text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  decided_by text,
  decided_at timestamptz,
  UNIQUE (field_id, element_id),
  CONSTRAINT mapping_decided_by_somebody CHECK ((state = 'suggested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL))
);
CREATE UNIQUE INDEX mapping_one_element_a_field ON standards.mapping (field_id) WHERE state = 'confirmed';
CREATE INDEX mapping_element ON standards.mapping (element_id, state);

-- Whether a mapped field holds to its element. A new row only when the verdict changed; else checked_at moves on.
CREATE TABLE standards.verdict (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  mapping_id uuid NOT NULL REFERENCES standards.mapping,
  element_version_id uuid NOT NULL REFERENCES standards.data_element_version,
  overall text NOT NULL CHECK (overall IN ('pass', 'fail', 'not_evaluated', 'error')),
  -- The aspects (type, length, nullability, codes), each with its outcome and sentences in English and Chinese.
  aspects jsonb NOT NULL,
  checked_rows bigint,
  bad_rows bigint,
  distinct_bad_codes bigint,
  -- At most 20; never of a field of level L4 or L5.
  bad_codes text[] NOT NULL DEFAULT '{}' CHECK (cardinality(bad_codes) <= 20),
  digest text NOT NULL,
  recorded_from timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity'
);
CREATE UNIQUE INDEX verdict_current ON standards.verdict (mapping_id) WHERE recorded_to = 'infinity';
CREATE INDEX verdict_history ON standards.verdict (mapping_id, recorded_from DESC);
