import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Segmented, type TableColumnsType, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useLanguage } from '../i18n/use-language';
import { useMay } from '../identity/me';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { PagedTable } from '../ui/PagedTable';
import { datasetPath, sourcePath } from '../ui/paths';
import { useCursor } from '../ui/use-cursor';
import { useSentence } from '../ui/use-sentence';
import { acknowledgeIncident, type Incident, incidentsQuery } from './quality.queries';
import { SeverityTag } from './StatusTag';

const SIZE = 20;
const SHOWN = {
  openIncidents: ['OPEN', 'ACKNOWLEDGED', 'ASSIGNED', 'FIXING', 'AWAITING_VERIFICATION'],
  RESOLVED: ['RESOLVED'],
} as const;
type Shown = keyof typeof SHOWN;
const COLORS = {
  OPEN: 'error',
  ACKNOWLEDGED: 'blue',
  ASSIGNED: 'blue',
  FIXING: 'processing',
  AWAITING_VERIFICATION: 'purple',
  RESOLVED: 'success',
  WAIVED: 'gold',
  FALSE_POSITIVE: 'default',
} as const;

export default function IncidentsPage() {
  const { t } = useTranslation('quality');
  const language = useLanguage();
  const [shown, setShown] = useState<Shown>('openIncidents');
  const cursor = useCursor(shown);
  const { data, error, refetch } = useQuery({
    ...incidentsQuery({ first: SIZE, after: cursor.after, states: [...SHOWN[shown]] }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  const zh = language === 'zh';
  const nameOf = ({ rule, sourceName }: Incident) =>
    rule ? (zh ? rule.nameZh || rule.nameEn : rule.nameEn || rule.nameZh) : t('operations', { source: sourceName });
  const columns: TableColumnsType<Incident> = [
    {
      key: 'severity',
      title: t('severity'),
      width: 100,
      render: (_, { severity }) => <SeverityTag severity={severity} />,
    },
    {
      key: 'what',
      title: t('what'),
      render: (_, incident) => (
        <>
          {nameOf(incident)}
          <div className="small muted sentence">{zh ? incident.sentenceZh : incident.sentenceEn}</div>
        </>
      ),
    },
    {
      key: 'where',
      title: t('where'),
      render: (_, { datasetId, datasetName, sourceId, sourceName }) =>
        datasetId ? (
          <>
            <Link to={datasetPath(datasetId, { tab: 'quality' })}>{datasetName}</Link>
            <div className="small muted">{sourceName}</div>
          </>
        ) : (
          <Link to={sourcePath(sourceId)}>{sourceName}</Link>
        ),
    },
    {
      key: 'state',
      title: t('state'),
      width: 110,
      render: (_, { state }) => <Tag color={COLORS[state]}>{t(state)}</Tag>,
    },
    { key: 'since', title: t('since'), width: 130, render: (_, { openedAt }) => <Moment at={openedAt} /> },
    { key: 'assignee', title: t('assignee'), width: 130, dataIndex: 'assignee' },
    {
      key: 'do',
      width: 150,
      align: 'end',
      render: (_, incident) => incident.state === 'OPEN' && <Acknowledge id={incident.id} name={nameOf(incident)} />,
    },
  ];
  return (
    <Page
      title={t('incidents')}
      hint={t('hint')}
      actions={
        <Segmented<Shown>
          aria-label={t('state')}
          value={shown}
          onChange={setShown}
          options={(['openIncidents', 'RESOLVED'] as const).map((value) => ({ value, label: t(value) }))}
        />
      }
    >
      <PagedTable
        columns={columns}
        answer={data}
        error={error}
        retry={refetch}
        cursor={cursor}
        size={SIZE}
        empty={t('noIncidents')}
        hint={t('noIncidentsHint')}
      />
    </Page>
  );
}

function Acknowledge({ id, name }: { readonly id: string; readonly name: string }) {
  const { t } = useTranslation('quality');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'ENGINEER');
  const acknowledge = useMutation({
    mutationFn: () => acknowledgeIncident(id),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  });
  if (!may) return null;
  return (
    <Button
      size="small"
      loading={acknowledge.isPending}
      aria-label={t('acknowledgeOf', { name })}
      onClick={() => acknowledge.mutate()}
    >
      {t('acknowledge')}
    </Button>
  );
}
