-- What a source itself keeps true of every row, beside its keys: the connector kit's HarvestedConstraint.
ALTER TABLE dictionary.schema_version ADD COLUMN constraints jsonb NOT NULL DEFAULT '[]';
