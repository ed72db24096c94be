/**
 * Datasets that vanished in a transaction with datasets that came in the same scope and have the same fields, name by
 * name and type by type; only where there is one of each. $1 source, $2 run, $3 the moment it was written, $4 and $5 scopes
 * and earlier runs: what came in these counts as well.
 */
export const PROPOSE_DATASETS = `
  WITH candidate AS (
    SELECT dataset_id, outcome
      FROM snapshot_difference
     WHERE outcome = 'vanished' OR (outcome = 'added' AND is_new)
     UNION
    SELECT dataset.id, 'added'
      FROM unnest($4::text[], $5::uuid[]) AS earlier (scope, run_id)
      JOIN dictionary.schema_validity AS first ON first.run_id = earlier.run_id
      JOIN dictionary.dataset
        ON dataset.id = first.dataset_id AND dataset.scope = earlier.scope AND dataset.created_at = first.valid_from
     WHERE dataset.source_id = $1 AND dataset.current_version_id IS NOT NULL
  ),
  shape AS (
    SELECT candidate.dataset_id, candidate.outcome, dataset.scope,
           string_agg(format('%s %s', quote_ident(field.name), version.native_type), ',' ORDER BY version.ordinal) AS fields
      FROM candidate
      JOIN dictionary.dataset ON dataset.id = candidate.dataset_id
      JOIN dictionary.schema_validity AS validity
        ON validity.dataset_id = dataset.id
       AND validity.recorded_to = 'infinity'
       AND validity.valid_to = CASE candidate.outcome WHEN 'vanished' THEN $3::timestamptz ELSE 'infinity' END
      JOIN dictionary.field_version AS version ON version.version_id = validity.version_id
      JOIN dictionary.field ON field.id = version.field_id
     WHERE EXISTS (SELECT FROM snapshot_difference WHERE outcome = 'vanished')
     GROUP BY candidate.dataset_id, candidate.outcome, dataset.scope
  ),
  single AS (
    SELECT outcome, scope, fields, min(dataset_id::text)::uuid AS dataset_id
      FROM shape
     GROUP BY outcome, scope, fields
    HAVING count(*) = 1
  )
  INSERT INTO dictionary.rename_proposal (source_id, run_id, from_dataset_id, to_dataset_id, state, proposed_at)
  SELECT $1::uuid, $2::uuid, gone.dataset_id, new.dataset_id, 'open', $3::timestamptz
    FROM single AS gone
    JOIN single AS new ON new.scope = gone.scope AND new.fields = gone.fields
   WHERE gone.outcome = 'vanished' AND new.outcome = 'added'
  ON CONFLICT DO NOTHING
`;

/**
 * In datasets that changed: a field that is gone with one that is new, of the same type and between the same neighbours.
 * Where several stand there, by their order when there are as many new as gone, else by their place. Parameters as above.
 */
export const PROPOSE_FIELDS = `
  WITH version AS (
    SELECT difference.dataset_id, validity.version_id, validity.valid_to = $3 AS former
      FROM snapshot_difference AS difference
      JOIN dictionary.schema_validity AS validity
        ON validity.dataset_id = difference.dataset_id
       AND validity.recorded_to = 'infinity'
       AND $3 IN (validity.valid_from, validity.valid_to)
     WHERE difference.outcome = 'changed'
  ),
  field AS (
    SELECT version.dataset_id, version.former, field.field_id, field.ordinal, field.native_type,
           count(*) OVER (PARTITION BY version.dataset_id, field.field_id) = 2 AS stays
      FROM version
      JOIN dictionary.field_version AS field USING (version_id)
  ),
  placed AS (
    SELECT field.*, count(*) FILTER (WHERE stays) OVER (PARTITION BY dataset_id, former ORDER BY ordinal) AS staying_before
      FROM field
  ),
  lonely AS (
    SELECT placed.*, row_number() OVER peers AS turn, count(*) OVER (peers RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS peers
      FROM placed
     WHERE NOT stays
    WINDOW peers AS (PARTITION BY dataset_id, former, staying_before, native_type ORDER BY ordinal)
  )
  INSERT INTO dictionary.rename_proposal (source_id, run_id, from_dataset_id, to_dataset_id, from_field_id, to_field_id,
                                          state, proposed_at)
  SELECT $1::uuid, $2::uuid, gone.dataset_id, gone.dataset_id, gone.field_id, new.field_id, 'open', $3::timestamptz
    FROM lonely AS gone
    JOIN lonely AS new USING (dataset_id, staying_before, native_type)
   WHERE gone.former AND NOT new.former
     AND CASE WHEN gone.peers = new.peers THEN gone.turn = new.turn ELSE gone.ordinal = new.ordinal END
  ON CONFLICT DO NOTHING
`;

/** What was gone is back, or what was new is gone: there is nothing to decide any more. $1 source. */
export const WITHDRAW = `
  UPDATE dictionary.rename_proposal AS proposal
     SET state = 'withdrawn'
    FROM dictionary.dataset AS old, dictionary.dataset AS new
   WHERE proposal.source_id = $1
     AND proposal.state = 'open'
     AND old.id = proposal.from_dataset_id
     AND new.id = proposal.to_dataset_id
     AND (new.current_version_id IS NULL
          OR (proposal.from_field_id IS NULL AND old.current_version_id IS NOT NULL)
          OR (proposal.from_field_id IS NOT NULL
              AND (EXISTS (SELECT 1 FROM dictionary.field_version
                            WHERE version_id = new.current_version_id AND field_id = proposal.from_field_id)
                   OR NOT EXISTS (SELECT 1 FROM dictionary.field_version
                                   WHERE version_id = new.current_version_id AND field_id = proposal.to_field_id))))
`;

/** The pairs of assets that accepted proposals stand for: the datasets and their fields by name, or the field. $1 ids. */
export const PAIRS = `
  SELECT 'dataset' AS kind, from_dataset_id AS "fromId", to_dataset_id AS "toId"
    FROM dictionary.rename_proposal
   WHERE id = ANY($1) AND from_field_id IS NULL
   UNION ALL
  SELECT 'field', old.id, new.id
    FROM dictionary.rename_proposal AS proposal
    JOIN dictionary.field AS old ON old.dataset_id = proposal.from_dataset_id
    JOIN dictionary.field AS new ON new.dataset_id = proposal.to_dataset_id AND new.name = old.name
   WHERE proposal.id = ANY($1) AND proposal.from_field_id IS NULL
   UNION ALL
  SELECT 'field', from_field_id, to_field_id
    FROM dictionary.rename_proposal
   WHERE id = ANY($1) AND from_field_id IS NOT NULL
`;
