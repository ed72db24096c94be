-- Whoever holds the edges in memory learns here what has changed since: the statements of transactions that his snapshot
-- does not see. A row without ids says "anything": he reads all edges again. Rows older than a day go.
CREATE TABLE lineage.edge_change (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  added uuid[],
  closed uuid[]
);
CREATE INDEX edge_change_xid ON lineage.edge_change (xid);
CREATE INDEX edge_change_at ON lineage.edge_change (at);

CREATE FUNCTION lineage.forget_old_edge_changes() RETURNS void LANGUAGE sql AS $$
  DELETE FROM lineage.edge_change
   WHERE ctid IN (SELECT ctid FROM lineage.edge_change
                   WHERE at < clock_timestamp() - interval '1 day'
                   ORDER BY at LIMIT 100
                     FOR UPDATE SKIP LOCKED);
$$;

-- Edges that are filled by nothing (kind 6) join nothing.
CREATE FUNCTION lineage.edges_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[] := (SELECT array_agg(id) FROM added WHERE src IS NOT NULL);
BEGIN
  IF cardinality(ids) > 50000 THEN
    INSERT INTO lineage.edge_change DEFAULT VALUES;
  ELSIF ids IS NOT NULL THEN
    INSERT INTO lineage.edge_change (added) VALUES (ids);
  ELSE
    RETURN NULL;
  END IF;
  PERFORM lineage.forget_old_edge_changes();
  RETURN NULL;
END
$$;

-- An edge is only ever closed; any other change is not told edge by edge.
CREATE FUNCTION lineage.edges_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
  else_changed boolean;
BEGIN
  SELECT array_agg(after.id) FILTER (WHERE after.src IS NOT NULL),
         coalesce(bool_or(before.recorded_to <> 'infinity'
                          OR (before.src, before.dst, before.kind, before.script_id, before.valid_from, before.valid_to, before.recorded_from)
                             IS DISTINCT FROM
                             (after.src, after.dst, after.kind, after.script_id, after.valid_from, after.valid_to, after.recorded_from)),
                  false)
    INTO ids, else_changed
    FROM before JOIN after USING (id);
  IF else_changed OR cardinality(ids) > 50000 THEN
    INSERT INTO lineage.edge_change DEFAULT VALUES;
  ELSIF ids IS NOT NULL THEN
    INSERT INTO lineage.edge_change (closed) VALUES (ids);
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION lineage.edges_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lineage.edge_change DEFAULT VALUES;
  RETURN NULL;
END
$$;

CREATE TRIGGER edges_added AFTER INSERT ON lineage.edge
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lineage.edges_added();
CREATE TRIGGER edges_closed AFTER UPDATE ON lineage.edge
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION lineage.edges_closed();
CREATE TRIGGER edges_removed AFTER DELETE ON lineage.edge FOR EACH STATEMENT EXECUTE FUNCTION lineage.edges_removed();
CREATE TRIGGER edges_truncated AFTER TRUNCATE ON lineage.edge FOR EACH STATEMENT EXECUTE FUNCTION lineage.edges_removed();

-- An answer tells how much was not understood at the sources in it.
CREATE INDEX statement_not_understood ON lineage.statement (script_id)
  WHERE status IN ('partial', 'opaque', 'failed') AND recorded_to = 'infinity' AND valid_to = 'infinity';

-- Who said so, of a manual edge.
ALTER TABLE lineage.edge ADD author text;

-- What is known by name only is found by it.
CREATE INDEX node_known_by_name ON lineage.node (md5(dataset_name)) WHERE namespace IS NOT NULL;
