import { checkIdentifier, isLuhn } from '#core/identifiers';

import { detector, type Detector } from './detector.js';

export const accountDetectors: readonly Detector[] = [
  detector(
    'bank_card',
    'bank_card',
    [0.9, 0],
    (value) => {
      if (!/^\d[\d -]{11,25}\d$/.test(value)) return undefined;
      const digits = value.replace(/[ -]/g, '');
      if (!/^\d{13,19}$/.test(digits)) return undefined;
      return checkIdentifier('bank_card', digits).valid ? 'checked' : 'form';
    },
    { luck: 0.1, format: 'bank_card' },
  ),
  detector(
    'iban',
    'account_no',
    [0.97, 0],
    (value) => {
      if (!/^[A-Z]{2}\d{2}[\dA-Z ]{11,40}$/i.test(value)) return undefined;
      return checkIdentifier('iban', value).valid ? 'checked' : undefined;
    },
    { luck: 0.01, format: 'iban' },
  ),
  detector('account_no', 'account_no', [0, 0], (value) =>
    /^[A-Z]{0,4}[\d -]{5,32}$/i.test(value) && /\d{4}/.test(value) ? 'form' : undefined,
  ),
  detector(
    'imei',
    'device_id',
    [0.45, 0],
    (value) => (/^\d{15}$/.test(value) ? (isLuhn(value) ? 'checked' : 'form') : undefined),
    { luck: 0.1 },
  ),
  // Mobile country code 460, and a network of China's operators.
  detector('imsi', 'device_id', [0, 0.4], (value) =>
    /^460(?:0[0-9]|1[1-5]|20)\d{10}$/.test(value) ? 'form' : undefined,
  ),
];
