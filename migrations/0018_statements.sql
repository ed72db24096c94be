-- Rules of a dataset share statements, and run again and again: each statement is kept once, and results name those sent for them.
CREATE TABLE quality.statement (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  -- Of what: what it was for, to the target's or the other dataset's source, exactly what was asked, and the rule's own literals.
  digest bytea NOT NULL CONSTRAINT one_statement_per_digest UNIQUE,
  purpose text NOT NULL,
  sent_to text NOT NULL CHECK (sent_to IN ('target', 'other')),
  sql text NOT NULL,
  params jsonb NOT NULL
);
CREATE TRIGGER statement_is_final BEFORE UPDATE OR DELETE ON quality.statement
  FOR EACH ROW EXECUTE FUNCTION quality.refuse();

-- The digest of a statement as { purpose, on, sql, params }.
CREATE FUNCTION quality.statement_digest(statement jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(convert_to(
  jsonb_build_array(statement->>'purpose', statement->>'on', statement->>'sql', statement->'params')::text, 'UTF8'));

-- The statements of a result as [{ purpose, on, sql, params }], in the order in which they were sent.
CREATE FUNCTION quality.statements_of(statement_ids uuid[]) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(
           jsonb_agg(
             jsonb_build_object('purpose', statement.purpose, 'on', statement.sent_to, 'sql', statement.sql,
                                'params', statement.params)
             ORDER BY named.at),
           '[]')
    FROM unnest(statement_ids) WITH ORDINALITY AS named (id, at)
    JOIN quality.statement ON statement.id = named.id;
END;

ALTER TABLE quality.result ADD statement_ids uuid[] NOT NULL DEFAULT '{}';

INSERT INTO quality.statement (digest, purpose, sent_to, sql, params)
SELECT DISTINCT ON (digest) digest, sent->>'purpose', sent->>'on', sent->>'sql', sent->'params'
  FROM quality.result
 CROSS JOIN jsonb_array_elements(result.statements) AS sent
 CROSS JOIN quality.statement_digest(sent) AS digest;

ALTER TABLE quality.result DISABLE TRIGGER result_is_final;
UPDATE quality.result
   SET statement_ids = ARRAY (
         SELECT statement.id
           FROM jsonb_array_elements(result.statements) WITH ORDINALITY AS each (sent, at)
           JOIN quality.statement ON statement.digest = quality.statement_digest(each.sent)
          ORDER BY each.at
       )
 WHERE jsonb_array_length(statements) > 0;
ALTER TABLE quality.result ENABLE TRIGGER result_is_final;
ALTER TABLE quality.result DROP statements, ALTER statement_ids DROP DEFAULT;

-- A rule that was left out says why by a code, too; before, only one that could not be asked did.
ALTER TABLE quality.result
  DROP CONSTRAINT result_check1,
  ADD CONSTRAINT result_error_code CHECK (
    CASE status WHEN 'error' THEN error_code IS NOT NULL WHEN 'skipped' THEN true ELSE error_code IS NULL END
  );
