import { type Category } from './categories.js';
import { readComment, readName, type Reading, type Subject } from './reading.js';

export interface DatasetFacts {
  readonly name: string;
  readonly comment?: string | null;
  /** All its columns: what stands beside a column says whom it speaks of. */
  readonly fields: readonly { readonly name: string; readonly comment?: string | null }[];
}

/** Whom a dataset speaks of. */
export interface DatasetContext {
  readonly subject: Subject | undefined;
  /** Its columns name somebody: an identity number, a birthday. */
  readonly namesPersons: boolean;
  /** Its rows belong to somebody: a customer's or an account's number stands in them. */
  readonly belongsToSomebody: boolean;
  /** What the dataset as a whole is said to hold: credit scores. */
  readonly holds: ReadonlySet<Category>;
  /** The dataset's name. */
  readonly name: string;
}

/** Columns that only a table about people has. */
const OF_PEOPLE: ReadonlySet<Category> = new Set([
  'resident_id',
  'birthday',
  'gender',
  'marital_status',
  'passport',
  'age',
  'mobile',
  'email',
  'id_document',
  'occupation',
]);

/** Reads a dataset once for all its columns. */
export function contextOf({ name, comment, fields }: DatasetFacts): DatasetContext {
  const readings = fields.map((field) => [readName(field.name), readComment(field.comment)] as const);
  const own = [readName(name), readComment(comment)];
  const people = new Set(
    readings.flatMap(([named, commented]) =>
      [...named.mentions, ...commented.mentions]
        .filter(({ category, strength }) => strength === 'says' && OF_PEOPLE.has(category))
        .map(({ category }) => category),
    ),
  );
  const namesPersons =
    people.size >= 2 || readings.some(([named]) => says(named, 'first name', 'surname', 'last name'));
  const keyed = readings.some(([named, commented]) => named.isKey || commented.isKey);
  const subject = own[0]?.subject ?? own[1]?.subject;
  const holds = new Set(
    own.flatMap(({ mentions }) =>
      mentions.filter(({ strength }) => strength === 'says').map(({ category }) => category),
    ),
  );
  return {
    name,
    holds,
    subject,
    namesPersons,
    belongsToSomebody:
      namesPersons ||
      people.size > 0 ||
      keyed ||
      subject?.kind === 'person' ||
      own.some(({ ofContract }) => ofContract) ||
      holds.size > 0,
  };
}

const says = ({ mentions }: Reading, ...terms: readonly string[]) => mentions.some(({ term }) => terms.includes(term));
