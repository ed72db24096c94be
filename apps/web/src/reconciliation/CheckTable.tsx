import { Table, type TableColumnsType, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Check } from './reconciliation.queries';

const COLORS = { PASS: 'success', FAIL: 'error', NOT_EVALUATED: 'default' } as const;
const KINDS = { ROW_COUNT: 'row_count', SUM: 'sum', GROUPS: 'groups', KEYS: 'keys' } as const;

/** The figures of both sides, check by check; groups that differ behind each. */
export function CheckTable({ checks }: { readonly checks: readonly Check[] }) {
  const { t } = useTranslation('reconciliation');
  const columns: TableColumnsType<Check> = [
    { key: 'check', title: t('check'), render: (_, { kind, of }) => t(KINDS[kind], { of }) },
    { key: 'left', title: t('left'), align: 'end', render: (_, { left }) => left ?? '—' },
    { key: 'right', title: t('right'), align: 'end', render: (_, { right }) => right ?? '—' },
    { key: 'difference', title: t('difference'), align: 'end', render: (_, each) => each.difference ?? '—' },
    {
      key: 'tolerance',
      title: t('tolerance'),
      render: (_, { absolute, relative }) =>
        Number(absolute) === 0 && Number(relative) === 0
          ? t('exact')
          : t('toleranceOf', { absolute, share: String(Number((Number(relative) * 100).toPrecision(6))) }),
    },
    { key: 'status', title: t('verdict'), render: (_, { status }) => <Tag color={COLORS[status]}>{t(status)}</Tag> },
  ];
  return (
    <Table<Check>
      size="small"
      aria-label={t('figures')}
      rowKey={({ kind, of }) => `${kind} ${of}`}
      columns={columns}
      dataSource={[...checks]}
      pagination={false}
      scroll={{ x: 700 }}
      expandable={{
        rowExpandable: ({ found }) => found.length > 0,
        expandedRowRender: ({ found }) => <Groups found={found} />,
      }}
    />
  );
}

type Group = Check['found'][number];

function Groups({ found }: { readonly found: readonly Group[] }) {
  const { t } = useTranslation('reconciliation');
  const columns: TableColumnsType<Group> = [
    { key: 'group', title: t('group'), render: (_, { group }) => group.map((value) => value ?? 'NULL').join(' + ') },
    { key: 'figure', title: t('figure'), render: (_, { figure }) => (figure === 'rows' ? t('rows') : figure) },
    { key: 'left', title: t('left'), align: 'end', render: (_, { left }) => left ?? '—' },
    { key: 'right', title: t('right'), align: 'end', render: (_, { right }) => right ?? '—' },
    { key: 'difference', title: t('difference'), align: 'end', render: (_, each) => each.difference ?? '—' },
  ];
  return (
    <Table<Group>
      size="small"
      rowKey={({ group, figure }) => JSON.stringify([group, figure])}
      columns={columns}
      dataSource={[...found]}
      pagination={false}
    />
  );
}
