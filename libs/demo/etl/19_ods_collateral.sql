-- 押品 collateral
TRUNCATE TABLE ods.collateral;
INSERT INTO ods.collateral (collateral_id, contract_id, collateral_type, appraised_value, load_date)
SELECT collateral_id, contract_id, collateral_type, appraised_value, DATE '2026-06-30'
  FROM core_src.collateral;
