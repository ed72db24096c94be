import { EditOutlined, KeyOutlined, LinkOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Empty, Input, Table, type TableColumnsType, Tag, Tooltip, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { type Dataset, type Field } from './dictionary.queries';
import { EntryForm } from './EntryForm';
import { LevelTag } from './LevelTag';
import { Said } from './Said';
import { FieldFigures } from './FieldFigures';
import { StatisticsLine } from './StatisticsLine';

/** The columns of a dataset: what the source says of each, beside what people say of it. */
export function ColumnsTab({ dataset, marked }: { readonly dataset: Dataset; readonly marked: string | null }) {
  const { t } = useTranslation('dictionary');
  const may = useMay('STEWARD');
  const [text, setText] = useState('');
  const [edited, setEdited] = useState<string>();
  const wanted = text.trim().toLowerCase();
  const fields = dataset.fields.filter(({ name, entry }) =>
    [name, entry?.businessName ?? ''].some((one) => one.toLowerCase().includes(wanted)),
  );
  const columns: TableColumnsType<Field> = [
    {
      key: 'source',
      title: t('fromSource'),
      className: 'from-source',
      children: [
        { key: 'ordinal', title: '#', dataIndex: 'ordinal', width: 52, align: 'end' },
        {
          key: 'name',
          title: t('name'),
          width: 190,
          render: (_, field) => <FieldName field={field} keys={dataset.keys} />,
        },
        {
          key: 'type',
          title: t('type'),
          width: 140,
          render: (_, { nativeType, nullable }) => (
            <>
              <span className="code-small">{nativeType}</span>
              {!nullable && (
                <Typography.Text type="secondary" className="small">
                  {t('nullableNo')}
                </Typography.Text>
              )}
            </>
          ),
        },
        { key: 'comment', title: t('comment'), width: 180, render: (_, field) => <FromSource field={field} /> },
        ...(dataset.statistics?.takenAt == null
          ? []
          : [
              {
                key: 'statistics',
                title: t('statistics'),
                width: 150,
                render: (_: unknown, { statistics }: Field) => statistics && <FieldFigures statistics={statistics} />,
              },
            ]),
      ],
    },
    {
      key: 'people',
      title: t('fromPeople'),
      className: 'from-people',
      children: [
        {
          key: 'said',
          title: `${t('businessName')} · ${t('definition')}`,
          className: 'from-people',
          width: 240,
          render: (_, { entry }) =>
            entry && (
              <>
                <strong>{entry.businessName}</strong>
                <div className="sentence">{entry.definition}</div>
                <Said entry={entry} />
              </>
            ),
        },
        {
          key: 'owner',
          title: t('owner'),
          className: 'from-people',
          width: 120,
          render: (_, { entry }) => entry?.owner,
        },
        {
          key: 'tags',
          title: `${t('securityLevel')} · ${t('tags')}`,
          className: 'from-people',
          width: 170,
          render: (_, { entry }) => (
            <>
              <LevelTag level={entry?.securityLevel} />
              {entry?.tags.map((tag) => (
                <Tag key={tag}>{tag}</Tag>
              ))}
            </>
          ),
        },
        ...(may
          ? [
              {
                key: 'edit',
                className: 'from-people',
                width: 56,
                render: (_: unknown, { id, name }: Field) => (
                  <Button
                    type="text"
                    icon={<EditOutlined />}
                    aria-label={t('describeOf', { name })}
                    aria-expanded={edited === id}
                    onClick={() => setEdited(edited === id ? undefined : id)}
                  />
                ),
              },
            ]
          : []),
      ],
    },
  ];
  return (
    <>
      <div className="results-head">
        <div>
          <Typography.Text type="secondary">{t('columnsHint')}</Typography.Text>
          <StatisticsLine dataset={dataset} />
        </div>
        <Input
          allowClear
          className="filter"
          prefix={<SearchOutlined />}
          aria-label={t('filterColumns')}
          placeholder={t('filterColumns')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Table<Field>
        size="small"
        bordered
        rowKey="id"
        columns={columns}
        dataSource={fields}
        pagination={fields.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
        rowClassName={({ id }) => (id === marked ? 'marked' : '')}
        onRow={({ id }) => ({ 'aria-current': id === marked ? true : undefined })}
        scroll={{ x: 1180 }}
        expandable={{
          expandedRowKeys: edited === undefined ? [] : [edited],
          showExpandColumn: false,
          expandedRowRender: ({ id, name, entry }) => (
            <EntryForm assetId={id} name={name} entry={entry} done={() => setEdited(undefined)} />
          ),
        }}
        locale={{
          emptyText: (
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description={t(dataset.fields.length === 0 ? 'noColumns' : 'noColumnsLike')}
            />
          ),
        }}
      />
    </>
  );
}

function FieldName({ field, keys }: { readonly field: Field; readonly keys: Dataset['keys'] }) {
  const { t } = useTranslation('dictionary');
  const mine = keys.filter(({ fields }) => fields.includes(field.name));
  const wordOf = (key: Dataset['keys'][number]) =>
    key.kind === 'primary'
      ? t('keyPrimary')
      : key.kind === 'unique'
        ? t('keyUnique')
        : t('keyForeign', { to: `${key.refQualifiedName ?? '?'} (${key.refFields?.join(', ') ?? ''})` });
  return (
    <span className="field-name">
      {field.name}{' '}
      {mine.map((key) => (
        <Tooltip key={key.name} title={wordOf(key)}>
          <span role="img" aria-label={wordOf(key)} className={`key key-${key.kind}`}>
            {key.kind === 'foreign' ? <LinkOutlined /> : <KeyOutlined />}
          </span>
        </Tooltip>
      ))}
    </span>
  );
}

function FromSource({ field: { comment, defaultExpression, generated } }: { readonly field: Field }) {
  const { t } = useTranslation('dictionary');
  return (
    <>
      {comment}
      {generated !== null && (
        <Typography.Text type="secondary" className="small">
          {t('generated', { text: generated })}
        </Typography.Text>
      )}
      {defaultExpression !== null && (
        <Typography.Text type="secondary" className="small">
          {t('default', { text: defaultExpression })}
        </Typography.Text>
      )}
    </>
  );
}
