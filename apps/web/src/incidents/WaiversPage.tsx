import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type TableColumnsType, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useLanguage } from '../i18n/use-language';
import { SeverityTag } from '../quality/StatusTag';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { PagedTable } from '../ui/PagedTable';
import { datasetPath } from '../ui/paths';
import { useCursor } from '../ui/use-cursor';
import { type Waiver, waiversQuery } from './incidents.queries';
import { WaiverDecision } from './WaiverDecision';

const SIZE = 20;
const COLORS = {
  REQUESTED: 'processing',
  APPROVED: 'gold',
  REJECTED: 'error',
  WITHDRAWN: 'default',
  EXPIRED: 'default',
  REVOKED: 'default',
} as const satisfies Record<Waiver['state'], string>;

export default function WaiversPage() {
  const { t } = useTranslation('incidents');
  const zh = useLanguage() === 'zh';
  const cursor = useCursor('');
  const { data, error, refetch } = useQuery({
    ...waiversQuery({ first: SIZE, after: cursor.after }),
    placeholderData: keepPreviousData,
  });
  const columns: TableColumnsType<Waiver> = [
    { key: 'severity', title: t('severity'), width: 100, render: (_, one) => <SeverityTag severity={one.severity} /> },
    {
      key: 'rule',
      title: t('rule'),
      render: (_, { ruleNameEn, ruleNameZh, datasetId, datasetName, reason }) => (
        <>
          {zh ? ruleNameZh || ruleNameEn : ruleNameEn || ruleNameZh} ·{' '}
          <Link to={datasetPath(datasetId, { tab: 'quality' })}>{datasetName}</Link>
          <div className="small muted sentence">{reason}</div>
        </>
      ),
    },
    {
      key: 'state',
      title: t('state'),
      width: 130,
      render: (_, { state, decision, endReason }) => (
        <>
          <Tag color={COLORS[state]}>{t(state)}</Tag>
          <div className="small muted sentence">{endReason || decision}</div>
        </>
      ),
    },
    { key: 'until', title: t('until'), width: 130, render: (_, { until }) => <Moment at={until} /> },
    { key: 'asked', title: t('askedBy'), width: 120, dataIndex: 'requestedBy' },
    { key: 'decided', title: t('decidedBy'), width: 120, dataIndex: 'decidedBy' },
    { key: 'do', width: 210, align: 'end', render: (_, waiver) => <WaiverDecision waiver={waiver} /> },
  ];
  return (
    <Page title={t('waivers')} hint={t('waiverHint')} actions={<Link to="/incidents">{t('back')}</Link>}>
      <PagedTable
        columns={columns}
        answer={data}
        error={error}
        retry={refetch}
        cursor={cursor}
        size={SIZE}
        empty={t('noWaivers')}
        hint={t('noWaiversHint')}
      />
    </Page>
  );
}
