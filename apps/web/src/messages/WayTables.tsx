import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Popconfirm, Popover, Space, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { useMay } from '../identity/me';
import { Failed } from '../ui/Failed';
import { Moment } from '../ui/Moment';
import { useSentence } from '../ui/use-sentence';
import {
  type Channel,
  removeChannel,
  removeSubscription,
  type Subscription,
  testChannel,
  waysQuery,
} from './messages.queries';

/** Ways to tell people something; each can be tried and removed. */
export function ChannelTable() {
  const { t } = useTranslation('messages');
  const administers = useMay('ADMINISTRATOR');
  const { data, error, refetch } = useQuery(waysQuery);
  if (error && !data) return <Failed error={error} retry={refetch} />;
  return (
    <Table<Channel>
      size="middle"
      rowKey="id"
      pagination={false}
      loading={!data}
      dataSource={data?.channels ?? []}
      locale={{ emptyText: t('noMessagesHint') }}
      columns={[
        { key: 'name', title: t('name'), dataIndex: 'name' },
        { key: 'kind', title: t('kind'), render: (_, { kind }) => t(kind) },
        { key: 'where', title: t('where'), dataIndex: 'host' },
        {
          key: 'state',
          title: t('state'),
          render: (_, { failingSince }) =>
            failingSince ? (
              <Tag color="error">
                {t('failing')} <Moment at={failingSince} />
              </Tag>
            ) : (
              <Tag color="success">{t('well')}</Tag>
            ),
        },
        {
          key: 'do',
          align: 'end',
          render: (_, channel) =>
            administers && (
              <Space>
                <Test channel={channel} />
                <Remove hint={t('removeSure')} remove={() => removeChannel(channel.id)} />
              </Space>
            ),
        },
      ]}
    />
  );
}

/** Who is told what; each can be removed. */
export function SubscriptionTable() {
  const { t } = useTranslation('messages');
  const may = useMay('STEWARD');
  const { data, error, refetch } = useQuery(waysQuery);
  if (error && !data) return <Failed error={error} retry={refetch} />;
  const channels = new Map(data?.channels.map(({ id, name }) => [id, name]));
  return (
    <Table<Subscription>
      size="middle"
      rowKey="id"
      pagination={false}
      loading={!data}
      dataSource={data?.noticeSubscriptions ?? []}
      locale={{ emptyText: t('noMessagesHint') }}
      columns={[
        {
          key: 'name',
          title: t('name'),
          render: (_, { name, channelId, recipients }) => (
            <>
              {name}
              <div className="small muted">
                {channels.get(channelId)} {recipients.join(', ')}
              </div>
            </>
          ),
        },
        {
          key: 'events',
          title: t('events'),
          render: (_, { events }) => events.map((event) => <Tag key={event}>{t(event)}</Tag>),
        },
        {
          key: 'filters',
          title: t('filters'),
          render: (_, { severities, domains, owners }) => [...severities, ...domains, ...owners].join(', ') || t('all'),
        },
        {
          key: 'times',
          title: t('times'),
          render: (_, { quietFrom, quietTo, digestMinutes, digestAt }) =>
            [
              ...(quietFrom && quietTo ? [t('quiet', { from: quietFrom, to: quietTo })] : []),
              ...(digestMinutes ? [t('everyMinutes', { minutes: digestMinutes })] : []),
              ...(digestAt ? [t('dailyAt', { at: digestAt })] : []),
            ].join(' · ') || '—',
        },
        {
          key: 'do',
          align: 'end',
          render: (_, { id }) => may && <Remove hint={t('removeSubscription')} remove={() => removeSubscription(id)} />,
        },
      ]}
    />
  );
}

function Remove({ hint, remove }: { readonly hint: string; readonly remove: () => Promise<unknown> }) {
  const { t } = useTranslation('messages');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: remove,
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['messages'] }),
  });
  return (
    <Popconfirm
      title={hint}
      okText={t('remove')}
      okButtonProps={{ danger: true }}
      cancelText={t('no')}
      onConfirm={() => act.mutate()}
    >
      <Button size="small" loading={act.isPending}>
        {t('remove')}
      </Button>
    </Popconfirm>
  );
}

function Test({ channel }: { readonly channel: Channel }) {
  const { t } = useTranslation('messages');
  const language = useLanguage();
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const [to, setTo] = useState('');
  const byMail = channel.kind === 'SMTP';
  const act = useMutation({
    mutationFn: () =>
      testChannel({ id: channel.id, recipients: byMail ? [to] : [], language: language === 'zh' ? 'ZH' : 'EN' }),
    onSuccess: ({ message }) =>
      message?.state === 'SENT'
        ? notification.success({ title: t('tested', { answer: message.answer }) })
        : notification.error({ title: t('testFailed', { answer: message?.answer ?? '' }) }),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['messages'] }),
  });
  const button = (onClick?: () => void) => (
    <Button size="small" loading={act.isPending} onClick={onClick}>
      {t('test')}
    </Button>
  );
  if (!byMail) return button(() => act.mutate());
  return (
    <Popover
      trigger="click"
      content={
        <Input.Search
          aria-label={t('testTo')}
          placeholder={t('testTo')}
          value={to}
          onChange={({ target }) => setTo(target.value)}
          enterButton={t('test')}
          onSearch={() => act.mutate()}
        />
      }
    >
      {button()}
    </Popover>
  );
}
