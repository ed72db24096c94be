import { checkIdentifier } from '#core/identifiers';

import { detector, type Detector } from './detector.js';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}(?:/(?:[12]?\\d|3[0-2]))?$`);

/** An IPv6 address: eight groups, `::` once for some of them, an IPv4 address for the last two. */
function isIpv6(value: string): boolean {
  if (value.length > 60 || !/^[0-9a-f:]+(?:[\d.]+)?(?:%[\w.]+)?(?:\/\d{1,3})?$/i.test(value) || !value.includes(':'))
    return false;
  const address = value.replace(/[%/].*$/, '').replace(/(^|:)\d{1,3}(?:\.\d{1,3}){3}$/, '$10:0');
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const right = groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
  return right && (halves.length === 2 ? groups.length < 8 : groups.length === 8);
}

export const contactDetectors: readonly Detector[] = [
  detector(
    'mobile',
    'mobile',
    [0, 0.82],
    (value) => (/^[+\d][\d -]{9,18}\d$/.test(value) && checkIdentifier('mobile', value).valid ? 'form' : undefined),
    { format: 'mobile' },
  ),
  // Any number that could be dialled: only bears out what a name says.
  detector('phone', 'mobile', [0, 0], (value) =>
    /^\+?[\d() -]{7,22}$/.test(value) && digitsOf(value) >= 7 && digitsOf(value) <= 15 ? 'form' : undefined,
  ),
  detector('landline', 'landline', [0, 0.62], (value) =>
    /^(?:\(0\d{2,3}\)|(?:\+?86-?)?0?\d{2,3}-)\d{7,8}(?:(?:-|转|ext\.?)\d{1,6})?$|^0\d{2,3} \d{7,8}$|^[48]00-?\d{3}-?\d{4}$/.test(
      value,
    )
      ? 'form'
      : undefined,
  ),
  detector(
    'email',
    'email',
    [0, 0.97],
    (value) => (value.includes('@') && checkIdentifier('email', value).valid ? 'form' : undefined),
    {
      format: 'email',
    },
  ),
  detector('ipv4', 'ip_address', [0, 0.8], (value) => (IPV4.test(value) ? 'form' : undefined), { format: 'ipv4' }),
  detector('ipv6', 'ip_address', [0, 0.92], (value) => (isIpv6(value) ? 'form' : undefined)),
  detector('mac_address', 'mac_address', [0, 0.95], (value) =>
    /^[0-9a-f]{2}(?:(?::[0-9a-f]{2}){5}|(?:-[0-9a-f]{2}){5})$|^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(value)
      ? 'form'
      : undefined,
  ),
];

const digitsOf = (value: string) => value.replace(/\D/g, '').length;
