import { useQuery } from '@tanstack/react-query';
import { Empty, Table, type TableColumnsType, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { Moment } from '../ui/Moment';
import { FailingRows } from './FailingRows';
import { type Rule, type RuleResult, ruleResultsQuery } from './quality.queries';
import { StatusTag } from './StatusTag';

/** What a rule found over time, and what exactly was asked of the source. */
export function RuleDetails({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation('quality');
  const { data: results, error, refetch } = useQuery(ruleResultsQuery(rule.id));
  if (error) return <Failed error={error} retry={refetch} />;
  if (!results) return <Loading />;
  const [latest] = results;
  if (!latest) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('noResults')} />;
  return (
    <div className="rule-details">
      {rule.description !== '' && <Typography.Paragraph>{rule.description}</Typography.Paragraph>}
      <FailingRows result={latest} />
      <section>
        <Typography.Title level={5}>{t('sql')}</Typography.Title>
        <Statements result={latest} />
      </section>
      <section>
        <Typography.Title level={5}>{t('history')}</Typography.Title>
        <History results={results} />
      </section>
    </div>
  );
}

function Statements({ result }: { readonly result: RuleResult }) {
  const { t } = useTranslation('quality');
  if (result.statements.length === 0) return <Typography.Text type="secondary">{t('sqlNone')}</Typography.Text>;
  return result.statements.map(({ purpose, sql, params, on }) => (
    <figure key={`${on} ${purpose}`} className="statement">
      <figcaption className="small muted">{purposeOf(purpose, t)}</figcaption>
      <pre className="code">{sql}</pre>
      {params.length > 0 && (
        <Typography.Text type="secondary" className="code-small">
          {t('params', { list: params.map((value, at) => `$${at + 1} = ${value}`).join(', ') })}
        </Typography.Text>
      )}
    </figure>
  ));
}

const PURPOSES = ['measure', 'other_side', 'failing_rows'] as const;

const purposeOf = (purpose: string, t: (key: (typeof PURPOSES)[number]) => string): string => {
  const known = PURPOSES.find((one) => one === purpose);
  return known ? t(known) : purpose;
};

function History({ results }: { readonly results: readonly RuleResult[] }) {
  const { t } = useTranslation('quality');
  const language = useLanguage();
  const count = (text: string | null) => (text === null ? '—' : new Intl.NumberFormat(language).format(BigInt(text)));
  const columns: TableColumnsType<RuleResult> = [
    { key: 'when', title: t('when'), width: 150, render: (_, { finishedAt }) => <Moment at={finishedAt} /> },
    { key: 'status', title: t('status'), width: 150, render: (_, { status }) => <StatusTag status={status} /> },
    { key: 'rows', title: t('rows'), width: 110, align: 'end', render: (_, { rows }) => count(rows) },
    { key: 'checked', title: t('checked'), width: 110, align: 'end', render: (_, { checked }) => count(checked) },
    { key: 'bad', title: t('violations'), width: 110, align: 'end', render: (_, { violations }) => count(violations) },
    {
      key: 'sentence',
      render: (_, { sentenceEn, sentenceZh }) => (language === 'zh' ? sentenceZh : sentenceEn),
    },
  ];
  return <Table<RuleResult> size="small" rowKey="id" columns={columns} dataSource={[...results]} pagination={false} />;
}
