import { readFileSync, statSync } from 'node:fs';
import { basename, relative } from 'node:path';

import { messageOf } from '#kernel';
import { type Command } from 'commander';

import { type Checkout, checkoutOf, folderLabel, slashes } from '../../client/checkout.js';
import { type Client } from '../../client/client.js';
import { asking, several } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { findSource } from '../../client/find-source.js';
import { inRequests, jsonSize } from '../../client/in-requests.js';
import { remark, writeFacts } from '../../client/output.js';
import { watchJob } from '../../client/watch-job.js';
import { dialectOfFile, wantedDialect, withoutDialect } from './dialect.js';
import { isEncoding } from './encoding.js';
import { addTotals, type ImportTotals, NO_TOTALS } from './import-totals.js';
import { filesAt, textOf } from './scripts.js';
import { variablesOf } from './variables.js';

interface Options {
  readonly source: string;
  readonly dialect?: string;
  readonly schema?: string;
  readonly alias?: readonly string[];
  readonly var?: readonly string[];
  readonly varsFile?: string;
  readonly encoding?: string;
  readonly glob?: string;
  readonly prefix?: string;
  readonly prune?: boolean;
}

const HELP = `
The dialect is not guessed: .hql .hive .q are Hive, .pkb .pks .pkg .bdy .spc .pls .plsql .prc Oracle, .psql .pgsql PostgreSQL, .tsql T-SQL;
all other files need --dialect. In a git checkout the repository and its commit are kept with the texts.
A file of --vars-file is JSON ({"dt": "20260131"}) or lines of name=value; --var goes before it.

Exit codes: 0 everything was understood, 3 something was not ("plumbline lineage not-understood" lists it), 2 the input was wrong, 1 a fault.

Examples:
  plumbline lineage import-sql etl/ --source warehouse --dialect postgres
  plumbline lineage import-sql etl/ --source hive --var dt=20260131 --vars-file prod.env --prune`;

/** `plumbline lineage import-sql`: takes ETL scripts into the catalog. */
export function addImportSql(lineage: Command): void {
  asking(
    lineage
      .command('import-sql <path>')
      .description('take ETL scripts into the catalog and read their lineage: a file, a folder or a git checkout')
      .requiredOption('--source <name>', 'the source that the scripts run on')
      .option('--dialect <dialect>', 'the SQL of the files, for instance postgres, hive, spark, oracle')
      .option('--schema <name>', 'schema of tables that name none')
      .option(
        '--alias <name=source>',
        'a schema name in the scripts that stands for another source; may be repeated',
        several,
      )
      .option('--var <name=value>', 'fills ${name}; may be repeated. Others stay parameters', several)
      .option('--vars-file <file>', 'values of parameters, as JSON or lines of name=value')
      .option('--encoding <name>', 'of files without a byte order mark, for instance gbk')
      .option('--glob <pattern>', "which files of a folder, for instance '**/dwd_*.sql'")
      .option('--prefix <text>', 'what the names of the scripts begin with')
      .option('--prune', 'scripts of the same folder that are not there any more run no more')
      .addHelpText('after', HELP),
    async ({ client, json }, path: string, options: Options) => {
      const wish = await readWish(path, options);
      const source = await findSource(client, options.source);
      const aliases = await Promise.all((options.alias ?? []).map((alias) => aliasOf(client, alias)));
      let totals = NO_TOTALS;
      for (const [dialect, scripts] of wish.byDialect)
        totals = addTotals(
          // Each job tells how all scripts of the source are understood.
          { ...totals, scripts: 0, statements: {} },
          await importSql(client, { ...wish.terms, sourceId: source.id, dialect, aliases, scripts }, json),
        );
      const names = [...wish.byDialect.values()].flat().map(({ name }) => name);
      const removed =
        options.prune === true ? await prune(client, source.id, wish.terms.folder, names, json) : undefined;
      writeFacts({ json }, { ...totals, ...(removed && { removed }) }, { ...totals, ...(removed && { removed }) });
      const bad = Object.entries(totals.statements).filter(([status, count]) => status !== 'ok' && count > 0);
      if (bad.length === 0) return;
      remark(`Not everything was understood; see "plumbline lineage not-understood ${JSON.stringify(source.name)}".`);
      process.exitCode = EXIT.bad;
    },
  );
}

async function readWish(path: string, options: Options) {
  const { encoding, glob, prefix = '' } = options;
  if (encoding !== undefined && !isEncoding(encoding))
    throw new CommandFailed(
      `There is no encoding "${encoding}". Usual ones are gbk, gb18030, big5, utf-16le.`,
      EXIT.input,
    );
  const wanted = options.dialect === undefined ? undefined : wantedDialect(options.dialect);
  const files = filesAt([path], glob, remark);
  const [unsaid] = withoutDialect(files, wanted);
  if (unsaid !== undefined) dialectOfFile(unsaid, undefined);
  const isFolder = statSync(path).isDirectory();
  if (options.prune === true && !isFolder)
    throw new CommandFailed(`--prune looks for what a folder has no more; ${path} is none.`, EXIT.input);
  const byDialect = new Map<string, Script[]>();
  for (const file of files) {
    const { text, remark: how } = await textOf(file, encoding);
    if (how !== undefined) remark(`${file} ${how}.`);
    const name = prefix + (isFolder ? slashes(relative(path, file)) : basename(file));
    const dialect = dialectOfFile(file, wanted);
    byDialect.set(dialect, [...(byDialect.get(dialect) ?? []), { name, text }]);
  }
  const checkout = checkoutOf(path);
  const folder = prefix === '' ? folderLabel(path, checkout) : prefix;
  return {
    byDialect,
    terms: { schema: options.schema, variables: valuesOf(options), folder, revision: revisionOf(checkout) },
  };
}

const revisionOf = (checkout: Checkout | undefined) =>
  checkout && { repository: checkout.repository, commit: checkout.commit };

/** Values of parameters, of flags before those of a file. */
function valuesOf({ var: flags = [], varsFile }: Options): { name: string; value: string }[] {
  const values = new Map([...(varsFile === undefined ? [] : valuesIn(varsFile)), ...variablesOf(flags)]);
  return [...values].map(([name, value]) => ({ name, value }));
}

function valuesIn(file: string): (readonly [string, string])[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`${file} cannot be read: ${messageOf(error)}`, EXIT.input);
  }
  if (text.trimStart().startsWith('{')) return valuesOfJson(file, text);
  return text.split(/\r?\n/).flatMap((line, at): (readonly [string, string])[] => {
    if (/^\s*(?:#|$)/.test(line)) return [];
    const equals = line.indexOf('=');
    if (equals < 1) throw new CommandFailed(`${file}:${at + 1} is not name=value.`, EXIT.input);
    const value = line.slice(equals + 1).trim();
    return [
      [
        line
          .slice(0, equals)
          .replace(/^\s*export\s+/, '')
          .trim(),
        /^(['"]).*\1$/.test(value) ? value.slice(1, -1) : value,
      ],
    ];
  });
}

function valuesOfJson(file: string, text: string): (readonly [string, string])[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new CommandFailed(`${file} begins like JSON and is none.`, EXIT.input);
  }
  return Object.entries(found as Record<string, unknown>).map(([name, value]) => {
    if (typeof value === 'object') throw new CommandFailed(`${file}: the value of "${name}" is no text.`, EXIT.input);
    return [name, String(value)] as const;
  });
}

async function aliasOf(client: Client, text: string): Promise<Alias> {
  const at = text.indexOf('=');
  if (at < 1) throw new CommandFailed(`"${text}" is not name=source.`, EXIT.input);
  const { id } = await findSource(client, text.slice(at + 1));
  return { alias: text.slice(0, at), sourceId: id };
}

export interface Alias {
  readonly alias: string;
  readonly sourceId: string;
}

export interface Script {
  readonly name: string;
  readonly text: string;
}

export interface SqlWish {
  readonly sourceId: string;
  readonly dialect: string;
  readonly schema?: string | undefined;
  readonly aliases: readonly Alias[];
  readonly variables?: readonly { readonly name: string; readonly value: string }[];
  readonly folder?: string;
  readonly revision?: { readonly repository: string | null; readonly commit: string } | undefined;
  readonly scripts: readonly Script[];
}

/** Has scripts read and waits for it; gives totals. `statements` are those of all scripts of the source. */
export async function importSql(client: Client, wish: SqlWish, quiet: boolean): Promise<ImportTotals> {
  let totals = NO_TOTALS;
  for (const scripts of inRequests(wish.scripts, ({ text }) => jsonSize(text))) {
    const { job } = await client.change<{ job: { id: string } }>(
      `mutation ($sourceId: ID!, $dialect: SqlDialect!, $schema: String, $aliases: [SourceAliasInput!], $variables: [NameValueInput!], $folder: String, $revision: RevisionInput, $scripts: [SqlScriptInput!]!) {
         importSql(sourceId: $sourceId, dialect: $dialect, defaultSchema: $schema, aliases: $aliases, variables: $variables, folder: $folder, revision: $revision, scripts: $scripts) {
           job { id } userErrors { code message path } } }`,
      { ...wish, dialect: wish.dialect.toUpperCase(), scripts },
    );
    const { result } = await watchJob(client, job.id, { quiet });
    totals = addTotals({ ...totals, scripts: 0, statements: {} }, result);
  }
  return totals;
}

async function prune(
  client: Client,
  sourceId: string,
  folder: string,
  names: readonly string[],
  quiet: boolean,
): Promise<string[]> {
  const { job, removed } = await client.change<{ job: { id: string }; removed: string[] }>(
    `mutation ($sourceId: ID!, $folder: String!, $names: [String!]!) {
       pruneScripts(sourceId: $sourceId, folder: $folder, names: $names) { job { id } removed userErrors { code message path } } }`,
    { sourceId, folder, names },
  );
  await watchJob(client, job.id, { quiet });
  return removed;
}

/** The SQL scripts of a file or folder, by name. @throws {CommandFailed} when there is none. */
export async function scriptsAt(path: string): Promise<Script[]> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return Promise.all(
    filesAt([path]).map(async (file) => ({
      name: isFolder ? slashes(relative(path, file)) : basename(file),
      text: (await textOf(file)).text,
    })),
  );
}
