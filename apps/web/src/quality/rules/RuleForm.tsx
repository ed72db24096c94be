import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Collapse, Drawer, Form, Input, Select, Space, Switch, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../../i18n/use-language';
import { Failed, Refusal } from '../../ui/Failed';
import { Loading } from '../../ui/Loading';
import { fieldsOf, type SchemaField } from '../../ui/schema-inputs';
import { SchemaInput } from '../../ui/SchemaInput';
import { showFaults } from '../../ui/show-faults';
import { StatusTag } from '../StatusTag';
import {
  type FormKind,
  keepRule,
  otherDatasetQuery,
  otherDatasetsQuery,
  type RuleContent,
  ruleContentQuery,
  type RuleFormFacts,
  ruleFormQuery,
  type Trial,
  tryRule,
} from './rule-form.queries';
import { COMMON, inputOf, jsonFault, type RuleValues, valuesOf } from './rule-values';
import { ThresholdInput } from './ThresholdInput';

interface Place {
  readonly datasetId: string;
  /** Left out for a new one. */
  readonly ruleId?: string;
  readonly close: () => void;
}

/** Writes a rule in a drawer beside the rules that are there; it can be tried before it is kept. */
export function RuleDrawer(props: Place) {
  const { t } = useTranslation('ruleForm');
  return (
    <Drawer
      open
      destroyOnHidden
      keyboard={false}
      mask={{ closable: false }}
      size={720}
      title={t('title')}
      onClose={props.close}
    >
      <WithFacts {...props} />
    </Drawer>
  );
}

function WithFacts(props: Place) {
  const facts = useQuery(ruleFormQuery(props.datasetId));
  const rule = useQuery({ ...ruleContentQuery(props.ruleId ?? ''), enabled: props.ruleId !== undefined });
  const error = facts.error ?? rule.error;
  if (error) return <Failed error={error} />;
  if (!facts.data || (props.ruleId !== undefined && !rule.data)) return <Loading />;
  return <RuleForm {...props} facts={facts.data} rule={rule.data} />;
}

const DIMENSIONS = [
  'COMPLETENESS',
  'VALIDITY',
  'ACCURACY',
  'CONSISTENCY',
  'UNIQUENESS',
  'TIMELINESS',
  'ACCESSIBILITY',
] as const;
const SEVERITIES = ['S1', 'S2', 'S3', 'S4'] as const;

function RuleForm({
  datasetId,
  ruleId,
  close,
  facts,
  rule,
}: Place & { readonly facts: RuleFormFacts; readonly rule: RuleContent | undefined }) {
  const { t } = useTranslation('ruleForm');
  const { t: tq } = useTranslation('quality');
  const { t: tu } = useTranslation('ui');
  const language = useLanguage();
  const queries = useQueryClient();
  const [form] = Form.useForm<RuleValues>();
  const [trial, setTrial] = useState<Trial | null>();
  const code = Form.useWatch('kind', form) ?? rule?.kind;
  const otherId = Form.useWatch('otherDatasetId', form) ?? rule?.otherDatasetId ?? undefined;
  const kind = facts.ruleKinds.find((one) => one.code === code);
  const params = kind ? fieldsOf(kind.params, language) : [];
  const all = fieldsOf(facts.ruleSchema, language);
  const common = COMMON.flatMap((name) => all.find((one) => one.name === name) ?? []).filter(
    ({ name }) => name !== 'nullPolicy' || kind?.nullPolicy === true,
  );
  const other = useQuery({ ...otherDatasetQuery(otherId ?? ''), enabled: otherId !== undefined });
  const fields = facts.dataset.fields;
  const columnsOf = (dataset: string) =>
    (dataset === 'other' ? (other.data?.fields ?? []) : fields).map(({ name }) => name);
  const onError = (error: Error) => showFaults(form, error);
  const named = (values: RuleValues): RuleValues => {
    if (values.nameZh?.trim() || values.nameEn?.trim()) return values;
    const columns = (values.fieldIds ?? []).map((id) => fields.find((field) => field.id === id)?.name).join(', ');
    const of = (title: string) => (columns === '' ? title : `${title}: ${columns}`).slice(0, 200);
    return { ...values, nameZh: of(kind?.titleZh ?? ''), nameEn: of(kind?.titleEn ?? '') };
  };
  const keep = useMutation({
    mutationFn: (values: RuleValues) => keepRule(datasetId, ruleId, inputOf(named(values), params, common)),
    onError,
    onSuccess: async () => {
      await queries.invalidateQueries();
      close();
    },
  });
  const attempt = useMutation({
    mutationFn: (values: RuleValues) => tryRule(datasetId, inputOf(named(values), params, common)),
    onError,
    onSuccess: setTrial,
  });
  const tryOut = async () => {
    const values = await form.validateFields().catch(() => undefined);
    if (values) attempt.mutate(values);
  };
  return (
    <Form<RuleValues>
      form={form}
      layout="vertical"
      scrollToFirstError={{ focus: true }}
      initialValues={rule ? valuesOf(rule, params, common) : { severity: 'S3', enabled: true }}
      onFinish={keep.mutate}
      onValuesChange={() => setTrial(undefined)}
    >
      <KindInput kinds={facts.ruleKinds} kind={kind} />
      {kind && kind.mostFields > 0 && (
        <Form.Item
          name="fieldIds"
          label={t('fields')}
          rules={[{ required: kind.fewestFields > 0, message: tu('required') }]}
        >
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            maxCount={kind.mostFields}
            options={fields.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      )}
      {kind && kind.otherDataset !== 'none' && <OtherDataset chosen={other.data} />}
      {kind && params.length > 0 && <SchemaItems of={params} under="params" columnsOf={columnsOf} key={kind.code} />}
      {kind && <ThresholdInput />}
      <div className="columns">
        <Form.Item name="nameZh" label={t('nameZh')} extra={t('nameHint')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="nameEn" label={t('nameEn')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="severity" label={t('severity')}>
          <Select options={SEVERITIES.map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="dimension" label={t('dimension')}>
          <Select
            allowClear
            placeholder={t('ofKind')}
            options={DIMENSIONS.map((value) => ({ value, label: tq(value) }))}
          />
        </Form.Item>
        <Form.Item name="owner" label={t('owner')}>
          <Input />
        </Form.Item>
        <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </div>
      <Form.Item name="description" label={t('description')}>
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
      </Form.Item>
      <Collapse
        ghost
        items={[{ key: 'more', label: t('more'), forceRender: true, children: <SchemaItems of={common} /> }]}
      />
      {attempt.isPending && <Typography.Text type="secondary">{t('trying')}</Typography.Text>}
      {trial && <TrialReport trial={trial} />}
      <Refusal error={keep.error ?? attempt.error} />
      <Space className="form-foot">
        <Button type="primary" htmlType="submit" loading={keep.isPending}>
          {t('save')}
        </Button>
        <Button onClick={() => void tryOut()} loading={attempt.isPending}>
          {t('tryOut')}
        </Button>
      </Space>
    </Form>
  );
}

function KindInput({ kinds, kind }: { readonly kinds: readonly FormKind[]; readonly kind: FormKind | undefined }) {
  const { t } = useTranslation('ruleForm');
  const { t: tq } = useTranslation('quality');
  const { t: tu } = useTranslation('ui');
  const zh = useLanguage() === 'zh';
  return (
    <Form.Item
      name="kind"
      label={t('kind')}
      extra={kind && (zh ? kind.descriptionZh : kind.descriptionEn)}
      rules={[{ required: true, message: tu('required') }]}
    >
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        options={DIMENSIONS.flatMap((dimension) => {
          const own = kinds.filter((one) => one.dimension === dimension);
          if (own.length === 0) return [];
          const options = own.map((one) => ({ value: one.code, label: zh ? one.titleZh : one.titleEn }));
          return [{ label: tq(dimension), title: dimension, options }];
        })}
      />
    </Form.Item>
  );
}

function OtherDataset({ chosen }: { readonly chosen: { id: string; qualifiedName: string } | undefined }) {
  const { t } = useTranslation('ruleForm');
  const { t: tu } = useTranslation('ui');
  const [search, setSearch] = useState('');
  const { data = [], isFetching } = useQuery(otherDatasetsQuery(search));
  const found = data.map(({ id, qualifiedName, source }) => ({
    value: id,
    label: `${qualifiedName}${source ? ` · ${source.name}` : ''}`,
  }));
  const missing = chosen && !found.some(({ value }) => value === chosen.id);
  return (
    <Form.Item name="otherDatasetId" label={t('otherDataset')} rules={[{ required: true, message: tu('required') }]}>
      <Select
        showSearch={{ filterOption: false, onSearch: setSearch }}
        loading={isFetching}
        options={missing ? [{ value: chosen.id, label: chosen.qualifiedName }, ...found] : found}
      />
    </Form.Item>
  );
}

function SchemaItems({
  of,
  under,
  columnsOf,
}: {
  readonly of: readonly SchemaField[];
  readonly under?: string;
  readonly columnsOf?: (dataset: string) => readonly string[];
}) {
  const { t } = useTranslation('ui');
  return (
    <div className="columns columns-wide">
      {of.map(({ name, label, hint, required, start, input }) => (
        <Form.Item
          key={name}
          name={under === undefined ? name : [under, name]}
          label={label}
          extra={hint}
          initialValue={input.kind === 'json' && start !== undefined ? JSON.stringify(start) : start}
          valuePropName={input.kind === 'switch' ? 'checked' : 'value'}
          rules={[
            { required, message: t('required') },
            {
              validator: (_, value: unknown) => {
                const why = input.kind === 'json' ? jsonFault(value) : undefined;
                return why === undefined ? Promise.resolve() : Promise.reject(new Error(t('notJson', { why })));
              },
            },
          ]}
        >
          <SchemaInput input={input} columnsOf={columnsOf} />
        </Form.Item>
      ))}
    </div>
  );
}

function TrialReport({ trial }: { readonly trial: Trial }) {
  const { t } = useTranslation('ruleForm');
  const zh = useLanguage() === 'zh';
  return (
    <Alert
      type={trial.status === 'PASS' ? 'success' : trial.status === 'ERROR' ? 'error' : 'warning'}
      role="status"
      title={
        <>
          <StatusTag status={trial.status} /> {zh ? trial.sentenceZh : trial.sentenceEn}
        </>
      }
      description={
        <>
          <Typography.Text type="secondary">{t('trialNote')}</Typography.Text>
          {trial.statements.map(({ sql }) => (
            <pre key={sql} className="code">
              {sql}
            </pre>
          ))}
        </>
      }
    />
  );
}
