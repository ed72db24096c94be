import { Progress, Statistic } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Score } from './quality.queries';

/** Of a hundred, cut off: what is not whole must not look whole. */
const shareShown = (share: number): number => Math.floor(share * 1000) / 10;

/** The score, and how much of it was measured: a score of few rules says little. */
export function ScoreLine({ score: { score, evaluated, planned, dimensions } }: { readonly score: Score }) {
  const { t } = useTranslation('quality');
  return (
    <div className="score">
      <Statistic title={t('score')} value={score === null ? t('noScore') : shareShown(score).toFixed(1)} />
      <Statistic title={t('coverage')} value={t('ofPlanned', { evaluated, planned })} />
      <div className="dimensions">
        {dimensions.map((one) => (
          <div key={one.dimension}>
            <span className="small">{t(one.dimension)}</span>
            <Progress
              size="small"
              percent={one.score === null ? 0 : shareShown(one.score)}
              format={(percent) => (one.score === null ? '—' : String(percent))}
              aria-label={t(one.dimension)}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
