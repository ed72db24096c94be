import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, InvalidInput, type Page, type PageRequest } from '#kernel';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { escapeLike, likePattern } from './like.js';

export const ASSET_KINDS = ['dataset', 'field'] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** How well a hit fits, best first. */
export const SEARCH_RANKS = ['exact_name', 'name_prefix', 'in_name', 'in_text', 'similar_name'] as const;
export type SearchRank = (typeof SEARCH_RANKS)[number];

export interface SearchHit {
  readonly assetId: string;
  readonly kind: AssetKind;
  readonly rank: SearchRank;
  /** Place in the order: the rank, and for similar names how unlike they are. */
  readonly place: number;
  readonly name: string;
}

const MOST_WORDS = 8;

/**
 * Finds datasets and fields by words in any language, over names, business names, comments, definitions and tags; a
 * word with dots or # is also looked for in qualified names. All words must be there; one alone also finds names like it.
 */
@Injectable()
export class Search {
  constructor(private readonly db: DataSource) {}

  /** @throws {InvalidInput} when there is nothing to search for. */
  async find(text: string, kinds: readonly AssetKind[], { first, after }: PageRequest): Promise<Page<SearchHit>> {
    const { sql, params } = matching(text, kinds);
    const beyond = after === undefined ? [] : decodeCursor('search', after);
    const [p1, p2, p3, p4] = [1, 2, 3, 4].map((at) => `$${params.length + at}`);
    const found = await rows<SearchHit & { total: number }>(
      this.db,
      `
      WITH hit AS MATERIALIZED (${sql}),
           page AS (
             SELECT *
               FROM hit
              ${after === undefined ? '' : `WHERE (place, char_length(name), name, "assetId") > (${p1}::float8, ${p2}::int, ${p3}::text, ${p4}::uuid)`}
              ORDER BY place, char_length(name), name, "assetId"
              LIMIT ${first + 1}
           )
      SELECT counted.total, page.*, (ARRAY['${SEARCH_RANKS.join(`', '`)}'])[floor(page.place)::int + 1] AS rank
        FROM (SELECT count(*)::int AS total FROM hit) AS counted
        LEFT JOIN page ON true
       ORDER BY page.place, char_length(page.name), page.name, page."assetId"
      `,
      [...params, ...beyond],
    );
    // A page without hits is one row that has only the total.
    const hits = found.filter(({ assetId }) => assetId !== null);
    return { items: hits.slice(0, first), hasNext: hits.length > first, total: found[0]?.total ?? 0 };
  }
}

/** The sort key of {@link Search.find}, as a cursor. */
export const searchCursor = ({ place, name, assetId }: SearchHit): string =>
  encodeCursor('search', [place, [...name].length, name, assetId]);

/** A statement that gives every hit with its place. */
function matching(text: string, kinds: readonly AssetKind[]): { sql: string; params: unknown[] } {
  const phrase = text.trim().replaceAll(/\s+/g, ' ');
  const words = phrase.split(' ').slice(0, MOST_WORDS);
  if (phrase === '' || phrase.length > 500 || /\u0000|\p{Surrogate}/u.test(phrase))
    throw new InvalidInput('Search for a text of 1 to 500 characters.', [], ['text']);
  const params: unknown[] = [phrase, `${escapeLike(phrase)}%`, likePattern(phrase)];
  const place = (value: unknown) => `$${params.push(value)}`;
  const having = words.map((word) => havingWord(word, place)).join(' AND ');
  const similar = words.length === 1 && LIKE_A_NAME.test(phrase) ? SIMILAR : 'false';
  const ofKind = kinds.length === 1 ? `(document.field_id IS ${kinds[0] === 'field' ? 'NOT ' : ''}NULL)` : 'true';
  const sql = `
    SELECT document.asset_id AS "assetId", CASE WHEN document.field_id IS NULL THEN 'dataset' ELSE 'field' END AS kind,
           document.name,
           CASE
             WHEN document.name = lower($1) OR document.business_name = lower($1) OR document.path = lower($1) THEN 0
             WHEN document.name LIKE lower($2) OR document.business_name LIKE lower($2) THEN 1
             WHEN document.name LIKE lower($3) OR document.business_name LIKE lower($3) THEN 2
             WHEN ${having} THEN 3
             ELSE 5 - greatest(similarity(document.name, lower($1)), 0.001)
           END::float8 AS place
      FROM dictionary.search_document AS document
      JOIN dictionary.dataset ON dataset.id = document.dataset_id
      JOIN sources.source ON source.id = dataset.source_id AND source.removed_at IS NULL
     WHERE ((${having}) OR ${similar})
       AND ${ofKind}
  `;
  return { sql, params };
}

function havingWord(word: string, place: (value: unknown) => string): string {
  const pattern = place(likePattern(word));
  const gram = CJK.test(word) ? `document.grams @> dictionary.cjk_grams(lower(${place(word)})) AND ` : '';
  const inBody = `(${gram}document.body LIKE lower(${pattern}))`;
  return /[.#]/.test(word) ? `(${inBody} OR document.path LIKE replace(lower(${pattern}), '#', '.'))` : inBody;
}

/** Shorter ones are like too many names; what has dots is a qualified name. */
const LIKE_A_NAME = /^[^.#]{4,}$/;

// The operator uses the index but its limit (0.3) belongs to the session.
const SIMILAR = '(document.name % lower($1) AND similarity(document.name, lower($1)) >= 0.45)';

/** As in dictionary.cjk_grams. */
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
