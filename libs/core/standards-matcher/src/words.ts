/** Abbreviations that columns of banks are full of, with the word they stand for (词根). */
export const WORD_ROOTS: Readonly<Record<string, string>> = {
  acct: 'account',
  acc: 'account',
  addr: 'address',
  amt: 'amount',
  bal: 'balance',
  birth: 'birth',
  brch: 'branch',
  bus: 'business',
  cat: 'category',
  ccy: 'currency',
  cd: 'code',
  cert: 'certificate',
  cnt: 'count',
  ctry: 'country',
  curr: 'currency',
  cust: 'customer',
  clnt: 'client',
  desc: 'description',
  dt: 'date',
  dob: 'birthdate',
  flg: 'flag',
  ind: 'indicator',
  inst: 'institution',
  int: 'interest',
  lvl: 'level',
  mob: 'mobile',
  nm: 'name',
  no: 'number',
  num: 'number',
  nbr: 'number',
  org: 'organisation',
  prod: 'product',
  prd: 'product',
  rt: 'rate',
  sts: 'status',
  stat: 'status',
  tel: 'telephone',
  tm: 'time',
  txn: 'transaction',
  tran: 'transaction',
  typ: 'type',
};

/** The words of a name: split at anything but letters and digits and where small letters meet capitals; roots written out. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKC')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => WORD_ROOTS[word] ?? word);
}

/** A name without differences of case, width and marks. */
export const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** Neighbouring pairs of characters; Chinese has no blanks between words, so these stand for them. */
export function pairsOf(text: string): string[] {
  const characters = [...plain(text)];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
}

/** How much two lists have in common, 0 to 1 (Sørensen and Dice). */
export function overlap(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0;
  const rest = new Map<string, number>();
  for (const item of right) rest.set(item, (rest.get(item) ?? 0) + 1);
  let common = 0;
  for (const item of left) {
    const count = rest.get(item) ?? 0;
    if (count === 0) continue;
    rest.set(item, count - 1);
    common++;
  }
  return (2 * common) / (left.length + right.length);
}

const HAN = /\p{Script=Han}/u;
export const isChinese = (text: string): boolean => HAN.test(text);
