/**
 * Statements that move no data between columns. A statement that is neither here nor in the list of statements is `opaque`.
 * The first list has the parser's nodes, the second the first words of what the parser does not take apart.
 */
export const NODES_WITHOUT_LINEAGE: ReadonlySet<string> = new Set(
  `set_statement set transaction commit rollback grant revoke comment use pragma describe show kill
   create_index drop_index alter_index create_schema drop_schema create_database drop_database drop_namespace
   create_sequence alter_sequence drop_sequence create_type drop_type drop_function drop_procedure drop_trigger
   attach detach install analyze alter_session summarize locking_statement refresh`
    .trim()
    .split(/\s+/),
);

const PHRASES = `
  set; reset; show; update statistics; savepoint; release; lock; discard; checkpoint;
  vacuum; analyze; analyse; reindex; cluster; listen; unlisten; notify; load; deallocate; close; security label; reassign owned; drop owned;
  comment on; grant; revoke; pragma; attach; detach; install; force install; use; describe; summarize; explain select;
  alter role; alter user; alter group; alter database; alter schema; alter system; alter default privileges; alter sequence;
  alter index; alter type; alter domain; alter extension; alter function; alter procedure; alter policy; alter tablespace;
  alter server; alter foreign; alter publication; alter subscription; alter text search; alter collation; alter conversion;
  alter event trigger; alter large object; alter operator; alter aggregate; alter language; alter statistics; alter trigger; alter routine;
  create role; create user; create group; create database; create schema; create extension; create sequence; create index;
  create unique index; create type; create domain; create policy; create tablespace; create server; create foreign data wrapper;
  create publication; create subscription; create text search; create collation; create conversion; create operator; create cast;
  create statistics; create access method; create transform; create secret; create or replace secret; create persistent secret;
  drop role; drop user; drop group; drop database; drop schema; drop extension; drop sequence; drop index; drop type; drop domain;
  drop policy; drop tablespace; drop server; drop foreign data wrapper; drop publication; drop subscription; drop text search;
  drop collation; drop conversion; drop operator; drop cast; drop statistics; drop function; drop procedure; drop routine; drop aggregate;
  drop trigger; drop event trigger; drop rule; drop language; drop transform; drop access method; drop user mapping; create user mapping;
  drop macro; drop secret; refresh materialized view`
  .split(';')
  .map((phrase) => phrase.trim().replace(/\s+/g, ' '));

/** Transactions. `BEGIN INSERT …` is a block of code and not one of them. */
const TRANSACTION =
  /^(begin|start|end|commit|rollback|abort)( (work|transaction|tran|prepared|to|savepoint|and|no|chain|isolation|level|read|write|only|deferred|immediate|exclusive|serializable|repeatable|committed|uncommitted))*$/;
const TRANSACTION_START = /^(begin|start)\b/;

/** True when a statement that begins with these words moves no data. */
export const beginsWithoutLineage = (words: string): boolean =>
  TRANSACTION.test(words) ||
  /^rollback( work| transaction)? to( savepoint)? \S+$/.test(words) ||
  PHRASES.some((phrase) => words === phrase || words.startsWith(`${phrase} `));

/** The parser takes `BEGIN INSERT …` for the start of a transaction, and EXPLAIN ANALYZE for a description of what it runs. */
export const runsMoreThanItSays = (words: string): boolean =>
  (TRANSACTION_START.test(words) && !TRANSACTION.test(words)) ||
  /^explain( analy[sz]e| verbose)* (analy[sz]e )?(insert|update|delete|merge|create|with)\b/.test(words);

/** First words of statements that run code we cannot read here, though the parser may refuse them. */
export const RUNS_CODE =
  /^(do|call|exec|execute|prepare|declare|fetch|move|create (or replace )?(function|procedure|trigger|constraint trigger|event trigger|rule|aggregate|macro|temp macro|package|language))\b/;
