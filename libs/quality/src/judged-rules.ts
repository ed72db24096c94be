/**
 * What counts of each rule at some moments: the head of every statement about scores.
 *
 * `$1` moments (timestamptz[]), then what is asked about, each null for all: `$2` source, `$3` datasets, `$4` field,
 * `$5` rules, `$6` owner. Rules that were retired, switched off or not there at a moment are not planned then.
 *
 * A rule's score is the share of rows that obey it, 1 - violations / checked, and counts by its severity. A run that
 * could not ask (an error) says nothing about the data, so the verdict before it goes on counting, and only coverage
 * falls. Days that were over at the moment are read from `quality.rule_day`; the results of a day only when the moment
 * lies between them.
 */
export const JUDGED = `
  WITH moment AS (
    SELECT at, (at AT TIME ZONE 'UTC')::date AS day,
           date_trunc('day', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS midnight
      FROM unnest($1::timestamptz[]) AS at
  ), planned AS (
    SELECT moment.*, rule.id AS rule_id, rule.dataset_id, dataset.source_id, dataset.qualified_name, version.dimension,
           version.owner, version.field_ids
      FROM moment
      JOIN quality.rule ON rule.created_at <= moment.at AND (rule.retired_at IS NULL OR rule.retired_at > moment.at)
      JOIN dictionary.dataset ON dataset.id = rule.dataset_id
     CROSS JOIN LATERAL (
            SELECT dimension, enabled, owner, field_ids FROM quality.rule_version
             WHERE rule_id = rule.id AND made_at <= moment.at ORDER BY number DESC LIMIT 1
          ) AS version
     WHERE version.enabled
       AND ($2::uuid IS NULL OR dataset.source_id = $2)
       AND ($3::uuid[] IS NULL OR rule.dataset_id = ANY ($3))
       AND ($4::uuid IS NULL OR $4 = ANY (version.field_ids))
       AND ($5::uuid[] IS NULL OR rule.id = ANY ($5))
       AND ($6::text IS NULL OR version.owner = $6)
  ), told AS (
    SELECT planned.*,
           CASE WHEN top.last_at <= planned.at THEN top.last_status
                ELSE coalesce(partly.last_status, before.last_status) END AS last_status,
           coalesce(verdict.status, earlier.status) AS verdict_status,
           coalesce(verdict.version_id, earlier.version_id) AS version_id,
           CASE WHEN verdict.status IS NULL THEN earlier.checked ELSE verdict.checked END AS checked,
           CASE WHEN verdict.status IS NULL THEN earlier.violations ELSE verdict.violations END AS violations
      FROM planned
      LEFT JOIN LATERAL (
             SELECT day, last_at, last_status, verdict_status, verdict_version_id, verdict_checked, verdict_violations
               FROM quality.rule_day AS known
              WHERE known.rule_id = planned.rule_id AND known.day <= planned.day AND last_at IS NOT NULL
              ORDER BY known.day DESC LIMIT 1
           ) AS top ON true
      -- The moment lies between results of its day.
      LEFT JOIN LATERAL (
             SELECT (array_agg(status ORDER BY finished_at DESC, id DESC))[1] AS last_status,
                    (array_agg(id ORDER BY finished_at DESC, id DESC) FILTER (WHERE status <> 'error'))[1] AS verdict_id,
                    max(finished_at) FILTER (WHERE status <> 'error') AS verdict_at
               FROM quality.result
              WHERE top.last_at > planned.at AND result.rule_id = planned.rule_id AND status <> 'skipped'
                AND finished_at >= planned.midnight AND finished_at <= planned.at
           ) AS partly ON true
      LEFT JOIN LATERAL (
             SELECT known.last_status FROM quality.rule_day AS known
              WHERE top.last_at > planned.at AND partly.last_status IS NULL
                AND known.rule_id = planned.rule_id AND known.day < planned.day AND last_at IS NOT NULL
              ORDER BY known.day DESC LIMIT 1
           ) AS before ON true
      LEFT JOIN LATERAL (
             SELECT top.verdict_status AS status, top.verdict_version_id AS version_id,
                    top.verdict_checked AS checked, top.verdict_violations AS violations
              WHERE top.last_at <= planned.at AND top.verdict_status IS NOT NULL
             UNION ALL
             SELECT status, version_id, checked, violations FROM quality.result
              WHERE top.last_at > planned.at AND id = partly.verdict_id AND finished_at = partly.verdict_at
           ) AS verdict ON true
      LEFT JOIN LATERAL (
             SELECT known.verdict_status AS status, known.verdict_version_id AS version_id,
                    known.verdict_checked AS checked, known.verdict_violations AS violations
               FROM quality.rule_day AS known
              WHERE verdict.status IS NULL AND known.rule_id = planned.rule_id AND verdict_status IS NOT NULL
                AND known.day < CASE WHEN top.last_at <= planned.at THEN top.day ELSE planned.day END
              ORDER BY known.day DESC LIMIT 1
           ) AS earlier ON true
  ), judged AS (
    SELECT told.at, told.rule_id, told.dataset_id, told.source_id, told.qualified_name, told.dimension, told.owner,
           told.field_ids, coalesce(told.last_status IN ('pass', 'warn', 'fail'), false) AS evaluated,
           told.verdict_status = 'fail' AND version.severity = 'S1' AS failed_s1,
           CASE WHEN told.verdict_status = 'not_evaluated' THEN NULL
                ELSE CASE version.severity WHEN 'S1' THEN 5 WHEN 'S2' THEN 3 WHEN 'S3' THEN 2 WHEN 'S4' THEN 1 END
           END AS weight,
           CASE WHEN told.verdict_status IS NULL OR told.verdict_status = 'not_evaluated' THEN NULL
                WHEN told.checked > 0 THEN 1 - told.violations::numeric / told.checked
                WHEN told.verdict_status = 'fail' THEN 0
                ELSE 1 END AS score
      FROM told
      LEFT JOIN quality.rule_version AS version ON version.id = told.version_id
  )`;

/** Sums of judged rules, which can be added to each other. */
export const SUMS = `
  count(*)::int AS planned, (count(*) FILTER (WHERE evaluated))::int AS evaluated,
  (count(*) FILTER (WHERE failed_s1))::int AS failed_s1, coalesce(sum(weight), 0)::int AS weight,
  coalesce(sum(weight * score), 0) AS weighted`;
