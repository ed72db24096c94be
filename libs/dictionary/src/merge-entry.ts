import { type InputFault } from '#kernel';

import { SECURITY_LEVELS, type SecurityLevel } from './entry.entity.js';

/** What an entry says. */
export interface EntryContent {
  readonly businessName: string;
  readonly definition: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly securityLevel: SecurityLevel | null;
}

/** What somebody wants an entry to say. What is not given stays; null takes it away. */
export type EntryChange = { readonly [K in keyof EntryContent]?: EntryContent[K] | null };

export const NOTHING_SAID: EntryContent = {
  businessName: '',
  definition: '',
  owner: '',
  tags: [],
  securityLevel: null,
};

/** What an old asset's entry has to give to a new one's: whatever that does not say itself. */
export const carriedOver = (old: EntryContent, own: EntryContent = NOTHING_SAID): EntryContent => ({
  businessName: own.businessName || old.businessName,
  definition: own.definition || old.definition,
  owner: own.owner || old.owner,
  tags: [...own.tags, ...old.tags],
  securityLevel: own.securityLevel ?? old.securityLevel,
});

const LONGEST = { businessName: 200, definition: 20_000, owner: 200, tag: 100 } as const;
const MOST_TAGS = 50;

/** PostgreSQL's text holds neither. */
const UNHOLDABLE = /\u0000|\p{Surrogate}/u;

/** An entry after a change, texts trimmed and tags each once. */
export function mergeEntry(before: EntryContent, change: EntryChange): EntryContent {
  const text = (name: 'businessName' | 'definition' | 'owner') =>
    change[name] === undefined ? before[name] : (change[name] ?? '').trim();
  const tags = (change.tags ?? []).map((tag) => tag.trim()).filter((tag) => tag !== '');
  return {
    businessName: text('businessName'),
    definition: text('definition'),
    owner: text('owner'),
    tags: change.tags === undefined ? before.tags : [...new Set(tags)],
    securityLevel: change.securityLevel === undefined ? before.securityLevel : change.securityLevel,
  };
}

/** What is wrong with an entry. */
export function entryFaults({ tags, securityLevel, ...texts }: EntryContent): InputFault[] {
  const faults: InputFault[] = [];
  const check = (path: string[], what: string, text: string, longest: number) => {
    if (text.length > longest)
      faults.push({ path, message: `${what} has ${text.length} characters; at most ${longest} are kept.` });
    if (UNHOLDABLE.test(text))
      faults.push({ path, message: `${what} has a character that cannot be kept (NUL or half a surrogate pair).` });
  };
  check(['businessName'], 'The business name', texts.businessName, LONGEST.businessName);
  check(['definition'], 'The definition', texts.definition, LONGEST.definition);
  check(['owner'], 'The owner', texts.owner, LONGEST.owner);
  tags.forEach((tag, at) => check(['tags', String(at)], `The tag ${JSON.stringify(tag)}`, tag, LONGEST.tag));
  if (tags.length > MOST_TAGS)
    faults.push({ path: ['tags'], message: `There are ${tags.length} tags; at most ${MOST_TAGS} are kept.` });
  if (securityLevel !== null && !SECURITY_LEVELS.includes(securityLevel))
    faults.push({ path: ['securityLevel'], message: `A security level is one of ${SECURITY_LEVELS.join(', ')}.` });
  return faults;
}

/** The properties of an entry that a change alters, before and after. */
export function entryDifference(
  before: EntryContent,
  after: EntryContent,
): { before: Partial<EntryContent>; after: Partial<EntryContent> } | undefined {
  const names = (Object.keys(NOTHING_SAID) as (keyof EntryContent)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return undefined;
  const pick = (content: EntryContent) => Object.fromEntries(names.map((name) => [name, content[name]]));
  return { before: pick(before), after: pick(after) };
}
