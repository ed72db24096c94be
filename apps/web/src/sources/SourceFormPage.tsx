import { skipToken, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { Page } from '../ui/Page';
import { SourceForm } from './SourceForm';
import { connectorsQuery, sourceQuery } from './sources.queries';

/** Registers a source, or changes the one in the address. */
export default function SourceFormPage() {
  const { t } = useTranslation('sources');
  const { id } = useParams();
  const connectors = useQuery(connectorsQuery);
  const wanted = sourceQuery(id ?? '');
  const source = useQuery({ ...wanted, queryFn: id === undefined ? skipToken : wanted.queryFn });
  const error = connectors.error ?? source.error;
  const ready = connectors.data && (id === undefined || source.data);
  return (
    <Page title={id === undefined ? t('register') : t('change')}>
      {error ? (
        <Failed error={error} retry={() => Promise.all([connectors.refetch(), source.refetch()])} />
      ) : ready && connectors.data ? (
        <SourceForm connectors={connectors.data} source={source.data?.source} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
