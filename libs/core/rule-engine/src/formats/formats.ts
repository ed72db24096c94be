import { realDate } from '../sql/looks.js';
import { all, call, compared, matches, not, number, SMALL, type Term, type Test, TEXT, value } from '../sql/term.js';
import { CURRENCIES } from './currencies.js';

/** How many places of a text are looked at one by one. */
const places = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);

const text = (literal: string): Term => value({ family: 'text', text: literal });
const upper = (of: Term): Term => call('upper', TEXT, of);
const length = (of: Term): Term => call('length', SMALL, of);
const at = (of: Term, place: number, count = 1): Term => call('substring', TEXT, of, number(place), number(count));
const plus = (...terms: readonly Term[]): Term => terms.reduce((sum, term) => call('add', SMALL, sum, term));
const times = (of: Term, factor: number): Term => (factor === 1 ? of : call('multiply', SMALL, of, number(factor)));
const rest = (of: Term, by: number): Term => call('modulo', SMALL, of, number(by));
const equals = (one: Term, other: Term): Test => compared(one, 'eq', other);

/** What a character counts: its place in an alphabet, from 0. */
const worth = (of: Term, alphabet: string): Term =>
  call('subtract', SMALL, call('position', SMALL, text(alphabet), of), number(1));

const DIGITS = '0123456789';
const DIGITS_AND_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const weighted = (of: Term, alphabet: string, weights: readonly number[], from = 1): Term =>
  plus(...weights.map((weight, index) => times(worth(at(of, from + index), alphabet), weight)));

/** The character of an alphabet that stands for a number; counted from 0. */
const letterAt = (alphabet: string, index: Term): Term =>
  call('substring', TEXT, text(alphabet), plus(index, number(1)), number(1));

/** A check digit is only computed of what has the right form: engines may compute both sides of an AND. */
const guarded = (form: Test, check: Test): Test => {
  const checked: Term = { is: 'case', whens: [[check, number(1)]], otherwise: number(0) };
  return equals({ is: 'case', whens: [[form, checked]], otherwise: number(0) }, number(1));
};

const PROVINCES = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])';

/** ISO 7064 MOD 11-2: weights 2^(17-i) mod 11. */
const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function residentId(of: Term): Test {
  const id = upper(of);
  // Nobody was born before 1800.
  const form = all(
    matches(id, `^${PROVINCES}\\d{4}${realDate('')}\\d{3}[\\dX]$`),
    not(matches(id, '^.{6}(?:0\\d|1[0-7])')),
  );
  const sum = rest(weighted(id, DIGITS, RESIDENT_WEIGHTS), 11);
  return guarded(form, equals(letterAt('10X98765432', sum), at(id, 18)));
}

const CREDIT_CODE = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

function creditCode(of: Term): Test {
  const code = upper(of);
  const form = matches(code, '^[1-9A-GNY][1-9A-HJ-NPQRTUWXY]\\d{6}[0-9A-HJ-NPQRTUWXY]{10}$');
  const sum = rest(weighted(code, CREDIT_CODE, CREDIT_WEIGHTS), 31);
  // (31 - sum) mod 31: read from an alphabet that is turned round.
  const turned = CREDIT_CODE[0]! + [...CREDIT_CODE.slice(1)].reverse().join('');
  const inner = rest(weighted(code, DIGITS_AND_LETTERS, ORGANISATION_WEIGHTS, 9), 11);
  return guarded(
    form,
    all(equals(letterAt(turned, sum), at(code, 18)), equals(letterAt('0X987654321', inner), at(code, 17))),
  );
}

/** Without the blanks and hyphens that people put between groups. */
const compact = (of: Term): Term =>
  call('replace', TEXT, call('replace', TEXT, of, text(' '), text('')), text('-'), text(''));

function bankCard(of: Term): Test {
  const card = compact(of);
  const form = matches(card, '^(?:[34569]|2[2-7]|81)\\d{11,18}$');
  const right = all(form, matches(card, '^\\d{13,19}$'));
  // Counted from the right: with zeros before it, which count nothing, every number has 19 digits.
  const padded = call(
    'substring',
    TEXT,
    call('concat', TEXT, text('000000'), card),
    call('subtract', SMALL, length(card), number(12)),
    number(19),
  );
  const doubled = '0516273849';
  const sum = plus(...places(19).map((place) => worth(at(padded, place), place % 2 === 1 ? DIGITS : doubled)));
  return guarded(right, equals(rest(sum, 10), number(0)));
}

/** ISO 7064 MOD 97-10 of a text whose letters have been written as digits: parts of nine digits, each with its weight. */
function mod97OfDigits(digits: Term, most: number): Term {
  const width = Math.ceil(most / 9) * 9;
  const padded = call(
    'substring',
    TEXT,
    call('concat', TEXT, text('0'.repeat(width)), digits),
    plus(length(digits), number(1)),
    number(width),
  );
  const parts = places(width / 9).map((part) => {
    const weight = Number(10n ** BigInt(width - part * 9) % 97n);
    const nine = at(padded, (part - 1) * 9 + 1, 9);
    return times({ is: 'cast', of: nine, type: SMALL, safe: false }, weight);
  });
  return rest(plus(...parts), 97);
}

/** Letters as the two digits they count. */
const asDigits = (of: Term): Term =>
  [...DIGITS_AND_LETTERS.slice(10)].reduce(
    (digits, letter, index) => call('replace', TEXT, digits, text(letter), text(String(index + 10))),
    of,
  );

function lei(of: Term): Test {
  const code = upper(of);
  return guarded(matches(code, '^[0-9A-Z]{18}\\d{2}$'), equals(mod97OfDigits(asDigits(code), 40), number(1)));
}

function iban(of: Term): Test {
  const account = upper(compact(of));
  const turned = call('concat', TEXT, call('substring', TEXT, account, number(5)), at(account, 1, 4));
  return guarded(
    matches(account, '^[A-Z]{2}\\d{2}[0-9A-Z]{11,30}$'),
    equals(mod97OfDigits(asDigits(turned), 68), number(1)),
  );
}

const mobile = (of: Term): Test => matches(compact(of), '^(?:\\+86|0086|86)?1[3-9]\\d{9}$');

// Letters of the scripts in use, which every engine's pattern can hold.
const LETTER =
  '0-9A-Za-z\\u00c0-\\u024f\\u0370-\\u052f\\u0e00-\\u0e7f\\u1e00-\\u1fff\\u3041-\\u3096\\u30a1-\\u30fa\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3';
const LOCAL = `[${LETTER}!#$%&'*+\\/=?^_\`{|}~\\-]`;

function email(of: Term): Test {
  const label = `[${LETTER}](?:[${LETTER}\\-]*[${LETTER}])?`;
  const last = `[${LETTER.replace('0-9', '')}][${LETTER}\\-]*[${LETTER}]`;
  return all(
    matches(of, `^${LOCAL}+(?:\\.${LOCAL}+)*@(?:${label}\\.)+${last}$`),
    not(matches(of, '^[^@]{65}|^.{128}.{127}|@.*[^.]{64}')),
  );
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';

const FORMS = {
  resident_id: residentId,
  uscc: creditCode,
  bank_card: bankCard,
  lei,
  iban,
  mobile,
  email,
  date: (of: Term) => matches(of, `^${realDate('-')}$`),
  uuid: (of: Term) => matches(of, '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'),
  url: (of: Term) =>
    matches(
      of,
      `^[hH][tT][tT][pP][sS]?:\\/\\/(?:[^\\s\\/?#@]+@)?(?:(?:[${LETTER}](?:[${LETTER}\\-]*[${LETTER}])?\\.)*[${LETTER}](?:[${LETTER}\\-]*[${LETTER}])?\\.?|\\[[0-9a-fA-F:.]+\\])(?::\\d{1,5})?(?:[\\/?#]\\S*)?$`,
    ),
  ipv4: (of: Term) => matches(of, `^${OCTET}(?:\\.${OCTET}){3}$`),
  iso_currency: (of: Term) =>
    ({ is: 'in', of, values: CURRENCIES.map((code) => ({ family: 'text', text: code })) }) satisfies Test,
  us_ssn: (of: Term) => all(matches(of, '^\\d{3}-\\d{2}-\\d{4}$'), not(matches(of, '^(?:000|666|9)|-00-|0000$'))),
} satisfies Record<string, (of: Term) => Test>;

export const FORMATS = Object.keys(FORMS) as readonly FormatName[];
export type FormatName = keyof typeof FORMS;

/** Whether a text has a format, check digits included. It is what `core/identifiers` says of a text without full-width characters. */
export const hasFormat = (format: FormatName, of: Term): Test => FORMS[format](of);
