-- 产品维度
DELETE FROM dwd.product;
INSERT INTO dwd.product (product_code, product_name, product_type, mid_rate)
SELECT product_code, product_name, product_type, (rate_min + rate_max) / 2
  FROM ods.product;
