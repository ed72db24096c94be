import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Input, Segmented, Select, Space, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useLanguage } from '../i18n/use-language';
import { useMay, useMe } from '../identity/me';
import { SeverityTag } from '../quality/StatusTag';
import { Failed } from '../ui/Failed';
import { ListFoot } from '../ui/ListFoot';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { datasetPath, incidentPath, sourcePath } from '../ui/paths';
import { useCursor } from '../ui/use-cursor';
import { useSentence } from '../ui/use-sentence';
import { IncidentClock, IncidentState } from './IncidentState';
import {
  acknowledgeIncidents,
  assigneesQuery,
  assignIncidents,
  type Incident,
  incidentsQuery,
} from './incidents.queries';

const SIZE = 20;
const IN_WORK: Incident['state'][] = ['OPEN', 'ACKNOWLEDGED', 'ASSIGNED', 'FIXING', 'AWAITING_VERIFICATION'];
const SHOWN = ['open', 'mine', 'overdue', 'waivedOnes', 'over'] as const;
type Shown = (typeof SHOWN)[number];
const STATES: Readonly<Record<Shown, Incident['state'][]>> = {
  open: IN_WORK,
  mine: IN_WORK,
  overdue: IN_WORK,
  waivedOnes: ['WAIVED'],
  over: ['RESOLVED', 'FALSE_POSITIVE'],
};

export default function IncidentsPage() {
  const { t } = useTranslation('incidents');
  const { login } = useMe();
  const [shown, setShown] = useState<Shown>('open');
  const [severity, setSeverity] = useState<Incident['severity']>();
  const [headsOnly, setHeadsOnly] = useState(true);
  const [text, setText] = useState('');
  const [chosen, choose] = useState<string[]>([]);
  const cursor = useCursor(JSON.stringify([shown, severity, headsOnly, text]));
  const { data, error, refetch } = useQuery({
    ...incidentsQuery({
      ...{ first: SIZE, after: cursor.after, states: STATES[shown], severity: severity ?? null, text },
      ...{ parentsOnly: headsOnly, overdue: shown === 'overdue', assignee: shown === 'mine' ? login : null },
    }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  const columns = useColumns();
  if (error && !data) return <Failed error={error} retry={refetch} />;
  return (
    <Page
      title={t('incidents')}
      hint={t('hint')}
      actions={
        <Space>
          <Link to="/waivers">{t('waivers')}</Link>
          <Segmented<Shown>
            aria-label={t('state')}
            value={shown}
            onChange={setShown}
            options={SHOWN.map((value) => ({ value, label: t(value) }))}
          />
        </Space>
      }
    >
      <Space wrap className="below">
        <Input.Search allowClear aria-label={t('search')} placeholder={t('search')} onSearch={setText} />
        <Select
          allowClear
          aria-label={t('severity')}
          placeholder={t('severity')}
          value={severity}
          onChange={setSeverity}
          options={(['S1', 'S2', 'S3', 'S4'] as const).map((value) => ({ value, label: value }))}
        />
        <Checkbox checked={headsOnly} onChange={({ target }) => setHeadsOnly(target.checked)}>
          {t('headsOnly')}
        </Checkbox>
        <Bulk ids={chosen} done={() => choose([])} />
      </Space>
      <Table<Incident>
        size="middle"
        rowKey="id"
        columns={columns}
        dataSource={data?.nodes ?? []}
        loading={!data}
        pagination={false}
        scroll={{ x: 960 }}
        rowSelection={{ selectedRowKeys: chosen, onChange: (keys) => choose(keys.map(String)) }}
        locale={{ emptyText: data ? `${t('noIncidents')} · ${t('noIncidentsHint')}` : ' ' }}
      />
      <ListFoot answer={data} cursor={cursor} size={SIZE} />
    </Page>
  );
}

function useColumns(): TableColumnsType<Incident> {
  const { t } = useTranslation('incidents');
  const zh = useLanguage() === 'zh';
  return [
    {
      key: 'severity',
      title: t('severity'),
      width: 100,
      render: (_, { severity }) => <SeverityTag severity={severity} />,
    },
    {
      key: 'what',
      title: t('what'),
      render: (_, { id, titleEn, titleZh, sentenceEn, sentenceZh, childCount }) => (
        <>
          <Link to={incidentPath(id)}>{zh ? titleZh : titleEn}</Link>
          {childCount > 0 && <span className="small muted"> · {t('causes', { count: childCount })}</span>}
          <div className="small muted sentence">{zh ? sentenceZh : sentenceEn}</div>
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
    { key: 'state', title: t('state'), width: 150, render: (_, incident) => <IncidentState {...incident} /> },
    { key: 'since', title: t('since'), width: 120, render: (_, { openedAt }) => <Moment at={openedAt} /> },
    { key: 'due', title: t('due'), width: 150, render: (_, incident) => <IncidentClock {...incident} /> },
    { key: 'assignee', title: t('assignee'), width: 120, dataIndex: 'assignee' },
  ];
}

/** What is done with several at once, all or none. */
function Bulk({ ids, done }: { readonly ids: string[]; readonly done: () => void }) {
  const { t } = useTranslation('incidents');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'ENGINEER');
  const people = useQuery({ ...assigneesQuery, enabled: may && ids.length > 0 });
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: done,
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  });
  if (!may || ids.length === 0) return null;
  return (
    <Space>
      <span className="muted">{t('selected', { count: ids.length })}</span>
      <Button size="small" loading={act.isPending} onClick={() => act.mutate(() => acknowledgeIncidents(ids))}>
        {t('acknowledge')}
      </Button>
      <Select<string | null>
        size="small"
        showSearch
        aria-label={t('assignTo')}
        placeholder={t('assignTo')}
        value={null}
        options={people.data?.map(({ login, displayName }) => ({ value: login, label: `${displayName} (${login})` }))}
        onChange={(login) => login !== null && act.mutate(() => assignIncidents(ids, login))}
      />
    </Space>
  );
}
