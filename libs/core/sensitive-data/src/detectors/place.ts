import { detector, type Detector } from './detector.js';

const PROVINCE =
  /北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门/u;
const AREA = /[省市区县州盟旗]/u;
const STREET = /[路街道巷弄胡同镇乡村里屯]/u;
const DOOR = /(?:\d|[一二三四五六七八九十甲乙丙丁A-Z])\s?(?:号|栋|幢|座|楼|室|单元|弄|层|组|户|队)/u;
const STREET_WORD =
  /\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|highway|hwy|place|pl|way|terrace|building|bldg|room|apartment|apt|suite|floor|p\.?o\.? ?box)\b/i;

function address(value: string): 'checked' | 'form' | undefined {
  if (value.length < 6 || value.length > 300) return undefined;
  const area = PROVINCE.test(value) || AREA.test(value);
  if (DOOR.test(value) && (area || STREET.test(value))) return 'checked';
  if (area && STREET.test(value) && value.length >= 8) return 'form';
  if (STREET_WORD.test(value) && /\d/.test(value) && /\p{L}{2}/u.test(value)) return 'checked';
  return undefined;
}

/** A number of degrees with enough places to find a house by. */
function degrees(value: string): 'form' | undefined {
  if (!/^-?\d{1,3}\.\d{3,}$/.test(value)) return undefined;
  return Math.abs(Number(value)) <= 180 ? 'form' : undefined;
}

function pair(value: string): 'checked' | undefined {
  const found = /^(?:POINT ?)?[[(]?(-?\d{1,3}\.\d{3,})[, ]+(-?\d{1,3}\.\d{3,})[\])]?$/i.exec(value);
  if (!found) return undefined;
  const [first, second] = [Math.abs(Number(found[1])), Math.abs(Number(found[2]))];
  return Math.max(first, second) <= 180 && Math.min(first, second) <= 90 ? 'checked' : undefined;
}

export const placeDetectors: readonly Detector[] = [
  detector('address', 'address', [0.85, 0.55], address, { luck: 0.01 }),
  detector('degrees', 'geolocation', [0, 0], degrees),
  detector('lat_long', 'geolocation', [0.75, 0], pair),
];
