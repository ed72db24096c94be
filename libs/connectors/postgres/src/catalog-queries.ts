/**
 * What pg_catalog is asked. A snapshot is one statement, however many schemas and tables there are: it gives a row for each
 * schema, dataset and routine, in their order, each a JSON array. Everything about an object is looked up through indexes when
 * its row is due, so that neither the server nor we hold more than a few of them.
 */

import pg from 'pg';

/** Schemas with what the user may do in them. */
export const SCHEMAS = `
  SELECT nspname::text AS name,
         has_schema_privilege(oid, 'USAGE') AS usable
    FROM pg_catalog.pg_namespace
   WHERE nspname NOT LIKE 'pg\\_%'
     AND nspname <> 'information_schema'
   ORDER BY nspname
`;

/** The type under each domain. A domain over a domain inherits what it does not say itself. */
export const DOMAINS = `
  WITH RECURSIVE base AS (
    SELECT oid AS domain, typbasetype AS type, typtypmod AS modifier, typnotnull AS required
      FROM pg_catalog.pg_type
     WHERE typtype = 'd'
     UNION ALL
    SELECT base.domain, t.typbasetype, CASE WHEN base.modifier >= 0 THEN base.modifier ELSE t.typtypmod END,
           base.required OR t.typnotnull
      FROM base
      JOIN pg_catalog.pg_type AS t ON t.oid = base.type AND t.typtype = 'd'
  )
  SELECT base.domain::int8 AS domain, t.typname::text AS type_name, t.typcategory = 'A' AS is_array, base.modifier AS type_modifier, base.required
    FROM base
    JOIN pg_catalog.pg_type AS t ON t.oid = base.type AND t.typtype <> 'd'
`;

/**
 * Every lookup by its index, whatever the server thinks of its catalog, whose statistics are often old: a hash of pg_type for each
 * table takes many times as long. Compiling the statement would take longer than running it.
 */
export const PLAIN_PLANS = `
  SELECT set_config('enable_hashjoin', 'off', true),
         set_config('enable_mergejoin', 'off', true),
         set_config('jit', 'off', true)
`;

/** Which objects, and how much of each. */
export interface CatalogQuestion {
  readonly schemas: readonly string[];
  /** Whether partitions are datasets of their own. */
  readonly partitions: boolean;
  /** Go on after this one. */
  readonly after?: Position;
  /** current_setting('server_version_num'). */
  readonly version: number;
}

/** The place of an object among those of a snapshot. */
export interface Position {
  readonly scope: string;
  readonly rank: Rank;
  readonly name: string;
  readonly id: string;
}

export const RANKS = { schema: 0, dataset: 1, routine: 2 } as const;
export type Rank = (typeof RANKS)[keyof typeof RANKS];

export const VIEWS_AT_ONCE = 1_000;

const KINDS = `('r', 'v', 'm', 'f', 'p')`;

/** The objects by their places; nothing about them yet. */
function objects({ schemas, partitions, after }: CatalogQuestion): string {
  const wanted = `n.nspname = ANY (ARRAY[${schemas.map((name) => pg.escapeLiteral(name)).join(', ')}]::name[])`;
  const beyond =
    after === undefined
      ? 'true'
      : `(scope, rank, name, oid) > (${pg.escapeLiteral(after.scope)}::name, ${after.rank}, ${pg.escapeLiteral(after.name)}::name,
                                     ${pg.escapeLiteral(after.id)}::oid)`;
  return `
    SELECT scope, rank, name, oid, is_view
      FROM (
             SELECT n.nspname AS scope, ${RANKS.schema} AS rank, ''::name AS name, n.oid, false AS is_view
               FROM pg_catalog.pg_namespace AS n
              WHERE ${wanted}
              UNION ALL
             SELECT n.nspname, ${RANKS.dataset}, c.relname, c.oid, c.relkind IN ('v', 'm')
               FROM pg_catalog.pg_class AS c
               JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
              WHERE ${wanted}
                AND c.relkind IN ${KINDS}
                ${partitions ? '' : 'AND NOT c.relispartition'}
              UNION ALL
             SELECT n.nspname, ${RANKS.routine}, p.proname, p.oid, false
               FROM pg_catalog.pg_proc AS p
               JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
              WHERE ${wanted}
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                                 WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
           ) AS each
     WHERE ${beyond}
  `;
}

const COMMENT_OF = (object: string, catalog: string) =>
  `(SELECT said.description
      FROM pg_catalog.pg_description AS said
     WHERE said.objoid = ${object} AND said.classoid = 'pg_catalog.${catalog}'::regclass AND said.objsubid = 0)`;

// One array a property instead of one a column: a third of the server's work. pg_attribute shows columns that the role may not
// read; information_schema hides them. A catalog must see both.
const FIELDS = `
  SELECT json_build_array(array_agg(f.name), array_agg(f.native_type), array_agg(f.type_name), array_agg(f.marks),
                          array_agg(f.type_modifier), array_agg(f.type_id), array_agg(f.expression), array_agg(f.comment),
                          array_agg(f.number))
    FROM (
           SELECT a.attname AS name,
                  pg_catalog.format_type(a.atttypid, a.atttypmod) AS native_type,
                  t.typname AS type_name,
                  t.typtype::text || CASE WHEN t.typcategory = 'A' THEN 'A' ELSE '-' END
                                  || CASE WHEN a.attnotnull THEN 'n' ELSE '-' END
                                  || CASE WHEN a.attidentity <> '' THEN 'i' WHEN a.attgenerated <> '' THEN 'g' ELSE '-' END AS marks,
                  a.atttypmod AS type_modifier,
                  a.atttypid::int8 AS type_id,
                  CASE
                    WHEN a.atthasdef
                    THEN (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid)
                            FROM pg_catalog.pg_attrdef AS d
                           WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)
                  END AS expression,
                  said.description AS comment,
                  a.attnum AS number
             FROM pg_catalog.pg_attribute AS a
             JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
             LEFT JOIN pg_catalog.pg_description AS said
               ON said.objoid = a.attrelid AND said.classoid = 'pg_catalog.pg_class'::regclass AND said.objsubid = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
           OFFSET 0
         ) AS f
`;

// What is vouched for when it is there: a foreign key whose triggers are switched off is not, nor one of periods, which PostgreSQL 18
// brought; a key of a partitioned table is when all partitions have it.
const SOUND = (version: number) => `
  con.convalidated
    AND CASE con.contype
          WHEN 'f'
          THEN ${version >= 180000 ? 'NOT con.conperiod' : 'true'}
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgconstraint = con.oid AND t.tgenabled NOT IN ('O', 'A'))
          WHEN 'n' THEN true
          WHEN 'c' THEN true
          ELSE EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indexrelid = con.conindid AND i.indisvalid)
        END
`;

// Fields by their numbers: the names are there already. Since PostgreSQL 18 NOT NULL is a constraint, too.
const CONSTRAINTS = (version: number) => `
  SELECT json_build_array(array_agg(k.contype), array_agg(k.conname), array_agg(k.sound), array_agg(k.own_only),
                          array_agg(k.number), json_agg(k.more))
    FROM (
           SELECT con.contype::text, con.conname, (${SOUND(version)}) AS sound, con.connoinherit AS own_only,
                  CASE WHEN cardinality(con.conkey) = 1 THEN con.conkey[1] END AS number,
                  CASE
                    WHEN con.contype = 'c'
                    THEN json_build_array(pg_catalog.pg_get_expr(con.conbin, con.conrelid),
                                          (SELECT pg_catalog.quote_ident(a.attname)
                                             FROM pg_catalog.pg_attribute AS a
                                            WHERE a.attrelid = con.conrelid AND a.attnum = con.conkey[1]))
                    WHEN con.contype = 'f'
                    THEN (SELECT json_build_array(con.conkey, ref_schema.nspname, ref.relname,
                                                  (SELECT json_agg(a.attname ORDER BY part.place)
                                                     FROM unnest(con.confkey) WITH ORDINALITY AS part (number, place)
                                                     JOIN pg_catalog.pg_attribute AS a
                                                       ON a.attrelid = con.confrelid AND a.attnum = part.number))
                            FROM pg_catalog.pg_class AS ref
                            JOIN pg_catalog.pg_namespace AS ref_schema ON ref_schema.oid = ref.relnamespace
                           WHERE ref.oid = con.confrelid)
                    WHEN cardinality(con.conkey) > 1 THEN json_build_array(con.conkey)
                  END AS more
             FROM pg_catalog.pg_constraint AS con
            WHERE con.conrelid = c.oid
              AND con.contype IN ('p', 'u', 'f', 'c', 'n')
            ORDER BY con.conname
           OFFSET 0
         ) AS k
`;

// What a build left behind unfinished serves nobody.
const INDEXES = `
  SELECT json_agg(json_build_array(ix.relname, am.amname, i.indisunique, (i.indkey::int2[])[0:i.indnkeyatts - 1],
                                   CASE
                                     WHEN i.indexprs IS NOT NULL
                                     THEN (SELECT json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, part, false) ORDER BY part)
                                             FROM pg_catalog.generate_series(1, i.indnkeyatts) AS part)
                                   END,
                                   pg_catalog.pg_get_expr(i.indpred, i.indrelid),
                                   EXISTS (SELECT FROM pg_catalog.pg_constraint AS con
                                            WHERE con.conrelid = c.oid AND con.conindid = i.indexrelid AND con.contype IN ('p', 'u')))
                  ORDER BY ix.relname)
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS ix ON ix.oid = i.indexrelid
    JOIN pg_catalog.pg_am AS am ON am.oid = ix.relam
   WHERE i.indrelid = c.oid
     AND i.indisvalid AND i.indislive
`;

// Tables whose rows show in this one, at any distance: partitions, and children by inheritance. Whether one of them is foreign, where
// nobody enforces what is declared.
const HEIRS = `
  CASE
    WHEN c.relhassubclass AND EXISTS (SELECT FROM pg_catalog.pg_inherits AS inh WHERE inh.inhparent = c.oid)
    THEN (WITH RECURSIVE heir AS (
            SELECT inh.inhrelid AS id FROM pg_catalog.pg_inherits AS inh WHERE inh.inhparent = c.oid
             UNION
            SELECT inh.inhrelid FROM heir JOIN pg_catalog.pg_inherits AS inh ON inh.inhparent = heir.id
          )
          SELECT CASE WHEN bool_or(h.relkind = 'f') THEN 'foreign' ELSE 'own' END
            FROM heir
            JOIN pg_catalog.pg_class AS h ON h.oid = heir.id)
  END
`;

const FOREIGN = `
  SELECT json_build_array(w.fdwname, s.srvoptions, ft.ftoptions,
                          (SELECT json_agg(json_build_array(a.attname, a.attfdwoptions) ORDER BY a.attnum)
                             FROM pg_catalog.pg_attribute AS a
                            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
    FROM pg_catalog.pg_foreign_table AS ft
    JOIN pg_catalog.pg_foreign_server AS s ON s.oid = ft.ftserver
    JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
   WHERE ft.ftrelid = c.oid
`;

// pg_total_relation_size would wait for locks and look at every file; the pages that VACUUM and ANALYZE counted lie in the catalog.
const BYTES = (relation: string) => `
  (${relation}.relpages
   + coalesce((SELECT toast.relpages FROM pg_catalog.pg_class AS toast WHERE toast.oid = ${relation}.reltoastrelid), 0)
   + coalesce((SELECT sum(ix.relpages)
                 FROM pg_catalog.pg_index AS i
                 JOIN pg_catalog.pg_class AS ix ON ix.oid = i.indexrelid
                WHERE i.indrelid = ${relation}.oid), 0))::float8 * pg_catalog.current_setting('block_size')::int
`;

const OWN_SIZES = `
  json_build_array(CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END,
                   CASE WHEN c.reltuples >= 0 AND c.relkind IN ('r', 'm') THEN ${BYTES('c')} END,
                   NULL)
`;

// pg_partition_tree would lock every partition. The parent's own estimate is only there after an ANALYZE of the parent.
const SIZES_OF_PARTITIONS = `
  (WITH RECURSIVE part AS (
     SELECT inh.inhrelid FROM pg_catalog.pg_inherits AS inh WHERE inh.inhparent = c.oid
      UNION ALL
     SELECT inh.inhrelid FROM pg_catalog.pg_inherits AS inh JOIN part ON inh.inhparent = part.inhrelid
   )
   SELECT json_build_array(CASE
                             WHEN c.reltuples >= 0 THEN c.reltuples::float8
                             ELSE sum(leaf.reltuples::float8) FILTER (WHERE leaf.reltuples >= 0)
                           END,
                           sum(${BYTES('leaf')}) FILTER (WHERE leaf.reltuples >= 0),
                           count(*))
     FROM part
     JOIN pg_catalog.pg_class AS leaf ON leaf.oid = part.inhrelid AND leaf.relkind <> 'p')
`;

// For a digest: writing a view down locks what it reads until the transaction ends, all of them in one. Its tree has the numbers of tables,
// columns and functions; their names are looked up.
const VIEW_FACTS = `
  (SELECT json_build_array(r.ev_action::text,
                           (SELECT json_agg(json_build_array(n.nspname, used.relname, a.attname) ORDER BY d.refobjid, d.refobjsubid)
                              FROM pg_catalog.pg_depend AS d
                              JOIN pg_catalog.pg_class AS used ON used.oid = d.refobjid
                              JOIN pg_catalog.pg_namespace AS n ON n.oid = used.relnamespace
                              LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                             WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
                               AND d.objid = r.oid
                               AND d.refclassid = 'pg_catalog.pg_class'::regclass),
                           (SELECT json_agg(json_build_array(n.nspname, used.proname) ORDER BY d.refobjid)
                              FROM pg_catalog.pg_depend AS d
                              JOIN pg_catalog.pg_proc AS used ON used.oid = d.refobjid
                              JOIN pg_catalog.pg_namespace AS n ON n.oid = used.pronamespace
                             WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
                               AND d.objid = r.oid
                               AND d.refclassid = 'pg_catalog.pg_proc'::regclass))
     FROM pg_catalog.pg_rewrite AS r
    WHERE r.ev_class = c.oid AND r.rulename = '_RETURN')
`;

const DATASET = (version: number, sizes: boolean) => `
  (SELECT json_build_array(${RANKS.dataset}, o.scope, o.name, o.oid::text, c.relkind, pg_catalog.pg_get_userbyid(c.relowner),
                           ${COMMENT_OF('c.oid', 'pg_class')},
                           CASE WHEN c.relkind IN ('v', 'm') THEN ${sizes ? 'pg_catalog.pg_get_viewdef(c.oid)' : VIEW_FACTS} END,
                           pg_catalog.has_any_column_privilege(c.oid, 'SELECT'),
                           CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
                           (${FIELDS}),
                           (${CONSTRAINTS(version)}),
                           CASE WHEN c.relkind IN ('r', 'p', 'm') THEN (${INDEXES}) END,
                           CASE WHEN c.relkind = 'f' THEN (${FOREIGN}) END,
                           ${HEIRS},
                           ${sizes ? `CASE WHEN c.relkind = 'p' THEN ${SIZES_OF_PARTITIONS} ELSE ${OWN_SIZES} END` : 'NULL'})
     FROM pg_catalog.pg_class AS c
    WHERE c.oid = o.oid)
`;

// Of a function in C the body is the name of a symbol. Since version 14 a body can be parsed SQL, and prosrc is empty then.
const ROUTINE = (version: number) => `
  (SELECT json_build_array(${RANKS.routine}, o.scope, o.name, o.oid::text, p.prokind, l.lanname,
                           pg_catalog.pg_get_function_identity_arguments(p.oid),
                           pg_catalog.pg_get_function_arguments(p.oid),
                           pg_catalog.pg_get_function_result(p.oid),
                           CASE
                             ${version >= 140000 ? 'WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid)' : ''}
                             WHEN l.lanname NOT IN ('c', 'internal') THEN p.prosrc
                           END,
                           pg_catalog.pg_get_userbyid(p.proowner),
                           ${COMMENT_OF('p.oid', 'pg_proc')},
                           -- By what depends on the function: pg_trigger has no index for it. A partition's are its table's.
                           (SELECT array_agg(pg_catalog.pg_get_triggerdef(t.oid) ORDER BY t.tgrelid::regclass::text, t.tgname)
                              FROM pg_catalog.pg_depend AS d
                              JOIN pg_catalog.pg_trigger AS t ON t.oid = d.objid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
                             WHERE p.prorettype = 'trigger'::regtype
                               AND d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid = p.oid
                               AND d.classid = 'pg_catalog.pg_trigger'::regclass
                               AND NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid = t.tgrelid AND c.relispartition)),
                           (SELECT substr(setting, 13) FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search\\_path=%'))
     FROM pg_catalog.pg_proc AS p
     JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
    WHERE p.oid = o.oid)
`;

const rowOf = (question: CatalogQuestion, sizes: boolean) => `
  CASE o.rank
    WHEN ${RANKS.schema} THEN json_build_array(${RANKS.schema}, o.scope, '', o.oid::text)
    WHEN ${RANKS.dataset} THEN ${DATASET(question.version, sizes)}
    ELSE ${ROUTINE(question.version)}
  END
`;

/**
 * The snapshot. Only the places are sorted; what is said of each is put together when it is sent. The text of a view locks what it reads,
 * until the transaction ends, and locks have their place in memory that all share: it goes no further than so many views.
 */
export const snapshotRows = (question: CatalogQuestion): string => `
  SELECT (${rowOf(question, true)})::text
    FROM (SELECT scope, rank, name, oid
            FROM (SELECT *,
                         count(*) FILTER (WHERE is_view)
                           OVER (ORDER BY scope, rank, name, oid ROWS UNBOUNDED PRECEDING) AS views
                    FROM (${objects(question)}) AS object) AS counted
           WHERE views <= ${VIEWS_AT_ONCE}
           ORDER BY scope, rank, name, oid
          OFFSET 0) AS o
`;

/** The first object after a place. */
export const nextObject = (question: CatalogQuestion): string => `
  SELECT scope::text, rank, name::text, oid::text AS id
    FROM (${objects(question)}) AS o
   ORDER BY o.scope, o.rank, o.name, o.oid
   LIMIT 1
`;

/** A sum of the rows' hashes for each schema: as right as the rows themselves, without sending them. */
export const digests = (question: CatalogQuestion): string => `
  SELECT o.scope::text AS scope,
         bool_and(CASE o.rank
                    WHEN ${RANKS.schema} THEN pg_catalog.has_schema_privilege(o.oid, 'USAGE')
                    WHEN ${RANKS.dataset} THEN pg_catalog.has_any_column_privilege(o.oid, 'SELECT')
                  END) AS readable,
         count(*)::text || ':' || coalesce(sum(pg_catalog.hashtextextended((${rowOf(question, false)})::text, 0)::numeric), 0)::text
           || ':' || (SELECT coalesce(sum(pg_catalog.hashtextextended(domain::text, 0)::numeric), 0)::text FROM (${DOMAINS}) AS domain)
           AS digest
    FROM (${objects(question)}) AS o
   GROUP BY o.scope
`;

/** The fields of a dataset, for a sample. $1 schema, $2 name. */
export const FIELDS_OF_ONE = `
  SELECT a.attname::text AS name,
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS native_type,
         c.relkind::text AS kind,
         c.reltuples::float8 AS row_estimate
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE n.nspname = $1
     AND c.relname = $2
     AND c.relkind IN ${KINDS}
   ORDER BY a.attnum
`;

/** $1 schema, $2 name. */
export const VIEW_SQL = `
  SELECT CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END AS sql
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE n.nspname = $1
     AND c.relname = $2
`;

/** $1 whether partitions are wanted. */
export const WHO_AND_WHAT = `
  SELECT current_setting('server_version') AS version,
         current_user::text AS "user",
         coalesce((SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_catalog.pg_roles
                    WHERE rolname = current_user), false) AS mighty,
         (SELECT count(*)::int FROM pg_catalog.pg_namespace
           WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema') AS schemas,
         count(*)::int AS datasets,
         count(*) FILTER (WHERE pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
                            AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))::int AS readable
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
     AND ($1 OR NOT c.relispartition)
     AND n.nspname NOT LIKE 'pg\\_%'
     AND n.nspname <> 'information_schema'
`;
