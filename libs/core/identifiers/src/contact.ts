import { type Check, fault, valid } from './check.js';

/** A mobile number of mainland China, without the country's prefix. */
export function mobile(text: string): Check {
  if (!/^\d*$/.test(text)) return fault('characters', 'It has other characters than digits.', '含有非数字字符。');
  if (text.length !== 11) return fault('length', 'It does not have 11 digits.', '不是11位。');
  if (!/^1[3-9]/.test(text)) return fault('prefix', 'It does not begin with 13 to 19.', '不是以13至19开头。');
  return valid(text);
}

const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u;

/** An address a mail can be sent to, as people write it; quoted local parts and bare hosts are none. */
export function email(text: string): Check {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  if (local.length > 64 || text.length > 254) return fault('length', 'It is too long.', '过长。');
  if (!LOCAL.test(local) || !DOMAIN.test(domain))
    return fault('characters', 'It is not a name, an @ and a domain.', '格式应为“名称@域名”。');
  return valid(text);
}
