/** The eighteenth character of a resident id: ISO 7064 MOD 11-2 over the seventeen digits before it. */
export function mod11_2(digits: string): string {
  let sum = 0;
  for (const digit of digits) sum = ((sum + Number(digit)) * 2) % 11;
  return '10X98765432'[sum] ?? '';
}

/** ISO 7064 MOD 97-10, for text whose letters count as 10 to 35: the remainder, 1 when the text is right. */
export function mod97(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** Whether the last digit is right after Luhn. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const counted = at % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

// Without I, O, S, V and Z, which are read as 1, 0, 5, U and 2.
const CREDIT_CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The eighteenth character of a unified social credit code: GB 32100-2015, weights 3ⁱ mod 31. */
export function creditCodeCheck(seventeen: string): string {
  let sum = 0;
  let weight = 1;
  for (const character of seventeen) {
    sum += CREDIT_CODE_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_CODE_ALPHABET[(31 - (sum % 31)) % 31] ?? '';
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** The ninth character of an organisation code: GB 11714-1997, where letters count as 10 to 35. */
export function organisationCheck(eight: string): string {
  const sum = [...eight].reduce((total, character, at) => {
    return total + parseInt(character, 36) * (ORGANISATION_WEIGHTS[at] ?? 0);
  }, 0);
  const check = 11 - (sum % 11);
  return check === 11 ? '0' : check === 10 ? 'X' : String(check);
}
