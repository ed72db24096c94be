-- Which process wrote last: it knows what stands in the tables, all others have to look. Whoever writes locks the row.
CREATE TABLE open_lineage.writer (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  process uuid
);
INSERT INTO open_lineage.writer DEFAULT VALUES;

-- Events are packed by what takes least time; a server may have been built without it.
DO $$
BEGIN
  ALTER TABLE open_lineage.event ALTER body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  RAISE NOTICE 'This server has no lz4; events are packed as usual.';
END
$$;
