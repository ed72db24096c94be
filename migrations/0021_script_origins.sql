-- More that lineage is read from: stored routines, a server's log of queries, files of pipeline tools.
ALTER TABLE lineage.script
  DROP CONSTRAINT script_origin_check,
  DROP CONSTRAINT script_of_a_source,
  ADD CONSTRAINT script_origin_check
    CHECK (origin IN ('view', 'foreign_table', 'routine', 'query_log', 'import', 'pipeline', 'manual', 'declared', 'observed')),
  ADD CONSTRAINT script_of_a_source CHECK ((source_id IS NULL) = (origin IN ('pipeline', 'declared', 'observed')));
CREATE UNIQUE INDEX one_pipeline_per_name ON lineage.script (name) WHERE origin = 'pipeline';
