import { bankCard, iban } from './account.js';
import { type Check, fault } from './check.js';
import { email, mobile } from './contact.js';
import { creditCode, legalEntityIdentifier } from './organisation.js';
import { residentId } from './resident-id.js';

/** The kinds of identifiers whose form can be checked. */
export const IDENTIFIER_FORMATS = ['resident_id', 'uscc', 'lei', 'bank_card', 'iban', 'mobile', 'email'] as const;
export type IdentifierFormat = (typeof IDENTIFIER_FORMATS)[number];

interface Format {
  /** One spelling for all ways to write the same identifier. */
  readonly normalise: (text: string) => string;
  readonly check: (normalised: string) => Check;
}

const upper = (text: string) => text.toUpperCase();
const withoutGaps = (text: string) => text.replace(/[\s-]/gu, '');

const FORMATS: Readonly<Record<IdentifierFormat, Format>> = {
  resident_id: { normalise: upper, check: residentId },
  uscc: { normalise: upper, check: creditCode },
  lei: { normalise: upper, check: legalEntityIdentifier },
  bank_card: { normalise: withoutGaps, check: bankCard },
  iban: { normalise: (text) => upper(withoutGaps(text)), check: iban },
  mobile: { normalise: (text) => withoutGaps(text).replace(/^(?:\+|00)?86(?=\d{11}$)/, ''), check: mobile },
  email: { normalise: (text) => text.toLowerCase(), check: email },
};

/**
 * Judges an identifier and gives it in its one spelling: full-width characters as usual ones, without blanks around
 * it, capital X.
 *
 * @example
 * checkIdentifier('resident_id', ' 11010519491231002x ') // { valid: true, normalised: '11010519491231002X' }
 * checkIdentifier('mobile', '12345678901')                // { valid: false, fault: 'prefix', en: …, zh: … }
 */
export function checkIdentifier(format: IdentifierFormat, text: string | null | undefined): Check {
  const { normalise, check } = FORMATS[format];
  const normalised = normalise((text ?? '').normalize('NFKC').trim());
  if (normalised === '') return fault('empty', 'It is empty.', '为空。');
  return check(normalised);
}
