import { checkIdentifier } from '#core/identifiers';

import { detector, type Detector } from './detector.js';

const isDay = (yyyymmdd: string): boolean => {
  const [year, month, day] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6, 8)].map(Number) as [
    number,
    number,
    number,
  ];
  const at = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && year <= 2100 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
};

const PROVINCES = '京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新';
const PLATE = new RegExp(
  `^[${PROVINCES}][A-Z][·. -]?(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[DF][A-HJ-NP-Z0-9]\\d{4}|\\d{5}[DF])$`,
);

export const identityDetectors: readonly Detector[] = [
  detector(
    'resident_id',
    'resident_id',
    [0.98, 0],
    (value) => {
      if (!/^\d{15}(?:\d{2}[\dXx])?$/.test(value)) return undefined;
      if (value.length === 18) return checkIdentifier('resident_id', value).valid ? 'checked' : 'form';
      // The 15 digits of before 1999: no check digit, the century left out.
      return /^[1-8]/.test(value) && isDay(`19${value.slice(6, 12)}`) ? 'form' : undefined;
    },
    // A date and a province must fit besides the check digit.
    { luck: 0.001, format: 'resident_id' },
  ),
  detector(
    'uscc',
    'uscc',
    [0.97, 0],
    (value) => {
      if (!/^[0-9A-Z]{18}$/i.test(value)) return undefined;
      return checkIdentifier('uscc', value).valid ? 'checked' : 'form';
    },
    { luck: 0.01, format: 'uscc' },
  ),
  detector('passport_cn', 'passport', [0, 0.45], (value) =>
    /^(?:E[A-HJ-NP-Z]\d{7}|[EGDSP]\d{8}|[DSP]E\d{7}|1[45]\d{7})$/i.test(value) ? 'form' : undefined,
  ),
  detector('travel_permit', 'travel_permit', [0, 0.45], (value) =>
    /^(?:[HM]\d{8}(?:\d{2})?|[CWT]\d{8})$/i.test(value) ? 'form' : undefined,
  ),
  detector('vehicle_plate', 'vehicle_plate', [0, 0.92], (value) =>
    PLATE.test(value.toUpperCase()) ? 'form' : undefined,
  ),
];

export { isDay };
