import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Descriptions, Form, Input, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { useLanguage } from '../i18n/use-language';
import { Refusal } from '../ui/Failed';
import { sourcePath } from '../ui/paths';
import { showFaults } from '../ui/show-faults';
import { SettingsForm } from './SettingsForm';
import {
  changeSource,
  type Connector,
  registerSource,
  type Source,
  type SourceTest,
  testSettings,
} from './sources.queries';

interface Values {
  readonly kind: string;
  readonly name: string;
  readonly owner?: string;
  readonly domain?: string;
  readonly environment?: string;
  readonly description?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What was not filled in is not sent. */
const filledIn = (settings: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value != null && value !== ''));

const inputOf = ({ name, owner, domain, environment, description, include, exclude, settings }: Values) => ({
  name,
  owner,
  domain,
  environment,
  description,
  include: include && include.length > 0 ? [...include] : null,
  exclude: [...(exclude ?? [])],
  settings: filledIn(settings),
});

/** Registers a source, or changes one; it can be tested before. */
export function SourceForm({
  connectors,
  source,
}: {
  readonly connectors: readonly Connector[];
  readonly source?: Source;
}) {
  const { t } = useTranslation('sources');
  const required = useTranslation('ui').t('required');
  const language = useLanguage();
  const go = useNavigate();
  const queries = useQueryClient();
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch('kind', form) ?? source?.kind ?? connectors[0]?.kind;
  const connector = connectors.find((one) => one.kind === kind);
  const onError = (error: Error) => showFaults(form, error);
  const keep = useMutation({
    mutationFn: (values: Values) =>
      source ? changeSource(source.id, inputOf(values)) : registerSource({ kind: values.kind, ...inputOf(values) }),
    onError,
    onSuccess: async (payload) => {
      await queries.invalidateQueries();
      await go(sourcePath(payload.source?.id ?? ''));
    },
  });
  const test = useMutation({
    mutationFn: ({ kind: ofKind, settings }: Values) =>
      testSettings({ kind: ofKind, settings: filledIn(settings), sourceId: source?.id ?? null }),
    onError,
  });
  const tryOut = async () => {
    const values = await form.validateFields().catch(() => undefined);
    if (values) test.mutate(values);
  };
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      className="narrow"
      scrollToFirstError={{ focus: true }}
      initialValues={{ ...source, kind, include: source?.include ?? [] }}
      onFinish={keep.mutate}
      onValuesChange={() => test.reset()}
    >
      <Card title={t('about')} className="stacked">
        <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: required }]}>
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <div className="columns">
          <Form.Item name="owner" label={t('owner')}>
            <Input />
          </Form.Item>
          <Form.Item name="domain" label={t('domain')} extra={t('domainHint')}>
            <Input />
          </Form.Item>
          <Form.Item name="environment" label={t('environment')} extra={t('environmentHint')}>
            <Input />
          </Form.Item>
        </div>
        <Form.Item name="description" label={t('description')}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Card>
      <Card title={t('connection')} className="stacked">
        <Form.Item
          name="kind"
          label={t('kind')}
          extra={connector && (language === 'zh' ? connector.descriptionZh : connector.descriptionEn)}
        >
          <Select
            disabled={source !== undefined}
            options={connectors.map((one) => ({
              value: one.kind,
              label: language === 'zh' ? one.titleZh : one.titleEn,
            }))}
          />
        </Form.Item>
        {connector && (
          <SettingsForm key={connector.kind} schema={connector.settingsSchema} registered={source !== undefined} />
        )}
        <div className="columns">
          <Form.Item name="include" label={t('include')} extra={t('includeHint')}>
            <Select mode="tags" open={false} suffixIcon={null} />
          </Form.Item>
          <Form.Item name="exclude" label={t('exclude')}>
            <Select mode="tags" open={false} suffixIcon={null} />
          </Form.Item>
        </div>
        {test.data && <TestReport test={test.data} />}
        <Refusal error={test.error} />
      </Card>
      <Refusal error={keep.error} />
      <Space className="form-foot">
        <Button type="primary" htmlType="submit" loading={keep.isPending}>
          {source ? t('keep') : t('save')}
        </Button>
        <Button onClick={() => void tryOut()} loading={test.isPending}>
          {t('test')}
        </Button>
      </Space>
    </Form>
  );
}

function TestReport({ test }: { readonly test: SourceTest }) {
  const { t } = useTranslation('sources');
  const type = test.ok ? (test.problems.length > 0 ? 'warning' : 'success') : 'error';
  return (
    <Alert
      type={type}
      showIcon
      role="status"
      title={test.ok ? t('testOk') : t('testBad')}
      description={
        <>
          {test.problems.map((sentence) => (
            <p key={sentence} className="sentence">
              {sentence}
            </p>
          ))}
          {test.ok && (
            <Descriptions
              size="small"
              column={2}
              items={[
                { key: 'server', label: t('testServer'), children: test.server ?? '—' },
                { key: 'user', label: t('testUser'), children: test.user ?? '—' },
                { key: 'scopes', label: t('testScopes'), children: test.scopes ?? '—' },
                {
                  key: 'datasets',
                  label: t('testDatasets'),
                  children: `${test.readableDatasets ?? '—'} / ${test.datasets ?? '—'}`,
                },
              ]}
            />
          )}
        </>
      }
    />
  );
}
