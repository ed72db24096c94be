import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Collapse, Descriptions, Select, Space, Statistic } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { datasetPath } from '../ui/paths';
import { BreakTable } from './BreakTable';
import { CheckTable } from './CheckTable';
import { type Ageing, reconciliationQuery, type Run } from './reconciliation.queries';
import { RunReconciliation } from './RunReconciliation';
import { SignOff } from './SignOff';
import { SignedTag, VerdictTag } from './VerdictTag';

export default function ReconciliationPage() {
  const { t } = useTranslation('reconciliation');
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery({ ...reconciliationQuery(id), refetchInterval: 10_000 });
  const [chosen, choose] = useState<string>();
  if (error && !data) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  const { reconciliation, reconciliationRuns, reconciliationAgeing } = data;
  const runs = reconciliationRuns.nodes;
  const run = runs.find((each) => each.id === chosen) ?? runs[0];
  return (
    <Page
      title={reconciliation.name}
      hint={
        <>
          <Link to={datasetPath(reconciliation.leftDatasetId)}>{reconciliation.leftName}</Link> (
          {reconciliation.leftSourceName}) →{' '}
          <Link to={datasetPath(reconciliation.rightDatasetId)}>{reconciliation.rightName}</Link> (
          {reconciliation.rightSourceName})
        </>
      }
      actions={<RunReconciliation id={id} name={reconciliation.name} />}
    >
      <Space orientation="vertical" size="large" style={{ width: '100%' }}>
        {run && (
          <Card
            title={
              <Space>
                <VerdictTag run={run} />
                <SignedTag signed={run.signed} />
              </Space>
            }
            extra={<Runs runs={runs} chosen={run.id} choose={choose} />}
          >
            <RunDetails run={run} />
          </Card>
        )}
        <Ages ageing={reconciliationAgeing} />
        <Card title={t('breaks')}>
          <BreakTable reconciliationId={id} />
        </Card>
      </Space>
    </Page>
  );
}

function Runs(props: {
  readonly runs: readonly Run[];
  readonly chosen: string;
  readonly choose: (id: string) => void;
}) {
  const { t, i18n } = useTranslation('reconciliation');
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Select
      aria-label={t('runs')}
      style={{ minWidth: 260 }}
      value={props.chosen}
      onChange={props.choose}
      options={props.runs.map((run) => ({
        value: run.id,
        label: `${format.format(new Date(run.asOf ?? run.requestedAt))} · ${t(run.verdict ?? run.state)}`,
      }))}
    />
  );
}

function RunDetails({ run }: { readonly run: Run }) {
  const { t } = useTranslation('reconciliation');
  const { errorSide, errorMessage, keys } = run;
  const place = errorSide === null ? 'errorDefinition' : errorSide === 'LEFT' ? 'errorLeft' : 'errorRight';
  return (
    <Space orientation="vertical" size="middle" style={{ width: '100%' }}>
      {errorMessage && <Alert type="error" showIcon title={t(place)} description={errorMessage} />}
      {keys && !keys.complete && (
        <Alert type="warning" showIcon title={t('incomplete', { breaks: keys.breaks, buckets: keys.bucketsLeft })} />
      )}
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: 'asOf', label: t('asOf'), children: <Moment at={run.asOf} /> },
          { key: 'cutoff', label: t('cutoff'), children: run.cutoff ? <Exact at={run.cutoff} /> : t('noCutoff') },
        ]}
      />
      {run.checks.length > 0 && <CheckTable checks={run.checks} />}
      <SignOff run={run} />
      {run.statements.length > 0 && (
        <Collapse
          size="small"
          items={[
            {
              key: 'sql',
              label: t('statements'),
              children: run.statements.map(({ side, purpose, sql }) => (
                <div key={`${side} ${purpose} ${sql}`}>
                  <div className="small muted">
                    {t(side === 'LEFT' ? 'left' : 'right')} · {purpose}
                  </div>
                  <pre className="code">{sql}</pre>
                </div>
              )),
            },
          ]}
        />
      )}
    </Space>
  );
}

function Exact({ at }: { readonly at: string }) {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}

const AGES = ['days0To1', 'days2To7', 'days8To30', 'daysOver30'] as const;

function Ages({ ageing }: { readonly ageing: Ageing }) {
  const { t } = useTranslation('reconciliation');
  return (
    <Card title={t('ageing')}>
      <Space size={48} wrap>
        {AGES.map((age) => (
          <Statistic key={age} title={t(age)} value={ageing[age]} />
        ))}
      </Space>
    </Card>
  );
}
