import { maskIdentifier, maskName } from '#core/identifiers';

import { type Category } from './categories.js';
import { COMPOUND_SURNAMES } from './detectors/surnames.js';
import { type Level, rankOf } from './levels.js';

/** What is shown where nothing of a value may be. */
export const HIDDEN = '***';

/** Values are cut before they are masked: what is shown is short anyway. */
const LONGEST = 300;

/**
 * What people who may not see a value are shown of it (展示脱敏): 138****5678, 110101********8888, 张*, f***@example.com. A
 * value that is too short to hide anything in is not shown at all.
 */
export function maskValue(category: Category, value: string): string {
  const text = value.slice(0, LONGEST).trim();
  if (text === '') return '';
  switch (category) {
    case 'person_name':
      return maskPerson(text);
    case 'mobile':
      return maskIdentifier('mobile', text.replace(/^(?:\+|00)?86[ -]?/, '').replace(/[ -]/g, ''));
    case 'resident_id':
    case 'social_security':
      return maskIdentifier('resident_id', text);
    case 'bank_card':
      return maskIdentifier('bank_card', text.replace(/[ -]/g, ''));
    case 'email':
      return maskIdentifier('email', text);
    case 'uscc':
    case 'tax_number':
      return ends(text, 8, 2);
    case 'passport':
    case 'driving_licence':
    case 'travel_permit':
    case 'id_document':
      return ends(text, 2, 2);
    case 'account_no':
    case 'device_id':
    case 'landline':
      return ends(text, 0, 4);
    case 'vehicle_plate':
      return ends(text, 2, 1);
    case 'social_account':
    case 'login_name':
      return ends(text, 1, 0);
    case 'birthday':
      return maskBirthday(text);
    case 'address':
      return ends(text, 6, 0);
    case 'ip_address':
      return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text.replace(/\.\d+\.\d+$/, '.*.*') : HIDDEN;
    case 'mac_address':
      return /^[0-9a-f]{2}([:-])/i.test(text) ? `${text.slice(0, 8)}${text[2]}**${text[2]}**${text[2]}**` : HIDDEN;
    case 'geolocation':
      return /^-?\d{1,3}\.\d+$/.test(text) ? text.replace(/\.\d+$/, '.***') : HIDDEN;
    case 'age':
    case 'gender':
    case 'marital_status':
    case 'nationality':
    case 'ethnicity':
    case 'religion':
    case 'occupation':
    case 'balance':
    case 'income':
    case 'credit_score':
    case 'biometric':
    case 'medical':
    case 'password':
    case 'card_security':
    case 'verification_code':
    case 'free_text':
      return HIDDEN;
    default:
      return category satisfies never;
  }
}

/** The surname is shown, also one of two characters: 欧阳*. */
function maskPerson(name: string): string {
  const characters = [...name];
  const surname = characters.slice(0, 2).join('');
  if (!COMPOUND_SURNAMES.has(surname) || characters.length < 3) return maskName(name);
  return surname + '*'.repeat(Math.min(characters.length - 2, 8));
}

const maskBirthday = (text: string): string => {
  const day = /^\d{4}([-/.])(\d{1,2})\1(\d{1,2})/.exec(text);
  return day ? `****${day[1]}${day[2]}${day[1]}${day[3]}` : HIDDEN;
};

/** The first and last characters; at least a third of the text, and two characters of it, stay hidden. */
function ends(text: string, head: number, tail: number): string {
  const characters = [...text];
  const hidden = characters.length - head - tail;
  if (hidden < Math.max(2, (head + tail) / 2)) return HIDDEN;
  const last = tail === 0 ? [] : characters.slice(-tail);
  return [...characters.slice(0, head), '*'.repeat(Math.min(hidden, 8)), ...last].join('');
}

/** From which level on values are masked, and from which they are not kept at all. */
export interface ShowingPolicy {
  readonly maskFrom: Level;
  readonly dropFrom: Level;
}

/** L1 and L2 are shown, L3 is masked, L4 and L5 are dropped. */
export const SHOWING_POLICY: ShowingPolicy = { maskFrom: 'L3', dropFrom: 'L4' };

/**
 * What may be kept of a value of a column: the value, its mask, or nothing (`null`). For top values and samples, before
 * they are stored. A column whose level is known but not its category shows nothing from `maskFrom` on.
 */
export function dropOrMask(
  level: Level | null,
  category: Category | null,
  value: string,
  policy: ShowingPolicy = SHOWING_POLICY,
): string | null {
  if (level === null || rankOf(level) < rankOf(policy.maskFrom)) return value;
  if (rankOf(level) >= rankOf(policy.dropFrom) || category === null) return null;
  return maskValue(category, value);
}
