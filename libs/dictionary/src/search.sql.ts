/** Writes the search rows of some assets anew, after what is said of them changed. $1 ids of datasets and fields. */
export const REFRESH_SEARCH = `
  INSERT INTO dictionary.search_document AS document (asset_id, dataset_id, field_id, name, business_name, path, body)
  SELECT *
    FROM dictionary.search_source
   WHERE dataset_id IN (SELECT unnest($1::uuid[]) UNION SELECT dataset_id FROM dictionary.field WHERE id = ANY($1))
     AND asset_id = ANY($1)
  ON CONFLICT (asset_id) DO UPDATE
    SET business_name = excluded.business_name, body = excluded.body
`;

/** Takes datasets with their fields out of the search. $1 their ids. */
export const FORGET_IN_SEARCH = `DELETE FROM dictionary.search_document WHERE dataset_id = ANY($1)`;

/** Brings datasets that there are now into the search, with their fields. $1 their ids. */
export const BRING_INTO_SEARCH = `
  INSERT INTO dictionary.search_document (asset_id, dataset_id, field_id, name, business_name, path, body)
  SELECT *
    FROM dictionary.search_source
   WHERE dataset_id = ANY($1)
  ON CONFLICT (asset_id) DO UPDATE
    SET name = excluded.name, business_name = excluded.business_name, path = excluded.path, body = excluded.body
`;
