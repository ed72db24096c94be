-- 账户 accounts
TRUNCATE TABLE ods.account;
INSERT INTO ods.account (account_id, customer_id, card_no, account_type, currency, balance, load_date)
SELECT account_id, customer_id, card_no, account_type, currency, balance, DATE '2026-06-30'
  FROM core_src.account;
