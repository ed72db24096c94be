import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { PagedTable } from '../ui/PagedTable';
import { reconciliationPath } from '../ui/paths';
import { useCursor } from '../ui/use-cursor';
import { type Reconciliation, reconciliationsQuery } from './reconciliation.queries';
import { RunReconciliation } from './RunReconciliation';
import { SignedTag, VerdictTag } from './VerdictTag';

const SIZE = 20;

export default function ReconciliationsPage() {
  const { t } = useTranslation('reconciliation');
  const cursor = useCursor('');
  const { data, error, refetch } = useQuery({
    ...reconciliationsQuery({ first: SIZE, after: cursor.after }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
  const columns: TableColumnsType<Reconciliation> = [
    {
      key: 'name',
      title: t('name'),
      render: (_, { id, name }) => <Link to={reconciliationPath(id)}>{name}</Link>,
    },
    {
      key: 'sides',
      title: t('sides'),
      render: (_, { leftName, leftSourceName, rightName, rightSourceName }) => (
        <>
          <div>
            {leftName} <span className="small muted">{leftSourceName}</span>
          </div>
          <div>
            → {rightName} <span className="small muted">{rightSourceName}</span>
          </div>
        </>
      ),
    },
    { key: 'verdict', title: t('verdict'), width: 150, render: (_, { latestRun }) => <VerdictTag run={latestRun} /> },
    {
      key: 'breaks',
      title: t('breaks'),
      width: 90,
      align: 'end',
      render: (_, each) => each.latestRun?.breakCount ?? '—',
    },
    {
      key: 'signed',
      title: t('signed'),
      width: 150,
      render: (_, { latestRun }) => latestRun && <SignedTag signed={latestRun.signed} />,
    },
    {
      key: 'when',
      title: t('when'),
      width: 120,
      render: (_, { latestRun }) => <Moment at={latestRun?.finishedAt ?? latestRun?.requestedAt} />,
    },
    {
      key: 'do',
      width: 120,
      align: 'end',
      render: (_, { id, name }) => <RunReconciliation id={id} name={name} />,
    },
  ];
  return (
    <Page title={t('title')} hint={t('hint')}>
      <PagedTable
        columns={columns}
        answer={data}
        error={error}
        retry={refetch}
        cursor={cursor}
        size={SIZE}
        empty={t('none')}
        hint={t('noneHint')}
      />
    </Page>
  );
}
