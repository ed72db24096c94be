import { Tooltip } from 'antd';

import { useLanguage } from '../i18n/use-language';

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A point in time as people say it ("2 minutes ago"); the exact one on hover. Older than a month: the date. */
export function Moment({ at }: { readonly at: string | null | undefined }) {
  const language = useLanguage();
  if (!at) return <>—</>;
  const date = new Date(at);
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(date);
  return (
    <Tooltip title={exact}>
      <time dateTime={at}>{relative(date, language)}</time>
    </Tooltip>
  );
}

function relative(date: Date, language: string): string {
  const seconds = (date.getTime() - Date.now()) / 1000;
  if (Math.abs(seconds) > 30 * 86_400) return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(date);
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}
