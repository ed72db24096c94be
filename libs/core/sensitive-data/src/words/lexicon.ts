import { CATEGORIES, type Category } from '../categories.js';
import { termsOf, type WordTable } from './table.js';

export type Strength = 'says' | 'hints' | 'alone' | 'ofPerson';

/** What a term stands for; it can be several things at once (`account` is a hint and a contract). */
export interface Entry {
  readonly term: string;
  readonly meanings: readonly { readonly category: Category; readonly strength: Strength }[];
  readonly person: boolean;
  readonly thing: boolean;
  readonly contract: boolean;
  readonly tail: boolean;
  readonly head: boolean;
}

type Role = Exclude<keyof Entry, 'term' | 'meanings'>;

/** The terms of some tables, found by how they are spelled without blanks. */
export class Lexicon {
  private readonly entries = new Map<string, Entry>();
  /** Words that a glued name may be made of. */
  private readonly parts = new Set<string>();
  longest = 0;

  constructor(
    tables: readonly { readonly table: WordTable; readonly leastPart: number }[],
    spellingsOf: (term: string) => readonly string[],
  ) {
    for (const { table, leastPart } of tables) {
      const learn = (list: string | undefined, change: (entry: Entry) => Entry) => {
        for (const term of termsOf(list))
          for (const spelling of spellingsOf(term)) {
            this.entries.set(spelling, change(this.entries.get(spelling) ?? emptyEntry(term)));
            this.longest = Math.max(this.longest, spelling.length);
          }
        for (const word of termsOf(list).flatMap((term) => term.split(/\s+/)))
          if (word.length >= leastPart) this.parts.add(word);
      };
      const mean = (category: Category, strength: Strength) => (entry: Entry) => ({
        ...entry,
        meanings: [...entry.meanings.filter((each) => each.category !== category), { category, strength }],
      });
      for (const category of CATEGORIES) {
        // Later ones win: what says something does not only hint at it.
        for (const strength of ['hints', 'alone', 'ofPerson', 'says'] as const)
          learn(table.categories[category]?.[strength], mean(category, strength));
      }
      const role = (name: Role) => (entry: Entry) => ({ ...entry, [name]: true });
      learn(table.persons, role('person'));
      learn(table.things, role('thing'));
      learn(table.contracts, role('contract'));
      learn(table.tails, role('tail'));
      learn(table.heads, role('head'));
      learn(table.neutral, (entry) => entry);
    }
  }

  at(spelling: string): Entry | undefined {
    return this.entries.get(spelling);
  }

  isPart(word: string): boolean {
    return this.parts.has(word);
  }
}

const emptyEntry = (term: string): Entry => ({
  term,
  meanings: [],
  person: false,
  thing: false,
  contract: false,
  tail: false,
  head: false,
});
