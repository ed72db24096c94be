import { AppError } from '#kernel';

import { type Call } from '../call.js';
import { type Connection } from '../connection.js';
import { CAPABILITIES, type Connector } from '../define-connector.js';
import { type HarvestedDataset, type SnapshotOptions, type SnapshotPart } from '../harvested.js';
import { type ConformanceSubject } from './subject.js';

/** One thing that every connector does. */
export interface ConformanceCase {
  readonly title: string;
  /** Why it is none of this subject's business; undefined: it is. */
  readonly notFor?: (subject: ConformanceSubject, connector: Connector) => string | undefined;
  /** @throws an error that says what is not as it should be. */
  run(bench: Bench): Promise<void>;
}

/** What a case works with. */
export interface Bench {
  readonly connector: Connector;
  readonly subject: ConformanceSubject;
  /** One for all cases; a case that spoils it opens its own. */
  readonly connection: Connection;
  open(): Promise<Connection>;
  wait(ms: number): Promise<void>;
}

const call = (deadlineMs = 60_000): Call => ({ signal: new AbortController().signal, deadlineMs });

function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

/** The error of what has to be refused: one that a person can read. */
async function refusal(work: Promise<unknown>, what: string): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  must(error !== undefined, `${what} was not refused`);
  must(error instanceof AppError, `${what} was refused with ${String(error)}, which is no sentence for a person`);
  must(/[.!?]$/.test(error.message), `${what} was refused without a whole sentence: ${error.message}`);
  return error;
}

async function parts(connection: Connection, options: SnapshotOptions = {}): Promise<SnapshotPart[]> {
  const found: SnapshotPart[] = [];
  for await (const part of connection.snapshot(options, call())) found.push(part);
  return found;
}

const datasetsIn = (found: readonly SnapshotPart[]): HarvestedDataset[] =>
  found.flatMap((part) => (part.part === 'dataset' ? [part.dataset] : []));

/** Scopes are filtered by globs; a name with a star would mean others too. */
const only = (scope: string): SnapshotOptions => ({ include: [scope.replaceAll(/[*?]/g, '?')] });

async function atRest({ subject, connection, wait }: Bench): Promise<void> {
  for (let tries = 0; ((await subject.running?.()) ?? 0) > 0; tries += 1) {
    must(
      tries < 200,
      `${await subject.running!()} statements still run in the server ten seconds after they were stopped`,
    );
    await wait(50);
  }
  const { rows } = await connection.query('SELECT 1', [], call());
  must(rows.length === 1, 'the connection cannot be used after a call was stopped');
}

async function begun({ subject, wait }: Bench, count = 1): Promise<void> {
  if (subject.running === undefined) return wait(100);
  for (let tries = 0; (await subject.running()) < count; tries += 1) {
    must(tries < 200, 'the statement did not begin within ten seconds');
    await wait(50);
  }
}

const withTable = async (
  { subject }: Bench,
  name: string,
  values: readonly string[],
  work: (dataset: string) => Promise<void>,
): Promise<void> => {
  const dataset = await subject.makeTable(name, 'c', values);
  try {
    await work(dataset);
  } finally {
    await subject.dropTable(name);
  }
};

const FORM: readonly ConformanceCase[] = [
  {
    title: 'the settings have titles in English and Chinese, and secrets are optional',
    run({ connector }) {
      for (const [name, schema] of Object.entries(connector.settings.properties)) {
        const { title, 'x-title-zh': zh } = schema as { title?: string; 'x-title-zh'?: string };
        must(title !== undefined && title !== '', `the setting ${name} has no title`);
        must(zh !== undefined && zh !== '', `the setting ${name} has no Chinese title`);
      }
      const required = (connector.settings as { required?: readonly string[] }).required ?? [];
      for (const secret of connector.secretSettings)
        must(
          !required.includes(secret),
          `the secret ${secret} is required, but secrets arrive apart from the settings`,
        );
      return Promise.resolve();
    },
  },
  {
    title: 'checked settings have no secret in them, and wrong ones are refused',
    async run({ connector, subject }) {
      const checked = connector.checkSettings({ ...subject.settings, ...subject.secrets });
      for (const secret of connector.secretSettings) must(!(secret in checked), `${secret} is in the checked settings`);
      await refusal(
        Promise.resolve().then(() => connector.checkSettings({ ...subject.settings, nonsense: 1 })),
        'a setting that there is not',
      );
    },
  },
  {
    title: 'it can what it says it can',
    run({ connector, connection }) {
      for (const capability of CAPABILITIES) {
        if (capability === 'routines') continue;
        const [says, can] = [connector.capabilities.includes(capability), connection[capability] !== undefined];
        must(says === can, `${capability}: the connector says ${says}, the connection has it: ${can}`);
      }
      return Promise.resolve();
    },
  },
];

const FAULTS: readonly ConformanceCase[] = [
  {
    title: 'what is wrong with the settings is told by code and sentence, by a test and by a call',
    async run({ connector, subject }) {
      for (const { title, settings, secrets, code } of subject.faults) {
        const connection = await connector.open({ ...subject.settings, ...settings }, secrets ?? subject.secrets);
        try {
          const error = await refusal(connection.query('SELECT 1', [], call(20_000)), title);
          must(error.code === code, `${title}: ${error.code} instead of ${code} (${error.message})`);
          const report = await connection.test(call(20_000));
          must(!report.ok && report.problems[0] === error.message, `${title}: the test says ${JSON.stringify(report)}`);
          for (const secret of Object.values({ ...subject.secrets, ...secrets }))
            must(!error.message.includes(secret), `${title}: the sentence gives the secret away`);
        } finally {
          await connection.close();
        }
      }
    },
  },
  {
    title: 'a test tells product, account and numbers',
    async run({ connection }) {
      const report = await connection.test(call());
      must(report.ok, `it is not ok: ${report.problems.join(' ')}`);
      must((report.server ?? '') !== '', 'it names no product');
      must((report.scopes ?? 0) > 0 && report.datasets !== undefined, 'it counts nothing');
    },
  },
  {
    title: 'a scope that the account cannot read is partial, with the reason',
    notFor: ({ closed }) => (closed === undefined ? 'no scope can be closed to it' : undefined),
    async run({ connection, subject }) {
      const { scope, word, foundOutLate = false } = subject.closed!;
      const found = (await parts(connection)).filter((part) => part.part === 'scope');
      const closed = found.find((part) => part.scope === scope);
      must(closed !== undefined, `the scope ${scope} was not told of`);
      must(!closed.complete && closed.reasons.join(' ').includes(word), `it was closed with ${JSON.stringify(closed)}`);
      must(
        found.some((part) => part.complete),
        'no other scope was read completely',
      );
      const digests = await connection.scopeDigests?.({}, call());
      must(foundOutLate || digests?.has(scope) !== true, 'it has a digest, as if it could be read');
    },
  },
];

const READING: readonly ConformanceCase[] = [
  {
    title: 'a snapshot closes each scope once, after all that is in it',
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['x'], async (dataset) => {
        const found = await parts(bench.connection);
        const closed = new Set<string>();
        for (const part of found) {
          must(!closed.has(part.scope), `something of ${part.scope} came after it was closed`);
          if (part.part === 'scope') closed.add(part.scope);
          if (part.part === 'scope' && !part.complete)
            must(part.reasons.length > 0, `${part.scope} is partial without a reason`);
        }
        for (const { scope } of found) must(closed.has(scope), `the scope ${scope} was not closed`);
        const one = datasetsIn(found).find(({ name }) => name === dataset);
        must(one !== undefined && one.scope === bench.subject.scope, 'the table of the suite is not in it');
        must(
          one.fields[0]?.typeFamily === 'text' && one.fields[0].ordinal === 1,
          `its column is ${JSON.stringify(one.fields)}`,
        );
      }),
  },
  {
    title: 'only the scopes that are asked for are read',
    async run({ connection, subject }) {
      const scopes = new Set((await parts(connection, only(subject.scope))).map(({ scope }) => scope));
      must(scopes.has(subject.scope), 'the scope asked for is missing');
      const skipped = await parts(connection, { skip: [subject.scope] });
      must(!skipped.some(({ scope }) => scope === subject.scope), 'a scope to be skipped was read');
      const none = await parts(connection, { include: [`no such ' " scope; --`] });
      must(none.length === 0, `a name that is none found ${JSON.stringify(none)}`);
    },
  },
  {
    title: 'names are kept whole, can be queried and sampled, and no two become one',
    async run({ connection, subject }) {
      const made = new Map<string, string>();
      try {
        for (const name of subject.names) made.set(name, await subject.makeTable(name, name, [name]));
        const found = datasetsIn(await parts(connection, only(subject.scope)));
        const qualified = new Set(found.map(({ qualifiedName }) => qualifiedName));
        must(qualified.size === found.length, 'two datasets have one qualified name');
        for (const [name, dataset] of made) {
          const one = found.find((each) => each.name === dataset);
          must(one !== undefined, `${JSON.stringify(name)} is missing`);
          must(
            one.fields[0]?.name === name,
            `the column ${JSON.stringify(name)} is called ${JSON.stringify(one.fields[0]?.name)}`,
          );
          const relation = connection.relation(subject.scope, dataset);
          const { rows, columns } = await connection.query(`SELECT * FROM ${relation}`, [], call());
          must(
            rows[0]?.[0] === name && columns[0]?.name === name,
            `${JSON.stringify(name)} gives ${JSON.stringify(rows)}`,
          );
          const sample = await connection.sample(
            { scope: subject.scope, name: dataset },
            { ...call(), maxRows: 5, fields: [name] },
          );
          must(
            sample.rows[0]?.[0] === name,
            `a sample of ${JSON.stringify(name)} gives ${JSON.stringify(sample.rows)}`,
          );
        }
      } finally {
        for (const name of made.keys()) await subject.dropTable(name);
      }
    },
  },
  {
    title: 'two tables whose names differ only by case are two',
    notFor: ({ casePair }) => (casePair === undefined ? 'the engine takes them for one' : undefined),
    async run({ connection, subject }) {
      const [one, other] = subject.casePair!;
      const datasets = [await subject.makeTable(one, 'c', ['1']), await subject.makeTable(other, 'c', ['2'])];
      try {
        const names = datasetsIn(await parts(connection, only(subject.scope))).map(({ name }) => name);
        for (const dataset of datasets) must(names.includes(dataset), `${dataset} is missing`);
        for (const [at, dataset] of datasets.entries()) {
          const sample = await connection.sample({ scope: subject.scope, name: dataset }, { ...call(), maxRows: 1 });
          must(sample.rows[0]?.[0] === String(at + 1), `${dataset} gives the rows of the other`);
        }
      } finally {
        await subject.dropTable(one);
        await subject.dropTable(other);
      }
    },
  },
  {
    title: 'a type that nobody else knows is of the family other',
    notFor: ({ oddType }) => (oddType === undefined ? 'it has no such type' : undefined),
    async run({ connection, subject }) {
      const { dataset, field } = subject.oddType!;
      const one = datasetsIn(await parts(connection, only(subject.scope))).find(({ name }) => name === dataset);
      const found = one?.fields.find(({ name }) => name === field);
      must(found?.typeFamily === 'other', `it is ${JSON.stringify(found)}`);
    },
  },
  {
    title: 'partitions are folded into their table',
    notFor: ({ partitioned }) => (partitioned === undefined ? 'it has no partitions' : undefined),
    async run({ connection, subject }) {
      const { dataset, partitions } = subject.partitioned!;
      const found = datasetsIn(await parts(connection, only(subject.scope)));
      const one = found.find(({ name }) => name === dataset);
      must(one?.kind === 'partitioned_table', `the table is ${JSON.stringify(one)}`);
      must(one.partitions?.count === partitions, `it has ${one.partitions?.count} partitions instead of ${partitions}`);
      must(found.length < partitions, `there are ${found.length} datasets: the partitions are among them`);
    },
  },
  {
    title: 'a table that is dropped while a snapshot is read does no harm',
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['x'], async (first) => {
        await bench.subject.makeTable('conformance_2', 'c', ['x']);
        const found: SnapshotPart[] = [];
        for await (const part of bench.connection.snapshot(only(bench.subject.scope), call())) {
          if (found.length === 0) await bench.subject.dropTable('conformance_2');
          found.push(part);
        }
        const last = found.at(-1);
        must(last?.part === 'scope', 'the scope was not closed');
        must(
          datasetsIn(found).some(({ name }) => name === first),
          'a table that is still there is missing',
        );
      }),
  },
  {
    title: 'the number of statements does not grow with the number of tables',
    notFor: ({ statements }) => (statements === undefined ? 'nobody counts its statements' : undefined),
    async run({ connection, subject }) {
      const counted = async () => {
        const before = await subject.statements!();
        await parts(connection, only(subject.scope));
        return (await subject.statements!()) - before;
      };
      await counted();
      const few = await counted();
      const names = Array.from({ length: 40 }, (_, at) => `conformance_many_${at}`);
      for (const name of names) await subject.makeTable(name, 'c', []);
      const many = await counted();
      for (const name of names) await subject.dropTable(name);
      must(few > 0 && many === few, `${few} statements became ${many}`);
    },
  },
  {
    title: 'a digest stays as long as nothing changes',
    notFor: (_, { capabilities }) => (capabilities.includes('scopeDigests') ? undefined : 'it makes none'),
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['x'], async () => {
        const { connection, subject } = bench;
        const digest = async () => (await connection.scopeDigests!(only(subject.scope), call())).get(subject.scope);
        const before = await digest();
        must(before !== undefined, 'there is none');
        must((await digest()) === before, 'it is another one the second time');
        await subject.makeTable('conformance_2', 'c', ['x']);
        const more = await digest();
        await subject.dropTable('conformance_2');
        must(more !== before, 'it is the same with one table more');
        must((await digest()) === before, 'it is another one when all is as before');
      }),
  },
];

const ASKING: readonly ConformanceCase[] = [
  {
    title: 'a query binds its values and brings no more rows than asked for',
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['a', `b'; --`, 'c', '汉"字\\ 😀'], async (dataset) => {
        const { connection, subject } = bench;
        const from = `FROM ${connection.relation(subject.scope, dataset)}`;
        const two = await connection.query(`SELECT c ${from} ORDER BY c`, [], { ...call(), maxRows: 2 });
        must(two.rows.length === 2 && two.truncated, `it gave ${JSON.stringify(two)}`);
        for (const value of [`b'; --`, '汉"字\\ 😀']) {
          const { rows } = await connection.query(`SELECT c ${from} WHERE c = $1`, [value], call());
          must(rows.length === 1 && rows[0]![0] === value, `the value ${value} finds ${JSON.stringify(rows)}`);
        }
      }),
  },
  {
    title: 'nothing can be changed through it',
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['a'], async (dataset) => {
        const { connection, subject } = bench;
        for (const sql of subject.writes(connection.relation(subject.scope, dataset)))
          await refusal(connection.query(sql, [], call()), sql);
        const values = await subject.valuesOf('conformance_1');
        must(values.join() === 'a', `the table has ${JSON.stringify(values)} now`);
      }),
  },
  {
    title: 'a name is a name, whatever SQL it looks like',
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['a'], async (dataset) => {
        const { connection, subject } = bench;
        const relation = connection.relation(subject.scope, dataset);
        for (const evil of [
          `x"; DROP TABLE ${relation}; --`,
          `x'; DROP TABLE ${relation}; --`,
          'x` UNION SELECT 1 -- ',
          `x') UNION SELECT 'x`,
          '../../../etc/passwd',
          'a\0b',
        ]) {
          await refusal(
            Promise.resolve().then(() =>
              connection.sample({ scope: subject.scope, name: evil }, { ...call(), maxRows: 1 }),
            ),
            `a sample of ${JSON.stringify(evil)}`,
          );
          await refusal(
            Promise.resolve().then(() => connection.sample({ scope: evil, name: dataset }, { ...call(), maxRows: 1 })),
            `a sample in ${JSON.stringify(evil)}`,
          );
          must(
            (await parts(connection, { include: [evil] })).length === 0,
            `the scope ${JSON.stringify(evil)} was found`,
          );
        }
        must((await subject.valuesOf('conformance_1')).join() === 'a', 'the table is not what it was');
      }),
  },
  {
    title: 'a sample is bounded in rows and characters',
    run: async (bench) =>
      withTable(
        bench,
        'conformance_1',
        Array.from({ length: 30 }, () => '汉'.repeat(3_000)),
        async (dataset) => {
          const place = { scope: bench.subject.scope, name: dataset };
          const { rows, columns } = await bench.connection.sample(place, { ...call(), maxRows: 7, maxCharacters: 12 });
          must(rows.length === 7, `it has ${rows.length} rows instead of 7`);
          must(columns.length === 1 && columns[0]!.name === 'c', `its columns are ${JSON.stringify(columns)}`);
          for (const [cell] of rows) must(cell === '汉'.repeat(12), `a cell is ${JSON.stringify(cell?.slice(0, 40))}`);
          const nothing = await bench.connection.sample(place, { ...call(), maxRows: 0 });
          must(nothing.rows.length === 0, 'no rows were asked for');
        },
      ),
  },
  {
    title: 'a view has its query',
    notFor: ({ view }, { capabilities }) =>
      view === undefined || !capabilities.includes('viewSql') ? 'it has no views' : undefined,
    async run({ connection, subject }) {
      const sql = await connection.viewSql!({ scope: subject.scope, name: subject.view! }, call());
      must(/select/i.test(sql ?? ''), `it is ${JSON.stringify(sql)}`);
      const none = await connection.viewSql!({ scope: subject.scope, name: `no such ' " view` }, call());
      must(none === undefined, 'what is no view has a query too');
      const one = datasetsIn(await parts(connection, only(subject.scope))).find(({ name }) => name === subject.view);
      must(one?.kind === 'view' && /select/i.test(one.viewSql ?? ''), 'the snapshot has it otherwise');
    },
  },
  {
    title: 'what it expects of a statement is told without running it',
    notFor: (_, { capabilities }) => (capabilities.includes('explain') ? undefined : 'it cannot tell'),
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['a'], async (dataset) => {
        const { connection, subject } = bench;
        const { rows } = await connection.explain!(subject.endless, [], call(20_000));
        must(rows === undefined || rows >= 0, `it expects ${rows} rows`);
        for (const sql of subject.writes(connection.relation(subject.scope, dataset)))
          await connection.explain!(sql, [], call()).catch((error: unknown) => {
            must(error instanceof AppError, `explaining ${sql} ended with ${String(error)}`);
          });
        must((await subject.valuesOf('conformance_1')).join() === 'a', 'explaining changed the table');
      }),
  },
  {
    title: 'the log of statements has no values in it, and goes on at its cursor',
    notFor: (_, { capabilities }) => (capabilities.includes('queryLog') ? undefined : 'it keeps none'),
    async run({ connection }) {
      const first = await connection.queryLog!({ ...call(), maxStatements: 1_000 });
      await connection.query(`SELECT 'conformance secret' AS marked_statement`, [], call());
      const next = await connection.queryLog!({ ...call(), maxStatements: 1_000, since: first.cursor });
      for (const { sql, calls } of next.statements)
        must(sql !== '' && calls > 0, `a statement is ${JSON.stringify(sql)}`);
      must(!JSON.stringify(next.statements).includes('conformance secret'), 'a value is in it');
    },
  },
];

const STOPPING: readonly ConformanceCase[] = [
  {
    title: 'a query ends at its deadline, in the server too',
    async run(bench) {
      const error = await refusal(bench.connection.query(bench.subject.endless, [], call(400)), 'a query that hangs');
      must(error.code === 'SOURCE_TIMED_OUT', `it ended with ${error.code}`);
      await atRest(bench);
    },
  },
  {
    title: 'a query ends when nobody waits for it any more, in the server too',
    async run(bench) {
      const controller = new AbortController();
      const query = refusal(
        bench.connection.query(bench.subject.endless, [], { signal: controller.signal, deadlineMs: 60_000 }),
        'a query that is aborted',
      );
      await begun(bench);
      controller.abort();
      must((await query).code === 'SOURCE_CALL_CANCELLED', `it ended with ${(await query).code}`);
      await atRest(bench);
    },
  },
  {
    title: 'cancel ends all that is under way, in the server too, and the connection can be used again',
    async run(bench) {
      const connection = await bench.open();
      const queries = [1, 2].map(() =>
        refusal(connection.query(bench.subject.endless, [], call()), 'a cancelled query'),
      );
      await begun(bench, 2);
      await connection.cancel();
      for (const error of await Promise.all(queries))
        must(error.code === 'SOURCE_CALL_CANCELLED', `a query ended with ${error.code}`);
      await atRest({ ...bench, connection });
      await connection.cancel();
      await connection.close();
    },
  },
  {
    title: 'no call begins that was aborted before',
    async run({ connection, subject }) {
      const aborted: Call = { signal: AbortSignal.abort(), deadlineMs: 60_000 };
      const place = { scope: subject.scope, name: 'x' };
      const calls: Record<string, () => Promise<unknown>> = {
        test: () => connection.test(aborted),
        query: () => connection.query('SELECT 1', [], aborted),
        snapshot: () => connection.snapshot({}, aborted)[Symbol.asyncIterator]().next(),
        ...(connection.scopeDigests && { scopeDigests: () => connection.scopeDigests!({}, aborted) }),
        ...(connection.viewSql && { viewSql: () => connection.viewSql!(place, aborted) }),
        ...(connection.explain && { explain: () => connection.explain!('SELECT 1', [], aborted) }),
        ...(connection.queryLog && { queryLog: () => connection.queryLog!({ ...aborted, maxStatements: 1 }) }),
      };
      for (const [name, begin] of Object.entries(calls)) {
        const error = await refusal(begin(), name);
        must(error.code === 'SOURCE_CALL_CANCELLED', `${name} ended with ${error.code}`);
      }
    },
  },
  {
    title: 'a snapshot that is aborted in its middle ends, and so does one whose reader goes away',
    run: async (bench) =>
      withTable(bench, 'conformance_1', ['x'], async () => {
        const controller = new AbortController();
        const reading = (async () => {
          for await (const part of bench.connection.snapshot({}, { signal: controller.signal, deadlineMs: 60_000 }))
            if (part.part === 'dataset') controller.abort();
        })();
        // What had arrived already may still be given, so a small source can be at its end.
        const error = await reading.then(
          () => undefined,
          (reason: unknown) => reason,
        );
        must(
          error === undefined || (error instanceof AppError && error.code === 'SOURCE_CALL_CANCELLED'),
          `it ended with ${String(error)}`,
        );
        for await (const part of bench.connection.snapshot({}, call())) if (part.part === 'dataset') break;
        await atRest(bench);
      }),
  },
  {
    title: 'closing ends what is under way, and a second time is harmless',
    async run(bench) {
      const connection = await bench.open();
      const query = refusal(connection.query(bench.subject.endless, [], call()), 'a query on a closed connection');
      await begun(bench);
      await connection.close();
      await query;
      await connection.close();
      await atRest(bench);
    },
  },
];

/** What every connector does, in the order it is best tried. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [...FORM, ...FAULTS, ...READING, ...ASKING, ...STOPPING];
