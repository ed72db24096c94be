import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';

import { Refusal } from '../ui/Failed';
import { describeAsset, type Entry, type SecurityLevel } from './dictionary.queries';
import { LEVELS } from './LevelTag';

interface Values {
  readonly businessName: string;
  readonly definition: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly securityLevel: SecurityLevel | null | undefined;
}

const valuesOf = (entry: Entry | null): Values => ({
  businessName: entry?.businessName ?? '',
  definition: entry?.definition ?? '',
  owner: entry?.owner ?? '',
  tags: entry?.tags ?? [],
  securityLevel: entry?.securityLevel,
});

/** What a steward says of a dataset or a field, edited where it stands. Only what was changed is sent. */
export function EntryForm(props: {
  readonly assetId: string;
  readonly name: string;
  readonly entry: Entry | null;
  readonly done: () => void;
}) {
  const { assetId, name, entry, done } = props;
  const { t } = useTranslation('dictionary');
  const ui = useTranslation('ui').t;
  const { message } = App.useApp();
  const queries = useQueryClient();
  const before = valuesOf(entry);
  const describe = useMutation({
    mutationFn: (now: Values) =>
      describeAsset({ id: assetId, expectedRevision: entry?.revision ?? 0, ...changed(before, now) }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      void message.success(t('saved', { name }));
      done();
    },
  });
  return (
    <Form<Values>
      layout="vertical"
      initialValues={before}
      onFinish={describe.mutate}
      className="entry-form"
      aria-label={t('describeOf', { name })}
      onKeyDown={(event) => event.key === 'Escape' && done()}
    >
      <div className="columns">
        <Form.Item name="businessName" label={t('businessName')}>
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <Form.Item name="owner" label={t('owner')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="securityLevel" label={t('securityLevel')}>
          <Select allowClear options={LEVELS.map((value) => ({ value, label: t(value) }))} />
        </Form.Item>
      </div>
      <Form.Item name="definition" label={t('definition')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="tags" label={t('tags')} extra={t('tagsHint')}>
        <Select mode="tags" open={false} suffixIcon={null} />
      </Form.Item>
      <Refusal error={describe.error} />
      <Space className="form-foot">
        <Button type="primary" htmlType="submit" loading={describe.isPending}>
          {ui('save')}
        </Button>
        <Button onClick={done}>{ui('cancel')}</Button>
      </Space>
    </Form>
  );
}

function changed(before: Values, now: Values) {
  const text = (key: 'businessName' | 'definition' | 'owner') =>
    now[key].trim() === before[key] ? {} : { [key]: now[key].trim() === '' ? null : now[key].trim() };
  return {
    ...text('businessName'),
    ...text('definition'),
    ...text('owner'),
    ...(now.tags.join('\n') !== before.tags.join('\n') && { tags: [...now.tags] }),
    ...(now.securityLevel !== before.securityLevel && { securityLevel: now.securityLevel ?? null }),
  };
}
