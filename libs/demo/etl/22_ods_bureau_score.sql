-- 征信评分 credit scores, from the bureau's files
TRUNCATE TABLE ods.bureau_score;
INSERT INTO ods.bureau_score (resident_id, score, model_version, scored_on, load_date)
SELECT resident_id, CAST(score AS integer), model_version, CAST(scored_on AS date), DATE '2026-06-30'
  FROM bureau.credit_score;
