import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Space, Table, type TableColumnsType, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { useMay } from '../identity/me';
import { type Job } from '../jobs/jobs.queries';
import { LiveJob } from '../jobs/LiveJob';
import { Moment } from '../ui/Moment';
import { useSentence } from '../ui/use-sentence';
import { type RuleKind } from './quality.queries';
import { decideSuggestions, type Suggestion, suggestionsQuery, suggestRules } from './suggestions.queries';

interface Props {
  readonly datasetId: string;
  readonly kinds: readonly RuleKind[];
}

/** Rules that something speaks for: looked for, accepted and rejected, one by one or many at once. */
export function Suggestions({ datasetId, kinds }: Props) {
  const { t } = useTranslation('quality');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'ENGINEER');
  const [job, setJob] = useState<Job>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { data = [], refetch } = useQuery(suggestionsQuery(datasetId));
  const onError = (error: Error) => notification.error({ title: sentence(error) });
  const look = useMutation({
    mutationFn: () => suggestRules(datasetId),
    onError,
    onSuccess: (done) => setJob(done.job ?? undefined),
  });
  const decide = useMutation({
    mutationFn: (accept: boolean) => decideSuggestions(chosen, accept),
    onError,
    onSuccess: async () => {
      setChosen([]);
      await queries.invalidateQueries({ queryKey: ['rule-suggestions', datasetId] });
      await queries.invalidateQueries({ queryKey: ['quality', datasetId] });
    },
  });
  if (!may && data.length === 0) return null;
  return (
    <section>
      <Typography.Title level={5}>{t('suggested')}</Typography.Title>
      {may && (
        <Space>
          <Button size="small" loading={look.isPending} onClick={() => look.mutate()}>
            {t('suggest')}
          </Button>
          {data.length > 0 && (
            <>
              <Button
                size="small"
                type="primary"
                disabled={chosen.length === 0}
                loading={decide.isPending}
                onClick={() => decide.mutate(true)}
              >
                {t('acceptChosen', { count: chosen.length })}
              </Button>
              <Button size="small" disabled={chosen.length === 0} onClick={() => decide.mutate(false)}>
                {t('rejectChosen', { count: chosen.length })}
              </Button>
            </>
          )}
          {job && <LiveJob key={job.id} job={job} />}
          {job && (
            <Button size="small" type="link" onClick={() => void refetch()}>
              {t('showSuggested')}
            </Button>
          )}
        </Space>
      )}
      {data.length > 0 ? (
        <SuggestionTable suggestions={data} kinds={kinds} chosen={chosen} choose={may ? setChosen : undefined} />
      ) : (
        <p className="small muted">{t('noneSuggested')}</p>
      )}
    </section>
  );
}

function SuggestionTable(props: {
  readonly suggestions: readonly Suggestion[];
  readonly kinds: readonly RuleKind[];
  readonly chosen: readonly string[];
  /** Left out for those who may not. */
  readonly choose: ((ids: readonly string[]) => void) | undefined;
}) {
  const { t } = useTranslation('quality');
  const zh = useLanguage() === 'zh';
  const kindOf = ({ kind }: Suggestion) => {
    const found = props.kinds.find(({ code }) => code === kind);
    return found ? (zh ? found.titleZh : found.titleEn) : kind;
  };
  const { choose, chosen } = props;
  const columns: TableColumnsType<Suggestion> = [
    {
      key: 'rule',
      title: t('rule'),
      render: (_, one) => (
        <>
          {one.fields.map(({ name }) => name).join(', ')} · {kindOf(one)}
          <div className="small muted">{shortJson(one.params)}</div>
        </>
      ),
    },
    { key: 'origin', title: t('speaks'), width: 130, render: (_, { origin }) => t(`origin_${origin}`) },
    {
      key: 'evidence',
      title: t('evidence'),
      render: (_, { evidence, evidenceAt }) => (
        <>
          {evidence.map(({ name, value }) => `${name} ${value}`).join(', ')}
          <div className="small muted">
            <Moment at={evidenceAt} />
          </div>
        </>
      ),
    },
    {
      key: 'confidence',
      title: t('confidence'),
      width: 100,
      align: 'end',
      render: (_, { confidence }) => `${Math.round(confidence * 100)} %`,
    },
  ];
  return (
    <Table<Suggestion>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={[...props.suggestions]}
      pagination={props.suggestions.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      {...(choose && {
        rowSelection: { selectedRowKeys: [...chosen], onChange: (keys: React.Key[]) => choose(keys.map(String)) },
      })}
    />
  );
}

const LONGEST = 200;

function shortJson(params: unknown): string {
  const text = JSON.stringify(params);
  return text === '{}' ? '' : text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
