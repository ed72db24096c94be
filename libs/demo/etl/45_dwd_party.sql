-- 当事人: borrowers and guarantors in one list
TRUNCATE TABLE dwd.party;
INSERT INTO dwd.party (party_id, party_role, party_name, resident_id, mobile)
SELECT 'C' || customer_id, 'BORROWER', customer_name, resident_id, mobile
  FROM ods.customer
UNION ALL
SELECT 'G' || guarantor_id, 'GUARANTOR', guarantor_name, resident_id, mobile
  FROM ods.guarantor;
