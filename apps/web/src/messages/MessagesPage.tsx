import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Empty, Segmented, type TableColumnsType, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { useMay } from '../identity/me';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { PagedTable } from '../ui/PagedTable';
import { useCursor } from '../ui/use-cursor';
import { useSentence } from '../ui/use-sentence';
import { type Message, messagesQuery, sendAgain } from './messages.queries';
import { ChannelTable, SubscriptionTable } from './WayTables';

const SIZE = 20;
const TABS = ['sentOnes', 'channels', 'subscriptions'] as const;
type Tab = (typeof TABS)[number];

export default function MessagesPage() {
  const { t } = useTranslation('messages');
  const may = useMay('STEWARD', 'COMPLIANCE');
  const [tab, setTab] = useState<Tab>('sentOnes');
  return (
    <Page
      title={t('messages')}
      hint={t('hint')}
      actions={
        <Segmented<Tab>
          aria-label={t('messages')}
          value={tab}
          onChange={setTab}
          options={TABS.map((value) => ({ value, label: t(value) }))}
        />
      }
    >
      {!may && <Empty description={t('notForYou')} />}
      {may && tab === 'sentOnes' && <Sent />}
      {may && tab === 'channels' && <ChannelTable />}
      {may && tab === 'subscriptions' && <SubscriptionTable />}
    </Page>
  );
}

const COLORS = { WAITING: 'processing', SENT: 'success', FAILED: 'error' } as const satisfies Record<
  Message['state'],
  string
>;

function Sent() {
  const { t } = useTranslation('messages');
  const [params] = useSearchParams();
  const failedOnly = params.get('state') === 'FAILED';
  const cursor = useCursor(String(failedOnly));
  const { data, error, refetch } = useQuery({
    ...messagesQuery({ first: SIZE, after: cursor.after, states: failedOnly ? ['FAILED'] : null }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  const columns: TableColumnsType<Message> = [
    {
      key: 'subject',
      title: t('subject'),
      render: (_, { subject, body }) => (
        <details>
          <summary>{subject}</summary>
          <pre className="small sentence">{body}</pre>
        </details>
      ),
    },
    {
      key: 'channel',
      title: t('channel'),
      width: 180,
      render: (_, { channelName, subscriptionName }) => (
        <>
          {channelName}
          <div className="small muted">{subscriptionName}</div>
        </>
      ),
    },
    { key: 'to', title: t('to'), width: 200, render: (_, { recipients }) => recipients.join(', ') },
    {
      key: 'state',
      title: t('state'),
      width: 220,
      render: (_, { state, attempts, answer }) => (
        <>
          <Tag color={COLORS[state]}>{t(state)}</Tag>
          <div className="small muted sentence">
            {attempts > 1 && `${t('tries', { count: attempts })} · `}
            {answer}
          </div>
        </>
      ),
    },
    { key: 'when', title: t('when'), width: 130, render: (_, { madeAt }) => <Moment at={madeAt} /> },
    {
      key: 'do',
      width: 120,
      align: 'end',
      render: (_, message) => message.state === 'FAILED' && <Again {...message} />,
    },
  ];
  return (
    <PagedTable
      columns={columns}
      answer={data}
      error={error}
      retry={refetch}
      cursor={cursor}
      size={SIZE}
      empty={t('noMessages')}
      hint={t('noMessagesHint')}
    />
  );
}

function Again({ id }: { readonly id: string }) {
  const { t } = useTranslation('messages');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD');
  const act = useMutation({
    mutationFn: () => sendAgain(id),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['messages'] }),
  });
  if (!may) return null;
  return (
    <Button size="small" loading={act.isPending} onClick={() => act.mutate()}>
      {t('again')}
    </Button>
  );
}
