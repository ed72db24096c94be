import { EditOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Descriptions, type DescriptionsProps, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useLanguage } from '../i18n/use-language';
import { useMay } from '../identity/me';
import { JobStateTag } from '../jobs/JobStateTag';
import { Moment } from '../ui/Moment';
import { sourcePath } from '../ui/paths';
import { useTitle } from '../ui/use-title';
import { type Dataset } from './dictionary.queries';
import { EntryForm } from './EntryForm';
import { KindTag } from './KindTag';
import { LevelTag } from './LevelTag';
import { Said } from './Said';

/** Both names of a dataset, and what is known of it as a whole. */
export function DatasetHeader({ dataset }: { readonly dataset: Dataset }) {
  const { t } = useTranslation('dictionary');
  const may = useMay('STEWARD');
  const [edited, setEdited] = useState(false);
  const { entry } = dataset;
  useTitle(entry?.businessName ? `${entry.businessName} (${dataset.name})` : dataset.name);
  return (
    <>
      <header className="page-head">
        <div>
          <div className="crumbs">
            <Link to={sourcePath(dataset.source.id)}>{dataset.source.name}</Link> › {dataset.scope}
          </div>
          <Typography.Title level={1} className="page-title">
            {dataset.name} <KindTag kind={dataset.kind} />
          </Typography.Title>
          <div className="business-name">
            {entry?.businessName ? (
              entry.businessName
            ) : (
              <Typography.Text type="secondary">{t('noBusinessName')}</Typography.Text>
            )}
          </div>
        </div>
        {may && !edited && (
          <Button
            icon={<EditOutlined />}
            aria-label={t('describeOf', { name: dataset.name })}
            onClick={() => setEdited(true)}
          >
            {t('describe')}
          </Button>
        )}
      </header>
      {!dataset.present && <Alert type="warning" showIcon title={t('gone')} className="stacked" />}
      <Card size="small" className="stacked">
        <div className="two-sides">
          <FromSource dataset={dataset} />
          {edited ? (
            <EntryForm assetId={dataset.id} name={dataset.name} entry={entry} done={() => setEdited(false)} />
          ) : (
            <FromPeople dataset={dataset} />
          )}
        </div>
      </Card>
    </>
  );
}

const layout = { size: 'small', column: { xs: 1, xl: 2 } } as const satisfies DescriptionsProps;

function FromSource({ dataset }: { readonly dataset: Dataset }) {
  const { t } = useTranslation('dictionary');
  const language = useLanguage();
  const { comment, rowEstimate, sourceOwner, source, urn } = dataset;
  return (
    <Descriptions
      {...layout}
      title={t('fromSource')}
      items={[
        { key: 'comment', label: t('comment'), children: comment ?? '—' },
        {
          key: 'rows',
          label: t('rows'),
          children: rowEstimate === null ? '—' : new Intl.NumberFormat(language).format(rowEstimate),
        },
        { key: 'owner', label: t('sourceOwner'), children: sourceOwner ?? '—' },
        {
          key: 'harvest',
          label: t('lastHarvest'),
          children: source.lastHarvest ? (
            <>
              <JobStateTag state={source.lastHarvest.state} /> <Moment at={source.lastHarvest.finishedAt} />
            </>
          ) : (
            '—'
          ),
        },
        {
          key: 'urn',
          span: 'filled',
          label: t('urn'),
          children: (
            <Typography.Text copyable className="code-small anywhere">
              {urn}
            </Typography.Text>
          ),
        },
      ]}
    />
  );
}

function FromPeople({ dataset: { entry, effectiveLevel } }: { readonly dataset: Dataset }) {
  const { t } = useTranslation('dictionary');
  return (
    <Descriptions
      {...layout}
      title={t('fromPeople')}
      extra={entry && <Said entry={entry} />}
      items={[
        {
          key: 'definition',
          span: 'filled',
          label: t('definition'),
          children: <span className="sentence">{entry?.definition || '—'}</span>,
        },
        { key: 'owner', label: t('owner'), children: entry?.owner || '—' },
        {
          key: 'level',
          label: t('securityLevel'),
          children: effectiveLevel ? (
            <>
              <LevelTag level={effectiveLevel.level} />
              <Typography.Text type="secondary" className="small">
                {effectiveLevel.field && `${t('levelOfField', { name: effectiveLevel.field.name })} · `}
                {t('describedBy', { who: effectiveLevel.setBy, origin: t(effectiveLevel.origin) })}
              </Typography.Text>
            </>
          ) : (
            '—'
          ),
        },
        {
          key: 'tags',
          label: t('tags'),
          children: entry && entry.tags.length > 0 ? entry.tags.map((tag) => <Tag key={tag}>{tag}</Tag>) : '—',
        },
      ]}
    />
  );
}
