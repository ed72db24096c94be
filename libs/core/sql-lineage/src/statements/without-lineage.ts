/**
 * Statements that move no data between columns. A statement that is neither here nor in the list of statements is `opaque`.
 * The first list has the parser's nodes, the others the first words of what the parser does not take apart.
 */
export const NODES_WITHOUT_LINEAGE: ReadonlySet<string> = new Set(
  `set_statement set transaction commit rollback grant revoke comment use pragma describe show kill
   create_index drop_index alter_index create_schema drop_schema create_database drop_database drop_namespace
   create_sequence alter_sequence drop_sequence create_type drop_type drop_function drop_procedure drop_trigger
   attach detach install analyze alter_session summarize locking_statement refresh create_synonym uncache
   create_stage alter_stage drop_stage create_file_format show_tables set_item`
    .trim()
    .split(/\s+/),
);

const phrases = (text: string): readonly string[] =>
  text
    .split(';')
    .map((phrase) => phrase.trim().replace(/\s+/g, ' '))
    .filter((phrase) => phrase !== '');

/** What can be created, altered and dropped without touching rows. */
const OBJECTS = phrases(`
  role; user; group; login; application role; credential; certificate; master key; symmetric key; asymmetric key; column master key;
  column encryption key; database encryption key; cryptographic provider; authorization; profile; settings profile; quota;
  row policy; masking policy; row access policy; network policy; network rule; password policy; session policy; security policy; policy;
  audit policy; server audit; database audit; tag; share; recipient; provider; integration; storage integration; api integration;
  database; schema; namespace; catalog; external catalog; keyspace; volume; connection; storage credential; storage volume;
  external location; external data source; external file format; external library; external language; external resource pool; location;
  index; unique index; unique clustered index; unique nonclustered index; clustered index; nonclustered index; columnstore index;
  clustered columnstore index; nonclustered columnstore index; fulltext index; fulltext catalog; fulltext stoplist; spatial index;
  bitmap index; primary xml index; xml index; search index; vector index; selective xml index; json index;
  sequence; synonym; type; domain; collation; conversion; cast; operator; operator class; operator family; access method;
  transform; extension; statistics; text search; language; procedural language; tablespace; undo tablespace; bigfile tablespace; cluster;
  logfile group; server; foreign data wrapper; user mapping; publication; subscription; event trigger; large object; system; session;
  default privileges; warehouse; resource monitor; resource group; resource pool; resource; workload group; workload policy; workload;
  compute pool; secret; stage; file format; named collection; database link; directory; context; outline; library; indextype; dimension;
  flashback archive; rollback segment; diskgroup; pfile; spfile; controlfile; restore point; edition; partition function; partition scheme;
  contract; message type; queue; route; service; endpoint; event session; event notification; assembly; xml schema collection;
  broker priority; remote service binding; availability group; search property list; default; database scoped configuration;
  database scoped credential; database audit specification; server audit specification; server configuration; server role;
  spatial reference system; instance; encryptkey; repository; sql_block_rule; file; widget; plugin; component; foreign server;
  row filter; column mask; inverted index analyzer; storage policy`);

/** What code is kept in: taking it away or renaming it runs nothing. */
const CODE =
  phrases(`function; procedure; routine; aggregate; trigger; rule; package; package body; macro; event; task; pipe; stream;
  temporary function; temporary macro; materialized view log; job; statistics; model; method; dictionary; type body; java; snapshot log; prepare; proc`);

const either = (words: readonly string[]): string =>
  [...words].sort((one, other) => other.length - one.length).join('|');
const BETWEEN = `(?: or (?:replace|alter|refresh))?(?: (?:temp|temporary|persistent|local|global|public|private|shared|external|pluggable|container|noneditionable|editionable|force|concurrently|stored))*`;
const DEFINES = new RegExp(`^(create|alter|drop|undrop|rename)${BETWEEN} (${either(OBJECTS)})\\b`);
const LEAVES_CODE = new RegExp(`^drop${BETWEEN} (${either(CODE)})\\b`);
const ALTERS_CODE = new RegExp(`^alter${BETWEEN} (${either(CODE)})\\b`);

/** Statements that look at things, guard them or keep house. */
const PHRASES = phrases(`
  set; reset; unset; show; savepoint; release; lock; unlock; discard; checkpoint; checksum; check; repair; optimize; flush; purge;
  vacuum; analyze; analyse; reindex; cluster; listen; unlisten; notify; load index; deallocate; close; security label; reassign owned; drop owned;
  comment; grant; revoke; deny; pragma; attach; detach; install; uninstall; force install; use; describe; desc; summarize; help;
  refresh; invalidate; msck; compute stats; compute incremental stats; drop stats; drop incremental stats; uncache; clear cache; list;
  add jar; add jars; add file; add files; add archive; add archives; delete jar; delete file; delete archive; remove widget; remove jar;
  kill; exists; system; watch; undrop; reload; start slave; stop slave; start replica; stop replica; change master; change replication;
  xa; binlog; shutdown; restart; cache index; dbcc; backup; reconfigure; waitfor; revert; setuser; disable trigger; enable trigger;
  add signature; drop signature; open symmetric key; open master key; close symmetric key; close master key; update statistics;
  print; explain plan; pause routine load; resume routine load; stop routine load; cancel load; cancel export; cancel alter; admin; recover;
  sync; truncate history; audit; noaudit; associate statistics; disassociate statistics; flashback table; undo; begin conversation;
  reload function; desc query; unload module; load module; get diagnostics; signal; resignal; drop foreign key; reset query; clean;
  stop job; begin statement set; drop analyze; kill analyze; drop connection; remove; rm; ls`);

const BY_FIRST = new Map<string, readonly string[]>();
for (const phrase of PHRASES) {
  const first = phrase.split(' ', 1)[0] ?? '';
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), phrase]);
}

/** Transactions. `BEGIN INSERT …` is a block of code and not one of them. */
const TRANSACTION =
  /^(begin|start|end|commit|rollback|abort)( (work|transaction|tran|prepared|to|savepoint|and|no|chain|isolation|level|read|write|only|deferred|immediate|exclusive|serializable|repeatable|committed|uncommitted))*$/;
const TRANSACTION_START = /^(begin|start)\b/;

const WITH_BODY = /\b(as|is|begin|do)\b|\$\$/i;

/** True when a statement that begins with these words moves no data. */
export const beginsWithoutLineage = (words: string, text = words): boolean =>
  TRANSACTION.test(words) ||
  /^(rollback|commit|begin|save|start)( work| transaction| tran)?( to)?( savepoint)? \S+$/.test(words) ||
  (BY_FIRST.get(words.split(' ', 1)[0] ?? '') ?? []).some(
    (phrase) => words === phrase || words.startsWith(`${phrase} `),
  ) ||
  DEFINES.test(words) ||
  LEAVES_CODE.test(words) ||
  (ALTERS_CODE.test(words) && !WITH_BODY.test(text)) ||
  explains(words, text) ||
  PSQL.test(text);

/** psql's own commands, but for those that run a file or a query, or copy. */
const PSQL =
  /^\s*\\(?!(i|ir|include|include_relative|copy|g|gexec|gx|gset|o|w|!|watch|crosstabview|bind)\b|!)[a-zA-Z?]/;

const CHANGES = /\b(insert|update|delete|merge|create|replace|call|exec|execute|copy|do)\b/i;

/** EXPLAIN only says what would be done, but for ANALYZE, which does it; a query that is run changes nothing. */
const explains = (words: string, text: string): boolean =>
  /^(explain|profile)\b/.test(words) && !(/^explain( \w+)* analy[sz]e\b/.test(words) && CHANGES.test(text));

/** The parser takes `BEGIN INSERT …` for the start of a transaction, and EXPLAIN ANALYZE for a description of what it runs. */
export const runsMoreThanItSays = (words: string, text = words): boolean =>
  (TRANSACTION_START.test(words) && !TRANSACTION.test(words) && !beginsWithoutLineage(words, text)) ||
  (/^explain\b/.test(words) && !explains(words, text));

/** A function whose code is in a library: to define it runs nothing. */
export const definesLibraryFunction = (text: string): boolean =>
  /^\s*create\s+(or\s+replace\s+)?((global|temporary|temp|system|aggregate|analytic|alias|table)\s+)*function\s+(if\s+not\s+exists\s+)?[^\s(]+\s*(\([^)]*\)\s*(returns\s+\S+\s+)?(intermediate\s+\S+\s+)?)?(as\s+['"]|location\s+['"]|properties\s*\(|soname\b)/i.test(
    text,
  ) && !/\blanguage\s+(?!(c|internal|java|scala|python)\b)/i.test(text);

/** First words of statements that run code we cannot read here, though the parser may refuse them. */
export const RUNS_CODE =
  /^(do|call|exec|execute|prepare|declare|fetch|move|create (or replace )?(function|procedure|trigger|constraint trigger|event trigger|rule|aggregate|macro|temp macro|package|language))\b/;
