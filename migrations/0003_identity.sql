-- Who may sign in, and with what.
CREATE SCHEMA identity;

CREATE TABLE identity.account (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  login text NOT NULL,
  display_name text NOT NULL,
  -- argon2id, in PHC form.
  password_hash text NOT NULL,
  must_change_password boolean NOT NULL DEFAULT true,
  roles text[] NOT NULL CHECK (roles <@ ARRAY['administrator', 'steward', 'engineer', 'compliance', 'viewer']),
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX account_login ON identity.account (lower(login));

CREATE TABLE identity.session (
  -- SHA-256 of the token in the cookie: whoever reads this table cannot sign in with it.
  token_hash text PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_account ON identity.session (account_id);

CREATE TABLE identity.api_token (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
  name text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_token_account ON identity.api_token (account_id);

CREATE TABLE identity.failed_sign_in (
  login text NOT NULL,
  address text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX failed_sign_in_login ON identity.failed_sign_in (login, at);
CREATE INDEX failed_sign_in_at ON identity.failed_sign_in (at);
