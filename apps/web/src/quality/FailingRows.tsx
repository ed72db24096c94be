import { useMutation } from '@tanstack/react-query';
import { App, Button, Table, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { Moment } from '../ui/Moment';
import { useSentence } from '../ui/use-sentence';
import { type FailingSample, openFailingSample, type RuleResult } from './quality.queries';

/** Some rows that broke the rule: shown when somebody asks for them, which is written down. */
export function FailingRows({ result }: { readonly result: RuleResult }) {
  const { t } = useTranslation('quality');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const may = useMay('STEWARD', 'ENGINEER');
  const opened = useMutation({
    mutationFn: () => openFailingSample(result.id),
    onError: (error) => notification.error({ title: sentence(error) }),
  });
  const { failingSample } = result;
  if (!failingSample) return null;
  const { sample } = opened.data ?? {};
  return (
    <section>
      <Typography.Title level={5}>{t('failingRows')}</Typography.Title>
      {sample ? (
        <SampleTable sample={sample} />
      ) : (
        may &&
        failingSample.rowCount > 0 && (
          <p>
            <Button size="small" loading={opened.isPending} onClick={() => opened.mutate()}>
              {t('showRows', { count: failingSample.rowCount })}
            </Button>{' '}
            <Typography.Text type="secondary" className="small">
              {t('shownIsLogged')} {t('keptUntil')} <Moment at={failingSample.expiresAt} />
            </Typography.Text>
          </p>
        )
      )}
      {!sample && failingSample.withheld.length > 0 && <Withheld columns={failingSample.withheld} />}
    </section>
  );
}

function SampleTable({ sample }: { readonly sample: FailingSample }) {
  const { t } = useTranslation('quality');
  const rows = (sample.rows as readonly (readonly (string | null)[])[]).map((cells, key) => ({ key, cells }));
  return (
    <>
      <Table
        size="small"
        className="fit"
        pagination={false}
        dataSource={rows}
        columns={sample.columns.map((title, at) => ({
          title: sample.masked.includes(title) ? `${title} (${t('masked')})` : title,
          key: title,
          render: (_: unknown, { cells }: (typeof rows)[number]) => cells[at] ?? '—',
        }))}
      />
      {sample.withheld.length > 0 && <Withheld columns={sample.withheld} />}
    </>
  );
}

function Withheld({ columns }: { readonly columns: readonly string[] }) {
  const { t } = useTranslation('quality');
  return <Typography.Text type="secondary">{t('withheld', { columns: columns.join(', ') })}</Typography.Text>;
}
