import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';

/** Shown where something is being fetched. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <div className="loading" role="status" aria-live="polite">
      <Spin size="large" />
      <span className="visually-hidden">{t('loading')}</span>
    </div>
  );
}
