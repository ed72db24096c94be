import { isLuhn } from '#core/identifiers';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The n-th of many made-up resident ids that are right in form. */
export function residentId(n: number): string {
  const day = new Date(Date.UTC(1960, 0, 1 + n * 211)).toISOString().slice(0, 10).replaceAll('-', '');
  const digits = `110101${day}${String((n * 7) % 1000).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return `${digits}${'10X98765432'[sum % 11]}`;
}

export function bankCard(n: number): string {
  const digits = `622848${String(n * 7919).padStart(12, '0')}`;
  return digits + [...'0123456789'].find((last) => isLuhn(digits + last));
}

export const mobile = (n: number): string => `13${n % 10}${String(10_000_019 + n * 7919).slice(-8)}`;

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A made-up credit code with both its check characters. */
export function creditCode(n: number): string {
  const organisation = `MA${String(100_000 + n * 37).padStart(6, '0')}`;
  const inner =
    11 -
    ([...organisation].reduce((sum, each, at) => sum + parseInt(each, 36) * [3, 7, 9, 10, 5, 8, 4, 2][at]!, 0) % 11);
  const code = `91110105${organisation}${inner === 11 ? '0' : inner === 10 ? 'X' : inner}`;
  const sum = [...code].reduce((total, each, at) => total + ALPHABET.indexOf(each) * (3 ** at % 31), 0);
  return code + ALPHABET[(31 - (sum % 31)) % 31];
}
