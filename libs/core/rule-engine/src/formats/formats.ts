import { looksLike, realDate } from '../sql/looks.js';
import {
  all,
  any,
  call,
  compared,
  matches,
  not,
  number,
  SMALL,
  type Term,
  type Test,
  TEXT,
  value,
} from '../sql/term.js';
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

/** Asked of the text as it is first; turned round, letter by letter, only where it has to be. Engines compute nothing just once. */
const asIsOr = (turn: (of: Term) => Term, worthTrying: string, ask: (of: Term) => Test) => (of: Term) =>
  any(ask(of), all(matches(of, worthTrying), ask(turn(of))));

const inCapitals = (ask: (of: Term) => Test) => asIsOr(upper, '[a-z]', ask);

const PROVINCES = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])';

/** ISO 7064 MOD 11-2: weights 2^(17-i) mod 11. */
const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const residentId = inCapitals((of) => {
  // Nobody was born before 1800. Most days are told cheaply.
  const form = all(
    matches(of, `^${PROVINCES}\\d{4}(?:1[89]|[2-9]\\d)\\d{9}[\\dX]$`),
    any(matches(of, '^.{10}(?:0[1-9]|1[0-2])(?:0[1-9]|1\\d|2[0-8])'), matches(of, `^.{6}${realDate('')}`)),
  );
  const sum = rest(weighted(of, DIGITS, RESIDENT_WEIGHTS), 11);
  return guarded(form, equals(letterAt('10X98765432', sum), at(of, 18)));
});

const CREDIT_CODE = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

const creditCode = inCapitals((of) => {
  const form = matches(of, '^[1-9A-GNY][1-9A-HJ-NPQRTUWXY]\\d{6}[0-9A-HJ-NPQRTUWXY]{10}$');
  const sum = rest(weighted(of, CREDIT_CODE, CREDIT_WEIGHTS), 31);
  // (31 - sum) mod 31: read from an alphabet that is turned round.
  const turned = CREDIT_CODE[0]! + [...CREDIT_CODE.slice(1)].reverse().join('');
  const inner = rest(weighted(of, DIGITS_AND_LETTERS, ORGANISATION_WEIGHTS, 9), 11);
  return guarded(
    form,
    all(equals(letterAt(turned, sum), at(of, 18)), equals(letterAt('0X987654321', inner), at(of, 17))),
  );
});

/** Without the blanks and hyphens that people put between groups. */
const compact = (of: Term): Term =>
  call('replace', TEXT, call('replace', TEXT, of, text(' '), text('')), text('-'), text(''));

const bankCard = asIsOr(compact, '[ \\-]', (of) => {
  const form = all(matches(of, '^\\d{13,19}$'), matches(of, '^(?:[34569]|2[2-7]|81)'));
  // Every second digit from the right is doubled; which these are from the left, the length tells. Behind the end nothing counts.
  const doubled = '0516273849';
  const sum = (odd: 0 | 1) =>
    plus(...places(19).map((place) => worth(at(of, place), place % 2 === odd ? doubled : DIGITS)));
  const total: Term = { is: 'case', whens: [[matches(of, '^(?:\\d\\d)+$'), sum(1)]], otherwise: sum(0) };
  return guarded(form, equals(rest(total, 10), number(0)));
});

/** ISO 7064 MOD 97-10, in which letters count as two digits; `order` says in which order the places are read. */
function mod97(of: Term, order: readonly number[]): Term {
  return order.reduce<Term>((sum, place) => {
    const character = at(of, place);
    const factor: Term = {
      is: 'case',
      whens: [
        // Behind the end of a shorter one nothing is counted.
        [equals(character, text('')), number(1)],
        [compared(character, 'lte', text('9')), number(10)],
      ],
      otherwise: number(100),
    };
    return rest(plus(call('multiply', SMALL, sum, factor), worth(character, DIGITS_AND_LETTERS)), 97);
  }, number(0));
}

const lei = inCapitals((of) => guarded(matches(of, '^[0-9A-Z]{18}\\d{2}$'), equals(mod97(of, places(20)), number(1))));

const iban = asIsOr(
  (of) => upper(compact(of)),
  '[a-z \\-]',
  (of) => {
    const order = [...places(34).slice(4), 1, 2, 3, 4];
    return guarded(matches(of, '^[A-Z]{2}\\d{2}[0-9A-Z]{11,30}$'), equals(mod97(of, order), number(1)));
  },
);

const mobile = asIsOr(compact, '[ \\-]', (of) => matches(of, '^(?:\\+86|0086|86)?1[3-9]\\d{9}$'));

// Letters of the scripts in use, which every engine's pattern can hold.
const LETTER =
  '0-9A-Za-z\\u00c0-\\u024f\\u0370-\\u052f\\u0e00-\\u0e7f\\u1e00-\\u1fff\\u3041-\\u3096\\u30a1-\\u30fa\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3';
const LOCAL = `[${LETTER}!#$%&'*+\\/=?^_\`{|}~\\-]`;

function email(of: Term): Test {
  const label = `[${LETTER}](?:[${LETTER}\\-]*[${LETTER}])?`;
  const last = `[${LETTER.replace('0-9', '')}][${LETTER}\\-]*[${LETTER}]`;
  const characters = length(of);
  return all(
    matches(of, `^${LOCAL}+(?:\\.${LOCAL}+)*@(?:${label}\\.)+${last}$`),
    compared(characters, 'lte', number(254)),
    compared(call('position', SMALL, of, text('@')), 'lte', number(65)),
    // No part between dots has more than 63 characters.
    any(compared(characters, 'lte', number(64)), not(matches(of, '@.*[^.]{64}'))),
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
  date: (of: Term) => looksLike(of, 'date')!,
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
