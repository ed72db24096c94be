import { type Category } from './categories.js';
import { type Entry, type Strength } from './words/lexicon.js';
import { piecesOfHan } from './words/han.js';
import { type Piece, piecesOf, termAcross, wordsOf } from './words/latin.js';

/** Somebody or something that is spoken of, with the word of our tables that says so. */
export interface Subject {
  readonly kind: 'person' | 'thing';
  readonly term: string;
}

/** One category that a name or a comment speaks of. */
export interface Mention {
  readonly category: Category;
  readonly strength: Strength;
  /** The word of our tables; never the text itself. */
  readonly term: string;
}

/** What a name or a comment says. */
export interface Reading {
  readonly mentions: readonly Mention[];
  readonly subject: Subject | undefined;
  /** It numbers a person, or what is kept for one: customer_id, 合同编号. */
  readonly isKey: boolean;
  /** It ends in the word for an internal key: a number that says nothing by itself. */
  readonly isInternal: boolean;
  /** It speaks of something kept for somebody: an account, a loan. */
  readonly ofContract: boolean;
}

const NOTHING: Reading = { mentions: [], subject: undefined, isKey: false, isInternal: false, ofContract: false };
const HAN = /\p{Script=Han}/u;

/** What a column's name says together with its dataset's, and not by itself: `number` of `credit_cards`. */
export function readAcross(dataset: string, name: string): readonly Mention[] {
  if (HAN.test(dataset + name)) return [];
  const entry = termAcross(wordsOf(dataset), wordsOf(name));
  return (entry?.meanings ?? [])
    .filter(({ strength }) => strength === 'says')
    .map(({ category }) => ({ category, strength: 'alone', term: entry!.term }));
}

/** Reads the name of a column or a dataset. */
export function readName(name: string): Reading {
  if (!HAN.test(name)) return interpret(piecesOf(wordsOf(name)));
  return interpret(piecesOfHan(plainHan(name)));
}

const plainHan = (text: string) =>
  text
    .slice(0, 300)
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '');

const LONGEST_COMMENT = 300;
/** What follows says what is meant of whom: "name of the customer". */
const OF = /^(?:of|for|from|that|which|where|in|used|to|by|as|with|when|who|whose|the)$/;

/**
 * Reads a comment: its first clause in each script says what the column is; what stands in brackets or behind commas
 * only hints.
 */
export function readComment(comment: string | null | undefined): Reading {
  if (!comment) return NOTHING;
  const text = comment.slice(0, LONGEST_COMMENT).normalize('NFKC');
  const outside = text.replace(/[([{【<][^)\]}】>]*[)\]}】>]?/gu, ' ');
  const [first = '', ...later] = outside.split(/[,，。;；:：\n\r\t、|!?=]+/u);
  const main = readingsOf(first);
  const side = later.slice(0, 5).flatMap(readingsOf);
  const known = new Set(main.flatMap(({ mentions }) => mentions.map(({ category }) => category)));
  const hints = side
    .flatMap(({ mentions }) => mentions)
    .filter(({ category, strength }) => strength !== 'ofPerson' && !known.has(category))
    .map((mention): Mention => ({ ...mention, strength: 'hints' }));
  return {
    mentions: [...main.flatMap(({ mentions }) => mentions), ...hints],
    subject: main.find(({ subject }) => subject)?.subject,
    isKey: main.some(({ isKey }) => isKey),
    isInternal: false,
    ofContract: main.some(({ ofContract }) => ofContract),
  };
}

/** A clause in Chinese and its translation stand beside each other: each is read for itself. */
function readingsOf(clause: string): Reading[] {
  const words = clause.split(/\s+/u).filter((word) => word !== '');
  const han = words.filter((word) => HAN.test(word)).map(plainHan);
  const latin = words.filter((word) => !HAN.test(word)).flatMap(wordsOf);
  return [
    ...(han.length > 0 ? [interpret(piecesOfHan(han.join('')), true)] : []),
    ...(latin.length > 0 ? [readPhrase(latin)] : []),
  ];
}

function readPhrase(words: readonly string[]): Reading {
  const pieces = piecesOf(words);
  const cut = pieces.findIndex(({ text, entry }) => entry === undefined && OF.test(text));
  const head = interpret(cut < 0 ? pieces : pieces.slice(0, cut), true);
  if (cut < 0 || head.subject || !/^(?:of|for)$/.test(pieces[cut]!.text)) return head;
  return { ...head, subject: lastSubject(pieces.slice(cut)) };
}

/** Tails that leave some categories what they are. */
const CODED = new Set<Category>(['gender', 'marital_status', 'nationality', 'ethnicity', 'religion', 'occupation']);
const AMOUNTS = new Set<Category>(['balance', 'income']);
const keeps = (category: Category, tail: string): boolean =>
  (CODED.has(category) && /^(?:code|cd|id|cv|enum|type|dm|代码|编码|ID|name|nm|名称)$/i.test(tail)) ||
  (AMOUNTS.has(category) && /^(?:amount|amt)$/.test(tail)) ||
  (category === 'password' && /^(?:hash|hashed|md5|sha|sha1|sha256|digest|哈希|摘要|value)$/i.test(tail)) ||
  (category === 'device_id' && /^(?:md5)$/i.test(tail));

/** What may follow a Chinese term without changing what it means. */
const HAN_ENDS = /^(?:号|码|号码|编?号?信息|值|字段|明文|密文|加密|[0-9a-z]+|[一二三]|元|万元|\d?第?[一二三]?)$/u;

function interpret(pieces: readonly Piece[], isText = false): Reading {
  const head = pieces.findLastIndex(({ entry }) => entry && entry.meanings.length > 0);
  // `gender_code` is not said of a code.
  const subject = lastSubject(pieces.filter(({ entry }, at) => head < 0 || at <= head || !entry?.tail));
  const none: Reading = {
    mentions: [],
    subject,
    isKey: isKey(pieces),
    isInternal: /^(?:id|ids|uuid|guid|key)$/.test(pieces.at(-1)?.text ?? ''),
    ofContract: pieces.some(({ entry }) => entry?.contract),
  };
  const hits = pieces.flatMap(({ entry }, at) => (entry && entry.meanings.length > 0 ? [at] : []));
  if (isNameOfOther(pieces, hits)) hits.pop();
  if (hits.length === 0) return none;
  // "is", "average", "count" before it: no value of anybody.
  const firstHit = hits[0]!;
  if (pieces.slice(0, firstHit).some(({ entry }) => entry?.head)) return none;
  const last = hits.at(-1)!;
  const mentions = hits.flatMap((at) => {
    const entry = pieces[at]!.entry!;
    const behind = pieces.slice(at + 1);
    const isHead = at === last && !(isText && behind.some(({ text }) => HAN.test(text) && !HAN_ENDS.test(text)));
    return entry.meanings.flatMap(({ category, strength }): Mention[] => {
      if (!behind.every((piece) => leaves(category, piece))) return [];
      if (strength === 'alone' && pieces.length > 1)
        return at === last ? [{ category, strength: 'hints', term: entry.term }] : [];
      if (strength === 'ofPerson' && isOfUnknown(pieces, at)) return [];
      if (strength === 'ofPerson')
        return at === last && subject?.kind !== 'thing' ? [{ category, strength, term: entry.term }] : [];
      // What stands before the head only says more about it: the mobile of the card's holder.
      if (!isHead) return strength === 'says' ? [{ category, strength: 'hints', term: entry.term }] : [];
      return [{ category, strength, term: entry.term }];
    });
  });
  return { ...none, mentions };
}

/** `route_name`: of what it is a name is no word of ours, but it is said. */
function isOfUnknown(pieces: readonly Piece[], at: number): boolean {
  const before = pieces[at - 1];
  return before !== undefined && before.entry === undefined && before.text.length > 1 && !/^\d+$/.test(before.text);
}

/** `gender_name` is the gender in words, no person's name. */
function isNameOfOther(pieces: readonly Piece[], hits: readonly number[]): boolean {
  const last = pieces[hits.at(-1) ?? -1]?.entry;
  const before = pieces[(hits.at(-1) ?? 0) - 1]?.entry;
  if (!last || !before || before.person) return false;
  return (
    last.meanings.every(({ strength }) => strength === 'ofPerson') &&
    before.meanings.some(({ strength }) => strength === 'says')
  );
}

/** Whether a piece behind a term leaves the term its meaning: a card's type is no card. */
function leaves(category: Category, { text, entry }: Piece): boolean {
  if (!entry) return true;
  return entry.tail || (entry.thing && entry.meanings.length === 0) ? keeps(category, text) : true;
}

function lastSubject(pieces: readonly Piece[]): Subject | undefined {
  const entry = pieces
    .map(({ entry: each }) => each)
    .findLast((each): each is Entry => !!each && (each.person || each.thing));
  return entry && { kind: entry.person ? 'person' : 'thing', term: entry.term };
}

const KEY_END = /^(?:id|ids|no|number|num|nbr|code|key|bh|编号|号|号码|代码|id号)$/;

function isKey(pieces: readonly Piece[]): boolean {
  const end = pieces.at(-1);
  const before = pieces.at(-2)?.entry;
  return end !== undefined && KEY_END.test(end.text) && !!before && (before.person || before.contract);
}
