-- Rules that are kept as text in git, and applied from there.
CREATE TABLE quality.code_origin (
  -- The name of a set of files.
  name text PRIMARY KEY,
  -- The commit that was applied last, where it is known.
  revision text NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by text NOT NULL
);

-- Which rule an id in those files is. Rules made by hand are not here.
CREATE TABLE quality.code_rule (
  origin text NOT NULL REFERENCES quality.code_origin,
  key text NOT NULL,
  rule_id uuid NOT NULL CONSTRAINT one_origin_per_rule UNIQUE REFERENCES quality.rule,
  -- The version that the files made, or found as they wanted it. A later one was made by hand.
  version_number integer NOT NULL,
  PRIMARY KEY (origin, key)
);

CREATE TABLE quality.code_rule_set (
  origin text NOT NULL REFERENCES quality.code_origin,
  key text NOT NULL,
  rule_set_id uuid NOT NULL CONSTRAINT one_origin_per_rule_set UNIQUE REFERENCES quality.rule_set ON DELETE CASCADE,
  -- What the files said: { name, description, ruleIds, schedule }. What is otherwise now was changed by hand.
  applied jsonb NOT NULL,
  PRIMARY KEY (origin, key)
);
