import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Empty, Space, Table, type TableColumnsType, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { type Job } from '../jobs/jobs.queries';
import { LiveJob } from '../jobs/LiveJob';
import { useMay } from '../identity/me';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { Moment } from '../ui/Moment';
import { qualityQuery, type Rule, type RuleKind } from './quality.queries';
import { RuleDetails } from './RuleDetails';
import { RetireRule } from './rules/RetireRule';
import { RuleDrawer } from './rules/RuleForm';
import { RunButton } from './RunButton';
import { ScoreLine } from './ScoreLine';
import { SeverityTag, StatusTag } from './StatusTag';
import { Suggestions } from './Suggestions';

/** The rules that watch a dataset, and what they found last. */
export function QualityTab({ datasetId }: { readonly datasetId: string }) {
  const { t } = useTranslation('quality');
  const { data, error, refetch } = useQuery(qualityQuery(datasetId));
  const { t: tf } = useTranslation('ruleForm');
  const may = useMay('STEWARD', 'ENGINEER');
  const [job, setJob] = useState<Job>();
  const [asked, setAsked] = useState<{ readonly ruleId?: string }>();
  if (error) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  const rules = data.rules.nodes;
  const drawer = asked && <RuleDrawer datasetId={datasetId} ruleId={asked.ruleId} close={() => setAsked(undefined)} />;
  const newRule = may && <Button onClick={() => setAsked({})}>{tf('newRule')}</Button>;
  if (rules.length === 0)
    return (
      <>
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={
            <>
              {t('noRules')}
              <br />
              {t('noRulesHint')}
            </>
          }
        >
          {newRule}
          {drawer}
        </Empty>
        <Suggestions datasetId={datasetId} kinds={data.ruleKinds} />
      </>
    );
  return (
    <>
      <div className="results-head">
        <ScoreLine score={data.qualityScore} />
        <div>
          {job && <LiveJob key={job.id} job={job} />}
          <Space>
            {newRule}
            <RunButton ruleIds={rules.map(({ id }) => id)} label={t('runAll')} primary started={setJob} />
          </Space>
        </div>
      </div>
      <RuleTable
        rules={rules}
        kinds={data.ruleKinds}
        started={setJob}
        change={may ? (ruleId) => setAsked({ ruleId }) : undefined}
      />
      <Suggestions datasetId={datasetId} kinds={data.ruleKinds} />
      {drawer}
    </>
  );
}

function RuleTable(props: {
  readonly rules: readonly Rule[];
  readonly kinds: readonly RuleKind[];
  readonly started: (job: Job) => void;
  /** Left out for those who may not. */
  readonly change: ((ruleId: string) => void) | undefined;
}) {
  const { t } = useTranslation('quality');
  const { t: tf } = useTranslation('ruleForm');
  const { change } = props;
  const language = useLanguage();
  const zh = language === 'zh';
  const nameOf = ({ nameZh, nameEn }: Rule) => (zh ? nameZh || nameEn : nameEn || nameZh);
  const kindOf = ({ kind }: Rule) => {
    const found = props.kinds.find(({ code }) => code === kind);
    return found ? (zh ? found.titleZh : found.titleEn) : kind;
  };
  const columns: TableColumnsType<Rule> = [
    {
      key: 'rule',
      title: t('rule'),
      render: (_, rule) => (
        <>
          {nameOf(rule)} {!rule.enabled && <Tag>{t('off')}</Tag>}
          {rule.openIncident && <Tag color="error">{t('incident')}</Tag>}
          <div className="small muted">
            {kindOf(rule)}
            {rule.fields.length > 0 && ` · ${rule.fields.map(({ name }) => name).join(', ')}`}
          </div>
        </>
      ),
    },
    { key: 'dimension', title: t('dimension'), width: 130, render: (_, { dimension }) => t(dimension) },
    {
      key: 'severity',
      title: t('severity'),
      width: 100,
      render: (_, { severity }) => <SeverityTag severity={severity} />,
    },
    {
      key: 'status',
      title: t('status'),
      render: (_, { lastResult }) => (
        <>
          <StatusTag status={lastResult?.status ?? 'NEVER'} />
          {lastResult && (
            <Typography.Text type="secondary" className="small">
              {zh ? lastResult.sentenceZh : lastResult.sentenceEn}
            </Typography.Text>
          )}
        </>
      ),
    },
    {
      key: 'when',
      title: t('when'),
      width: 140,
      render: (_, { lastResult }) => <Moment at={lastResult?.finishedAt} />,
    },
    {
      key: 'run',
      width: 250,
      align: 'end',
      render: (_, rule) => (
        <Space>
          <RunButton ruleIds={[rule.id]} label={t('run')} name={nameOf(rule)} started={props.started} />
          {change && (
            <Button size="small" aria-label={tf('changeOf', { name: nameOf(rule) })} onClick={() => change(rule.id)}>
              {tf('changeRule')}
            </Button>
          )}
          {change && <RetireRule id={rule.id} name={nameOf(rule)} />}
        </Space>
      ),
    },
  ];
  return (
    <Table<Rule>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={[...props.rules]}
      pagination={props.rules.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      expandable={{
        expandedRowRender: (rule) => <RuleDetails rule={rule} />,
        expandIcon: ({ expanded, onExpand, record }) => (
          <Button
            type="text"
            size="small"
            icon={expanded ? <DownOutlined /> : <RightOutlined />}
            aria-expanded={expanded}
            aria-label={t('details', { name: nameOf(record) })}
            onClick={(event) => onExpand(record, event)}
          />
        ),
      }}
    />
  );
}
