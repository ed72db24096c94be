import { Button, Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useTitle } from '../ui/use-title';

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t('notFound'));
  return (
    <Result
      status="404"
      title={<h1 className="page-title">{t('notFound')}</h1>}
      subTitle={t('notFoundHint')}
      extra={
        <Link to="/">
          <Button type="primary">{t('goHome')}</Button>
        </Link>
      }
    />
  );
}
