import { Tooltip, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { type Field } from './dictionary.queries';

type Statistics = NonNullable<Field['statistics']>;

/** What the values of a column are like, small; more of it when one points at it. */
export function FieldFigures({ statistics }: { readonly statistics: Statistics }) {
  const { t } = useTranslation('dictionary');
  const language = useLanguage();
  const { rows, nulls, distinct, sampled, shortest, longest, least, greatest, frequent } = statistics;
  const count = (value: number) => new Intl.NumberFormat(language).format(value);
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const lines = [
    ...(rows > 0 && nulls > 0 ? [t('statisticsNulls', { share: share.format(nulls / rows) })] : []),
    ...(distinct === null
      ? []
      : [t(sampled ? 'statisticsDistinctAtLeast' : 'statisticsDistinct', { values: count(distinct) })]),
    ...(least === null && greatest === null ? [] : [`${least ?? ''} – ${greatest ?? ''}`]),
    ...(shortest === null || longest === null ? [] : [t('statisticsLength', { from: shortest, to: longest })]),
  ];
  return (
    <Tooltip title={<More statistics={statistics} />}>
      <div className="small" tabIndex={0}>
        {lines.map((line) => (
          <div key={line} className="anywhere">
            {line}
          </div>
        ))}
        {frequent.length > 0 && (
          <Typography.Text type="secondary" className="small anywhere">
            {frequent
              .slice(0, 3)
              .map(({ value, rows: of }) => `${value} (${count(of)})`)
              .join(' · ')}
          </Typography.Text>
        )}
      </div>
    </Tooltip>
  );
}

function More({ statistics }: { readonly statistics: Statistics }) {
  const { t } = useTranslation('dictionary');
  const { mean, quantiles, frequent, shown } = statistics;
  const median = quantiles.find(({ quantile }) => quantile === '0.5');
  return (
    <>
      {mean !== null && <div>{t('statisticsMean', { value: Number(mean).toPrecision(6) })}</div>}
      {median && <div>{t('statisticsMedian', { value: median.value })}</div>}
      {frequent.length > 0 && (
        <div>
          {t('statisticsFrequent')}: {frequent.map(({ value, rows }) => `${value} (${rows})`).join(', ')}
        </div>
      )}
      {shown === 'MASKED' && <div>{t('statisticsMasked')}</div>}
      {shown === 'WITHHELD' && <div>{t('statisticsWithheld')}</div>}
    </>
  );
}
