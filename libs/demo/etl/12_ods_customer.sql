-- 客户 customers
TRUNCATE TABLE ods.customer;
INSERT INTO ods.customer (customer_id, customer_no, resident_id, customer_name, gender_code, birth_date, mobile, region_code,
                          address, monthly_income, risk_grade, branch_id, created_at, load_date)
SELECT c.customer_id,
       c.customer_no,
       upper(trim(c.resident_id)),
       trim(c.customer_name),
       c.gender_code,
       c.birth_date,
       c.mobile,
       c.region_code,
       c.address,
       c.monthly_income,
       c.risk_grade,
       c.branch_id,
       c.created_at,
       DATE '2026-06-30'
  FROM core_src.customer AS c;
