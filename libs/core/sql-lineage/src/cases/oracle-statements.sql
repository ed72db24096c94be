-- Statements of Oracle.

-- # a global temporary table lasts
create global temporary table dw.today on commit preserve rows as select id, amt from dw.sales where d = trunc(sysdate)

-- DW.SALES.ID -> DW.TODAY.ID
-- DW.SALES.AMT -> DW.TODAY.AMT
-- DW.SALES.D ~> DW.TODAY filter

-- # LOG ERRORS
insert into dw.t (a, b) select x, y from dw.s log errors into dw.err ('load') reject limit unlimited

-- DW.S.X -> DW.T.A
-- DW.S.Y -> DW.T.B
-- never: DW.S.X -> DW.ERR.X

-- # a view with FORCE and READ ONLY
create or replace force editionable view dw.v (a) as select x from dw.s with read only

-- DW.S.X -> DW.V.A

-- # sets of sets
select id, tags multiset union distinct more as all_tags from dw.s

-- DW.S.ID -> result.ID
-- DW.S.TAGS -> result.ALL_TAGS transformation
-- DW.S.MORE -> result.ALL_TAGS transformation

-- # house keeping
create bitmap index i on t (a); create public database link l connect to u identified by p using 'x'; drop public synonym s; alter session set nls_date_format = 'YYYY'; audit select on t; grant select on t to u; comment on table t is '客户'; alter package p compile; drop package p; create directory d as '/x'; explain plan for select 1 from t

-- nothing

-- # a table as it was
insert into dw.diff (id, 余额, was) select n.id, n.bal, o.bal from dw.acct n join dw.acct as of timestamp systimestamp - interval '1' day o on o.id = n.id where n.id in (select id from dw.log as of scn 12345)

-- DW.ACCT.ID -> DW.DIFF.ID
-- DW.ACCT.BAL -> DW.DIFF.余额
-- DW.ACCT.BAL -> DW.DIFF.WAS
-- DW.ACCT.ID ~> DW.DIFF join
-- DW.ACCT.ID ~> DW.DIFF filter
-- DW.LOG.ID ~> DW.DIFF filter

-- # versions of a row
select id, versions_operation from dw.acct versions between timestamp sysdate - 1 and sysdate where id = 7

-- DW.ACCT.ID -> result.ID
-- DW.ACCT.VERSIONS_OPERATION -> result.VERSIONS_OPERATION
-- DW.ACCT.ID ~> result filter

-- # a MODEL clause is told
select branch, month, amt from dw.sales model partition by (branch) dimension by (month) measures (amt) rules (amt[13] = amt[12] * 2) order by branch

-- DW.SALES.BRANCH -> result.BRANCH
-- DW.SALES.MONTH -> result.MONTH
-- DW.SALES.AMT -> result.AMT
-- DW.SALES.BRANCH ~> result sort
-- status: partial
-- reason: unknown-clause
