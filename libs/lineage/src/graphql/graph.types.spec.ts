import { toCodeType } from './graph.types.js';

describe('the beginning of a block of code', () => {
  it.each([
    ['CREATE PROCEDURE dwd.load_loan(p int) LANGUAGE sql', 'CREATE PROCEDURE dwd.load_loan'],
    ['create or replace  procedure 装载 is\nbegin null; end;', 'create or replace procedure 装载'],
    ['create procedure dbo.p\nas\nbegin', 'create procedure dbo.p'],
    ['create package body risk_pkg as\n', 'create package body risk_pkg'],
    ['create function f returns trigger', 'create function f'],
    ['DO $$ BEGIN NULL; END $$', 'DO $$'],
    ['begin\n insert into b select 1;', 'begin'],
    ['', ''],
  ])('%j', (text, head) => {
    const script = `-- 前\n${text}`;
    const code = { line: 2, start: 5, end: script.length };
    expect(toCodeType(code, script)).toEqual({ ...code, head });
  });
});
