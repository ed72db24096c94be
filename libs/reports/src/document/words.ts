import { ruleKinds } from '#core/rule-engine';

import { localTime } from '../period.js';
import { type RegisteredRule, type ReportHead } from '../quality-report.facts.js';
import { named, percent, type Texts, textsIn } from '../render/texts.js';
import { type Language, type ReportKind } from '../report.js';
import { type Cell } from './document.js';

/** Says things of a report in its language and time zone. */
export class Words {
  readonly texts: Texts;

  constructor(
    readonly language: Language,
    private readonly timeZone: string,
  ) {
    this.texts = textsIn(language);
  }

  count(value: number | string | null, figure?: string): Cell {
    if (value === null) return { text: '–', as: 'count', ...(figure !== undefined && { figure }) };
    return { text: String(value), value: Number(value), as: 'count', ...(figure !== undefined && { figure }) };
  }

  share(value: number | null, figure?: string): Cell {
    const shown = { text: percent(value, this.texts), as: 'share' as const, ...(figure !== undefined && { figure }) };
    return value === null ? shown : { ...shown, value };
  }

  /** A difference of two shares, in points of a hundred. */
  change(value: number | null): Cell {
    if (value === null) return { text: '–', as: 'count' };
    const points = Math.round(value * 10_000) / 100;
    return { text: `${points > 0 ? '+' : ''}${points.toFixed(2)}`, value: points, as: 'count' };
  }

  time(at: Date | null): Cell {
    return at === null ? { text: '' } : { text: localTime(at, this.timeZone), value: at, as: 'time' };
  }

  hours(value: number | null, figure?: string): Cell {
    if (value === null) return { text: '–', as: 'count' };
    const hours = Math.round(value * 10) / 10;
    return { text: hours.toFixed(1), value: hours, as: 'count', ...(figure !== undefined && { figure }) };
  }

  nameOf = ({ nameEn, nameZh }: Pick<RegisteredRule, 'nameEn' | 'nameZh'>): string =>
    named(this.language, nameEn, nameZh);

  titleOf(kind: ReportKind): string {
    const { title, registerTitle, reconciliationTitle } = this.texts;
    return { quality: title, register: registerTitle, reconciliation: reconciliationTitle }[kind];
  }

  kindOf(kind: string): string {
    const found = ruleKinds().find(({ code }) => code === kind);
    return found ? found.title[this.language] : kind;
  }

  /** What a rule asks, in words: its kind, and what was chosen. */
  definitionOf({ kind, definition }: Pick<RegisteredRule, 'kind' | 'definition'>): string {
    const { params, ...rest } = definition;
    const chosen = Object.entries({ ...(params as object | undefined), ...rest })
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => `${key} = ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return [this.kindOf(kind), ...chosen].join('; ');
  }

  aboutOf({ report: { sourceName, domain, owner } }: ReportHead): string {
    const { texts } = this;
    const parts = [
      ...(sourceName === null ? [] : [`${texts.source}: ${sourceName}`]),
      ...(domain === null ? [] : [`${texts.domain}: ${domain}`]),
      ...(owner === null ? [] : [`${texts.owner}: ${owner}`]),
    ];
    return parts.length === 0 ? texts.wholeCatalog : parts.join(' · ');
  }
}
