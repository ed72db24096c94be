import { type Category } from '../categories.js';

/** How names and comments speak of a category. Terms stand between commas; the order says nothing. */
export interface CategoryTerms {
  /** Means the category wherever it stands. */
  readonly says?: string;
  /** May mean it: worth something only together with other evidence. */
  readonly hints?: string;
  /** Means it when it is the whole name. */
  readonly alone?: string;
  /** Means it when said of a person: a customer's name, not a product's. */
  readonly ofPerson?: string;
}

export interface WordTable {
  readonly categories: Partial<Record<Category, CategoryTerms>>;
  /** Who is spoken of. */
  readonly persons: string;
  /** What is spoken of when it is no person. */
  readonly things: string;
  /** What is kept for somebody: a table with its id says something of a person. */
  readonly contracts: string;
  /** Behind a term they make it something else: the type of a card, the time of a login. */
  readonly tails: string;
  /** Before a term they make it something else: whether, the average, the least. */
  readonly heads: string;
  /** Contain a term and mean nothing. */
  readonly neutral: string;
}

export const termsOf = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '');
