-- 机构维度: each branch with its head and level
DELETE FROM dwd.branch;
INSERT INTO dwd.branch (branch_id, branch_name, region_code, head_branch_id, branch_level)
WITH RECURSIVE tree AS (
  SELECT branch_id, branch_name, region_code, branch_id AS head_branch_id, 1 AS branch_level
    FROM ods.branch
   WHERE parent_id IS NULL
  UNION ALL
  SELECT child.branch_id, child.branch_name, child.region_code, tree.head_branch_id, tree.branch_level + 1
    FROM ods.branch AS child
    JOIN tree ON tree.branch_id = child.parent_id
)
SELECT branch_id, branch_name, region_code, head_branch_id, branch_level
  FROM tree;
