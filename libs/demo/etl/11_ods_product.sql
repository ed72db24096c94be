-- 产品 products
TRUNCATE TABLE ods.product;
INSERT INTO ods.product (product_code, product_name, product_type, rate_min, rate_max, load_date)
SELECT p.product_code, p.product_name, p.product_type, p.rate_min, p.rate_max, DATE '2026-06-30'
  FROM core_src.product AS p;
