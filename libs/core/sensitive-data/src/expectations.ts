import { type Category } from './categories.js';
import { DETECTORS } from './detectors/index.js';
import { type Evidence, type Shape } from './evidence.js';

/** What values of a category look like at least. Where little of it is seen, a name or a comment errs. */
const LOOKS: Partial<Record<Category, { readonly shapes?: readonly Shape[]; readonly detectors?: readonly string[] }>> =
  {
    person_name: { shapes: ['letters'] },
    address: { shapes: ['letters'] },
    mobile: { detectors: ['mobile', 'phone', 'landline'] },
    landline: { detectors: ['mobile', 'phone', 'landline'] },
    email: { detectors: ['email'] },
    resident_id: { detectors: ['resident_id'], shapes: ['digits'] },
    uscc: { detectors: ['uscc', 'account_no'] },
    bank_card: { detectors: ['bank_card'] },
    account_no: { detectors: ['account_no', 'iban', 'bank_card', 'phone'] },
    birthday: { detectors: ['birthday'] },
    age: { detectors: ['age'] },
    balance: { shapes: ['number'] },
    geolocation: { detectors: ['degrees', 'lat_long'], shapes: ['number'] },
    ip_address: { detectors: ['ipv4', 'ipv6'] },
    mac_address: { detectors: ['mac_address'] },
    card_security: { detectors: ['short_code', 'track', 'birthday'] },
  };

/** Share of values that look as the category's do; undefined where any value may be one. */
export function shareThatLooksLike(category: Category, evidence: Evidence): number | undefined {
  const looks = LOOKS[category];
  if (!looks || evidence.values === 0) return undefined;
  const counts = [
    ...(looks.shapes ?? []).map((shape) => evidence.shapes[shape] ?? 0),
    ...(looks.detectors ?? []).map((code) => evidence.detectors[code]?.matched ?? 0),
  ];
  return Math.max(0, ...counts) / evidence.values;
}

export interface Support {
  readonly score: number;
  readonly code: 'check_digit_right' | 'form_right';
  readonly count: number;
}

/** How sure the values alone make a category, by its best detector. */
export function supportOf(category: Category, evidence: Evidence): Support | undefined {
  if (evidence.values === 0) return undefined;
  const all = DETECTORS.filter((each) => each.category === category).flatMap(({ code, alone, luck }): Support[] => {
    const counts = evidence.detectors[code];
    if (!counts) return [];
    // Many equal values say no more than one.
    const trust = counts.distinct / (counts.distinct + 2);
    // Free text needs only some values with something inside.
    const share = (count: number) =>
      code === 'inside' ? Math.min(1, (count / evidence.values) * 10) : count / evidence.values;
    const checkedShare = Math.max(0, (share(counts.checked) - luck) / (1 - luck));
    return [
      { score: alone.checked * checkedShare * trust, code: 'check_digit_right', count: counts.checked },
      { score: alone.form * share(counts.matched) * trust, code: 'form_right', count: counts.matched },
    ];
  });
  return all.reduce<Support | undefined>((best, each) => (each.score > (best?.score ?? 0) ? each : best), undefined);
}
