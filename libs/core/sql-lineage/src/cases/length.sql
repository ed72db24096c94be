-- Longer and deeper than the parser goes. The really long ones are in script.spec.ts.

-- # twenty derived tables, one in the other
insert into b (y) select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select x + 1 as a from 借据) t1) t2) t3) t4) t5) t6) t7) t8) t9) t10) t11) t12) t13) t14) t15) t16) t17) t18) t19

-- 借据.x -> b.y transformation

-- # twenty of them beside a WITH clause that they use
with c as (select k as a from u) select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from (select a from c) t1) t2) t3) t4) t5) t6) t7) t8) t9) t10) t11) t12) t13) t14) t15) t16) t17) t18) t19

-- u.k -> result.a

-- # brackets around brackets
select ((((((((((((((((((((a + b)))))))))))))))))))) as s from t

-- t.a -> result.s transformation
-- t.b -> result.s transformation
