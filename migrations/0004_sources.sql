-- The systems whose data is governed.
CREATE SCHEMA sources;

CREATE TABLE sources.source (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  kind text NOT NULL,
  -- OpenLineage namespace, for instance postgres://dwh:5432.
  namespace text NOT NULL,
  -- Checked settings without the secret ones.
  settings jsonb NOT NULL,
  -- The secret settings as JSON, sealed with AES-256-GCM for this row's id.
  secrets bytea,
  -- Which scopes (schemas, folders) are harvested: globs. NULL: all.
  include text[],
  exclude text[] NOT NULL DEFAULT '{}',
  description text NOT NULL DEFAULT '',
  owner text NOT NULL DEFAULT '',
  domain text NOT NULL DEFAULT '',
  environment text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  -- Removed sources keep their history; their name is free again.
  removed_at timestamptz
);
CREATE UNIQUE INDEX source_name ON sources.source (lower(name)) WHERE removed_at IS NULL;
