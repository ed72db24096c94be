-- Parameters that somebody else fills in.

-- # a parameter as a value
-- dialect: hive
insert into dwd.t (id, 日期) select id, ${bizdate} as d from ods.t where dt = ${bizdate} and hr in (${hours})

-- ods.t.id -> dwd.t.id
-- ods.t.dt ~> dwd.t filter
-- ods.t.hr ~> dwd.t filter
-- never: ods.t.bizdate ~> dwd.t filter

-- # part of a name
-- dialect: hive
insert into dm_${env}.f_${hiveconf:sfx} (a) select x from ods_${env}.`流水_${dt}`

-- ods_${env}.流水_${dt}.x -> dm_${env}.f_${hiveconf:sfx}.a

-- # a whole name
-- dialect: spark
select t.a from ${db}.${tbl} t

-- ${db}.${tbl}.a -> result.a

-- # a condition is not a value
-- dialect: hive
select a from t where ${cond}

-- t.a -> result.a
-- status: partial
-- reason: text-parameter

-- # columns are not a value
-- dialect: hive
select ${cols} from t

-- read: t
-- status: partial
-- reason: text-parameter

-- # a clause that nobody sees
-- dialect: mysql
select a from t ${where}

-- t.a -> result.a
-- status: partial
-- reason: text-parameter

-- # parameters of a mapper
-- dialect: mysql
update cust set name = #{name} where id = #{id}

-- cust.id ~> cust filter

-- # SQL*Plus
-- dialect: oracle
insert into &&schema..emp_&sfx (a) select x from &src where d = '&day' and n > &n

-- &src.X -> &&schema.EMP_&sfx.A
-- &src.D ~> &&schema.EMP_&sfx filter
-- &src.N ~> &&schema.EMP_&sfx filter

-- # binds
-- dialect: oracle
insert into emp (a, b) select x, :b from src where k = :k returning a into :r

-- SRC.X -> EMP.A
-- SRC.K ~> EMP filter

-- # a dbt model
{{ config(materialized='table') }} select o.id, c.name from {{ ref('orders') }} o join {{ source('crm', 'customers') }} c on o.cid = c.id

-- orders.id -> result.id
-- crm.customers.name -> result.name
-- orders.cid ~> result join
-- crm.customers.id ~> result join

-- # a template with a condition
select id from {{ ref('orders') }} {% if is_incremental() %} where day > 1 {% endif %}

-- orders.id -> result.id
-- orders.day ~> result filter
-- status: partial
-- reason: text-parameter

-- # placeholders of drivers
select a from t where b = %(b)s and c = ? and d = %s

-- t.a -> result.a
-- t.b ~> result filter
-- t.c ~> result filter
-- t.d ~> result filter

-- # times of a scheduler
-- dialect: hive
select a from t where dt = '$[yyyyMMdd-1]' and hr = $[HH]

-- t.a -> result.a
-- t.dt ~> result filter
-- t.hr ~> result filter

-- # in strings, quotes and comments nothing is replaced
-- dialect: hive
select '${a}' as a, `${b}` from t -- ${c}

-- t.${b} -> result.${b}

-- # LIMIT
-- dialect: spark
select a from t limit ${n}

-- t.a -> result.a

-- # variables of psql
select a from t where b = :'b' and c = :c

-- t.a -> result.a
-- t.b ~> result filter
-- t.c ~> result filter

-- # bounds of BETWEEN are values
-- dialect: mysql
select a from t where datediff(now(), b) between ${fromDay} and ${toDay} and c between ${x} and ${y} group by a

-- t.a -> result.a
-- t.b ~> result filter
-- t.c ~> result filter
-- t.a ~> result group_by

-- # a macro may be made of columns
select id, {{ cents_to_yuan('amount') }} as amount, {{ var('rate') }} as rate from {{ ref('stg_loans') }} where day = '{{ ds }}'

-- stg_loans.id -> result.id
-- stg_loans.day ~> result filter
-- status: partial
-- reason: text-parameter
