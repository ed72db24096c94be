import { once } from 'node:events';

import { ThreadPool } from '#platform/threads';
import { type Command } from 'commander';

import { several } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { remark } from '../../client/output.js';
import { AsJson } from './as-json.js';
import { AsMermaid } from './as-mermaid.js';
import { AsOpenLineage } from './as-openlineage.js';
import { AsText } from './as-text.js';
import { dialectOfFile, wantedDialect, withoutDialect } from './dialect.js';
import { isEncoding } from './encoding.js';
import { inOrder } from './in-order.js';
import { answerLines } from './json-lines.js';
import { Progress } from './progress.js';
import { readScript, type ReadingOptions } from './read-script.js';
import { tablesOf } from './schema-file.js';
import { filesAt } from './scripts.js';
import { Counting } from './totals.js';
import { variablesOf } from './variables.js';
import type { Writer } from './writer.js';

interface Options {
  readonly dialect?: string;
  readonly schema?: readonly string[];
  readonly defaultSchema?: string;
  readonly defaultCatalog?: string;
  readonly var?: readonly string[];
  readonly encoding?: string;
  readonly glob?: string;
  readonly timeout: number;
  readonly collapse?: boolean;
  readonly expandViews?: boolean;
  readonly direct?: boolean;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly openlineage?: boolean;
  readonly namespace?: string;
  readonly mermaid?: boolean;
  readonly columns?: boolean;
}

/** The lines of `--jsonl` are answered in any order; two threads keep two cores busy while a third writes. */
const THREADS = 2;

const HELP = `
The dialect is not guessed: .hql .hive .q are Hive, .pkb .pks .pkg .bdy .spc .pls .plsql .prc Oracle, .psql .pgsql PostgreSQL, .tsql T-SQL;
all other files need --dialect.
Text is UTF-8 or UTF-16; what is not UTF-8 is read as GB18030, with a remark, unless --encoding says otherwise.

Exit codes: 0 everything was understood, 3 something was not (it is listed with its place), 2 the input was wrong, 1 a fault.
With --jsonl: 0 when every line was answered, also those answered with an "error".

Examples:
  plumbline lineage extract --dialect hive etl/dwd_loan.sql
  plumbline lineage extract --dialect oracle --schema columns.csv --collapse packages/
  plumbline lineage extract --dialect spark --var dt=20260131 --json jobs/ > lineage.json
  plumbline lineage extract --dialect mysql --mermaid - < report.sql`;

/** `plumbline lineage extract`: reads SQL here, without a catalog, a server or a database. */
export function addExtract(lineage: Command): void {
  lineage
    .command('extract [path...]')
    .description('read SQL files and show where each column comes from; needs no catalog (- is standard input)')
    .option('--dialect <dialect>', 'the SQL of the files, for instance hive, spark, oracle, mysql, tsql')
    .option(
      '--schema <file>',
      'what is known of tables: .json, .sql (CREATE TABLEs; or a folder of them) or .csv (information_schema.columns); may be repeated',
      several,
    )
    .option('--default-schema <name>', 'schema of tables that name none')
    .option('--default-catalog <name>', 'catalog (database) of schemas that name none')
    .option('--var <name=value>', 'fills ${name}; may be repeated. Others stay parameters', several)
    .option('--encoding <name>', 'of files without a byte order mark, for instance gbk')
    .option('--glob <pattern>', "which files of a folder, for instance '**/dwd_*.sql'")
    .option('--timeout <seconds>', 'most time for one statement', Number, 5)
    .option('--collapse', 'take out temporary tables: what goes in on one side comes out at the other')
    .option('--expand-views', 'see through the views that the script makes')
    .option('--direct', 'only what gives values, not what merely filters or groups')
    .option('--json', 'one JSON document')
    .option('--jsonl', 'answer JSON Lines on standard input: one script a line, one answer a line')
    .option('--openlineage', 'OpenLineage job events, one line for each table a script writes')
    .option('--namespace <name>', 'namespace of OpenLineage datasets (default: the dialect)')
    .option('--mermaid', 'a Mermaid graph of tables')
    .option('--columns', 'with --mermaid: of columns')
    .addHelpText('after', HELP)
    .action(async (paths: string[], options: Options) => {
      const threads = new ThreadPool({ threads: THREADS });
      try {
        if (options.jsonl) await answerLines(process.stdin, process.stdout, threads, THREADS);
        else await extract(paths, options, threads);
      } finally {
        await threads.close();
      }
    });
}

async function extract(paths: readonly string[], options: Options, threads: ThreadPool): Promise<void> {
  const writer = writerFor(options);
  if (paths.length === 0)
    throw new CommandFailed('Name a file or a folder of SQL, or - for standard input.', EXIT.input);
  const reading = await readingOptions(options, threads);
  const files = filesAt(paths, options.glob, remark);
  // Said once, and before anything is read.
  const unsaid = withoutDialect(files, reading.dialect);
  if (unsaid.length === files.length) dialectOfFile(unsaid[0] ?? '', undefined);
  const counting = new Counting(reading.tables?.length ?? 0);
  const progress = new Progress(files.length);
  const attempts = inOrder(files, THREADS, (file) =>
    readScript(file, reading, threads).catch((error: unknown) => {
      // One file that cannot be read does not hide the others.
      if (error instanceof CommandFailed && files.length > 1) return error;
      throw error;
    }),
  );
  for await (const read of attempts) {
    progress.step();
    if (read instanceof CommandFailed) {
      remark(read.message);
      process.exitCode = read.exitCode;
      continue;
    }
    counting.add(read);
    writer.script(read);
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }
  progress.end();
  writer.end(counting.totals);
  if (!counting.allUnderstood) process.exitCode ??= EXIT.bad;
}

function writerFor({ json, openlineage, mermaid, columns, namespace }: Options): Writer {
  if ([json, openlineage, mermaid].filter(Boolean).length > 1)
    throw new CommandFailed('Choose one of --json, --jsonl, --openlineage and --mermaid.', EXIT.input);
  if (json) return new AsJson();
  if (openlineage) return new AsOpenLineage(namespace);
  if (mermaid) return new AsMermaid(columns ?? false);
  return new AsText();
}

async function readingOptions(options: Options, threads: ThreadPool): Promise<ReadingOptions> {
  const { defaultSchema, defaultCatalog, encoding, timeout } = options;
  const dialect = options.dialect === undefined ? undefined : wantedDialect(options.dialect);
  if (encoding !== undefined && !isEncoding(encoding))
    throw new CommandFailed(
      `There is no encoding "${encoding}". Usual ones are gbk, gb18030, big5, utf-16le.`,
      EXIT.input,
    );
  if (!(timeout > 0)) throw new CommandFailed('--timeout is a number of seconds above 0.', EXIT.input);
  const tables = options.schema && (await tablesOf(options.schema, dialect, threads));
  return {
    ...(dialect !== undefined && { dialect }),
    ...(defaultSchema !== undefined && { defaultSchema }),
    ...(defaultCatalog !== undefined && { defaultCatalog }),
    ...(encoding !== undefined && { encoding }),
    ...(tables && { tables }),
    values: variablesOf(options.var ?? []),
    statementMs: timeout * 1000,
    collapse: options.collapse ?? false,
    expandViews: options.expandViews ?? false,
    directOnly: options.direct ?? false,
  };
}
