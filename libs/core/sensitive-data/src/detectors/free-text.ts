import { checkIdentifier } from '#core/identifiers';

import { detector, type Detector } from './detector.js';

/** What is found inside longer texts; each pattern needs no looking back, so its time grows with the text only. */
function freeText(value: string): 'checked' | 'form' | undefined {
  if (value.length < 12) return undefined;
  for (const [number] of value.matchAll(/\d{11,19}[Xx]?/g)) {
    if (/^\d{17}[\dXx]$/.test(number) && checkIdentifier('resident_id', number).valid) return worded(value, number);
    if (/^1[3-9]\d{9}$/.test(number)) return worded(value, number);
    if (number.length >= 16 && checkIdentifier('bank_card', number).valid) return worded(value, number);
  }
  const at = value.indexOf('@');
  if (
    at > 0 &&
    /[\w.+-]{1,40}@[\w-]{1,40}\.\w{2,10}/.test(value.slice(Math.max(0, at - 40), at + 60)) &&
    /\s|\p{Script=Han}/u.test(value)
  )
    return 'checked';
  return undefined;
}

/** It is a text only when there is something else than the number. */
const worded = (value: string, number: string): 'checked' | undefined =>
  /\p{L}{2}/u.test(value.replace(number, '').replace(/\d/g, '')) ? 'checked' : undefined;

export const freeTextDetectors: readonly Detector[] = [
  detector('inside', 'free_text', [0.85, 0], freeText),
  detector('sentence', 'free_text', [0, 0], (value) =>
    value.length >= 6 && /\s\S|[，。；！？、,;!?]|\p{Script=Han}{6}/u.test(value) ? 'form' : undefined,
  ),
];
