import { type SqlDialect } from '#core/sql-lineage';

/** How a stored routine is written down as a script: the statement that makes it, from what the dictionary has of it. */
interface RoutineScript {
  readonly text: string;
  readonly dialect: string;
}

// A body in dollar quotes stays as it is, and a place in it is a place in the script. `$$`, unless that stands in the body.
const QUOTES = `
  CASE WHEN version.body LIKE '%$$%' OR version.body LIKE '%$' THEN '$body_' || md5(version.body) || '$' ELSE '$$' END
`;

const POSTGRES: RoutineScript = {
  text: `
    concat('CREATE ', CASE version.kind WHEN 'procedure' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END,
           quote_ident(routine.scope), '.', quote_ident(routine.name), '(', version.arguments, ')',
           E'\\nRETURNS ' || version.returns,
           E'\\nLANGUAGE ' || quote_ident(version.language),
           E'\\nSET search_path TO ' || version.search_path,
           -- Since version 14 a body can be parsed SQL, which is no text in quotes.
           CASE
             WHEN version.language = 'sql' AND version.body ~* '^\\s*(begin\\s+atomic|return)\\M' THEN E'\\n' || version.body
             ELSE E'\\nAS ' || ${QUOTES} || version.body || ${QUOTES}
           END,
           -- What the function knows as NEW and OLD is of the tables that its triggers are for.
           (SELECT string_agg(E';\\n' || made.text, '' ORDER BY made.at)
              FROM jsonb_array_elements_text(version.triggers) WITH ORDINALITY AS made (text, at)))
  `,
  dialect: `'postgres'`,
};

const NAME_IN_BACKTICKS = (name: string) => `'\`' || replace(${name}, '\`', '\`\`') || '\`'`;

// What MariaDB keeps of a routine that was made with sql_mode = ORACLE begins with AS.
const ORACLE_MODE = `(version.kind = 'package' OR version.body ~* '^\\s*(as|is)\\M')`;

// `INOUT d date` is `d IN OUT date`.
const ORACLE_ARGUMENTS = `
  replace(regexp_replace(version.arguments, '(^|, )(INOUT|IN|OUT) (\\S+) ', '\\1\\3 \\2 ', 'g'), ' INOUT ', ' IN OUT ')
`;

const MYSQL: RoutineScript = {
  text: `
    CASE
      WHEN ${ORACLE_MODE}
      THEN concat('CREATE ',
                  CASE
                    WHEN routine.qualified_name LIKE '%(package body)%' THEN 'PACKAGE BODY'
                    ELSE upper(version.kind)
                  END,
                  ' ', quote_ident(routine.scope), '.', quote_ident(routine.name),
                  '(' || nullif(${ORACLE_ARGUMENTS}, '') || ')', ' RETURN ' || version.returns, E'\\n' || version.body)
      ELSE concat('CREATE ', upper(version.kind), ' ',
                  ${NAME_IN_BACKTICKS('routine.scope')}, '.', ${NAME_IN_BACKTICKS('routine.name')},
                  '(', version.arguments, ')', ' RETURNS ' || version.returns,
                  -- Of code in another language there is only that it is there.
                  CASE WHEN version.language <> 'sql' THEN E'\\nLANGUAGE ' || version.language ELSE E'\\n' || version.body END)
    END
  `,
  dialect: `CASE WHEN ${ORACLE_MODE} THEN 'oracle' ELSE 'mysql' END`,
};

const SCRIPTS: Partial<Record<SqlDialect, RoutineScript>> = { postgres: POSTGRES, mysql: MYSQL };

const HEADER = /^CREATE [^\n]*\n(?:RETURNS [^\n]*\n)?LANGUAGE [^\n]*\n(?:SET search_path TO ([^\n]+))?/;
const NO_SCHEMAS: ReadonlySet<string> = new Set(['', '$user', 'pg_catalog', 'pg_temp']);

/**
 * The schemas in which a routine of PostgreSQL looks for bare names, by its script: those that it sets itself; else its own and then
 * public, since nobody knows what its callers have set.
 */
export function searchPathOf(script: string, ownSchema: string | null): readonly string[] {
  const said = HEADER.exec(script)?.[1];
  if (said === undefined) return [...(ownSchema === null ? [] : [ownSchema]), 'public'];
  const names = [...said.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)];
  return names
    .map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
    .filter((name) => !NO_SCHEMAS.has(name));
}

/** SQL that gives a routine's script: its text and its dialect. Undefined for sources whose routines we do not know. */
export const routineScript = (dialect: SqlDialect): RoutineScript | undefined => SCRIPTS[dialect];
