-- Master data: one golden record for each real thing, made of the rows of many sources.
-- Values are personal data: they are sealed (AES-256-GCM) and found by keyed fingerprints (HMAC) only.
CREATE SCHEMA master_data;

CREATE TABLE master_data.entity (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  code text NOT NULL,
  name_en text NOT NULL,
  name_zh text NOT NULL,
  definition text NOT NULL DEFAULT '',
  owner text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  -- What the golden records were last made with; another digest means that all of them are judged anew.
  built_digest text,
  built_at timestamptz
);
CREATE UNIQUE INDEX entity_code ON master_data.entity (lower(code));

CREATE TABLE master_data.attribute (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  entity_id uuid NOT NULL REFERENCES master_data.entity,
  code text NOT NULL,
  name_en text NOT NULL,
  name_zh text NOT NULL,
  type_family text NOT NULL,
  identifier_format text,
  is_match_key boolean NOT NULL DEFAULT false,
  position integer NOT NULL,
  UNIQUE (entity_id, code),
  CONSTRAINT attribute_match_key_is_identifier CHECK (NOT is_match_key OR identifier_format IS NOT NULL)
);
CREATE UNIQUE INDEX attribute_one_match_key ON master_data.attribute (entity_id) WHERE is_match_key;

-- A dataset that has rows of the entity.
CREATE TABLE master_data.dataset_mapping (
  entity_id uuid NOT NULL REFERENCES master_data.entity,
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  -- 1 is believed first.
  priority integer NOT NULL CHECK (priority BETWEEN 1 AND 1000),
  -- The field that says when a row was last changed.
  changed_field_id uuid REFERENCES dictionary.field,
  PRIMARY KEY (entity_id, dataset_id)
);

CREATE TABLE master_data.field_mapping (
  attribute_id uuid NOT NULL REFERENCES master_data.attribute ON DELETE CASCADE,
  entity_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  field_id uuid NOT NULL REFERENCES dictionary.field,
  PRIMARY KEY (attribute_id, dataset_id),
  FOREIGN KEY (entity_id, dataset_id) REFERENCES master_data.dataset_mapping ON DELETE CASCADE
);
CREATE INDEX field_mapping_dataset ON master_data.field_mapping (entity_id, dataset_id);

-- One making of an entity's golden records. A later one makes an unfinished earlier one void.
CREATE TABLE master_data.build (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  entity_id uuid NOT NULL REFERENCES master_data.entity,
  state text NOT NULL CHECK (state IN ('reading', 'applied', 'void')),
  started_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE UNIQUE INDEX build_one_at_a_time ON master_data.build (entity_id) WHERE state = 'reading';

-- Rows as a build read them; emptied when the build ends. Lost in a crash, which only costs reading again.
CREATE UNLOGGED TABLE master_data.staged_row (
  build_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  row_hash bytea NOT NULL,
  key_hash bytea,
  reason text,
  content bytea NOT NULL,
  content_hash bytea NOT NULL,
  changed_at timestamptz,
  PRIMARY KEY (build_id, dataset_id, row_hash)
);
-- Here and below: what is sealed cannot be compressed, and its statistics say nothing.
ALTER TABLE master_data.staged_row ALTER content SET STORAGE EXTERNAL, ALTER content SET STATISTICS 0;

-- What the sources say, row by row. A row is never changed but to close recorded_to.
CREATE TABLE master_data.source_record (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  entity_id uuid NOT NULL REFERENCES master_data.entity,
  dataset_id uuid NOT NULL REFERENCES dictionary.dataset,
  -- Fingerprint of the row's key in its source.
  row_hash bytea NOT NULL,
  -- Fingerprint of the valid identifier; NULL for a row that has none, and then the reason says why.
  key_hash bytea,
  reason text,
  -- The key itself and the values by attribute, sealed.
  content bytea NOT NULL,
  -- Fingerprint of the values and changed_at, so that an unchanged row is known without opening it.
  content_hash bytea NOT NULL,
  changed_at timestamptz,
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL DEFAULT 'infinity',
  CONSTRAINT source_record_key_or_reason CHECK ((key_hash IS NULL) = (reason IS NOT NULL))
);
ALTER TABLE master_data.source_record ALTER content SET STORAGE EXTERNAL, ALTER content SET STATISTICS 0;
CREATE UNIQUE INDEX source_record_current ON master_data.source_record (entity_id, dataset_id, row_hash)
  WHERE recorded_to = 'infinity';
CREATE INDEX source_record_cluster ON master_data.source_record (entity_id, key_hash, dataset_id, row_hash)
  WHERE recorded_to = 'infinity' AND key_hash IS NOT NULL;
CREATE INDEX source_record_unmatched ON master_data.source_record (entity_id, dataset_id, reason)
  WHERE recorded_to = 'infinity' AND reason IS NOT NULL;

CREATE TABLE master_data.golden_record (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  entity_id uuid NOT NULL REFERENCES master_data.entity,
  -- The same identifier is the same golden record for ever.
  key_hash bytea NOT NULL,
  -- The identifier and the surviving values, each with the field and row it comes from and since when; sealed as one,
  -- since rows for single values cost most of a build.
  content bytea NOT NULL,
  -- Fingerprint of the values and where they come from, so that an unchanged record is known without opening it.
  content_hash bytea NOT NULL,
  -- The first eight bytes of fingerprints to find it by: of the identifier's last four and six characters, and of each
  -- value without differences of case, width and spaces.
  found_by bigint[] NOT NULL,
  members integer NOT NULL,
  sources integer NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  -- No source has a row of it any more; it comes back under the same id when one does.
  gone_at timestamptz,
  UNIQUE (entity_id, key_hash)
);
ALTER TABLE master_data.golden_record ALTER content SET STORAGE EXTERNAL, ALTER content SET STATISTICS 0,
  ALTER found_by SET STATISTICS 0;
CREATE INDEX golden_record_list ON master_data.golden_record (entity_id, id) WHERE gone_at IS NULL;
CREATE INDEX golden_record_search ON master_data.golden_record USING gin (found_by);

-- Values of golden records that hold no more. Never changed.
CREATE TABLE master_data.former_value (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  record_id uuid NOT NULL REFERENCES master_data.golden_record,
  -- The value with the field and row it came from and since when, sealed.
  content bytea NOT NULL,
  recorded_to timestamptz NOT NULL
);
ALTER TABLE master_data.former_value ALTER content SET STORAGE EXTERNAL, ALTER content SET STATISTICS 0;
CREATE INDEX former_value_record ON master_data.former_value (record_id);
