import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Segmented, type TableColumnsType, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { PagedTable } from '../ui/PagedTable';
import { useCursor } from '../ui/use-cursor';
import { DecideBreak } from './DecideBreak';
import { keyText } from './key-text';
import { type Break, breaksQuery } from './reconciliation.queries';

const SIZE = 20;
const SHOWN = { notClosed: ['OPEN', 'EXPLAINED', 'WRITTEN_OFF'], CLOSED: ['CLOSED'] } as const;
type Shown = keyof typeof SHOWN;
const COLORS = { OPEN: 'error', EXPLAINED: 'blue', WRITTEN_OFF: 'default', CLOSED: 'success' } as const;

/** Breaks with what differs and how old they are. */
export function BreakTable({ reconciliationId }: { readonly reconciliationId: string }) {
  const { t } = useTranslation('reconciliation');
  const [shown, setShown] = useState<Shown>('notClosed');
  const cursor = useCursor(shown);
  const { data, error, refetch } = useQuery({
    ...breaksQuery({ id: reconciliationId, first: SIZE, after: cursor.after, states: [...SHOWN[shown]] }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
  const columns: TableColumnsType<Break> = [
    { key: 'key', title: t('key'), render: (_, { key }) => <span className="sentence">{keyText(key)}</span> },
    { key: 'kind', title: t('kind'), width: 170, render: (_, { kind }) => t(kind) },
    { key: 'differs', title: t('differs'), render: (_, found) => <Differs found={found} /> },
    { key: 'age', title: t('age'), width: 100, render: (_, { openDays }) => t('days', { count: openDays }) },
    {
      key: 'state',
      title: t('state'),
      width: 200,
      render: (_, { state, reason, decidedBy }) => (
        <>
          <Tag color={COLORS[state]}>{t(state)}</Tag>
          {reason !== '' && (
            <div className="small muted sentence">
              {reason} — {decidedBy}
            </div>
          )}
        </>
      ),
    },
    {
      key: 'do',
      width: 110,
      align: 'end',
      render: (_, found) => found.state !== 'CLOSED' && <DecideBreak found={found} />,
    },
  ];
  return (
    <>
      <Segmented<Shown>
        aria-label={t('state')}
        value={shown}
        onChange={setShown}
        options={(['notClosed', 'CLOSED'] as const).map((value) => ({ value, label: t(value) }))}
        style={{ marginBottom: 12 }}
      />
      <PagedTable
        columns={columns}
        answer={data}
        error={error}
        retry={refetch}
        cursor={cursor}
        size={SIZE}
        empty={t('noBreaks')}
        hint={t('noBreaksHint')}
      />
    </>
  );
}

function Differs({ found }: { readonly found: Break }) {
  const { t } = useTranslation('reconciliation');
  if (found.kind === 'DUPLICATE_KEY' || found.kind === 'NULL_KEY')
    return <>{t('rowsOf', { left: found.leftRows, right: found.rightRows })}</>;
  if (found.kind !== 'VALUE_DIFFERS') return <>—</>;
  return (
    <>
      {found.values.map(({ column, left, right }) => (
        <div key={column} className="sentence">
          <span className="muted">{column}</span> {left ?? 'NULL'} → {right ?? 'NULL'}
        </div>
      ))}
    </>
  );
}
