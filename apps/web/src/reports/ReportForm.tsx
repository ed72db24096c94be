import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { sourceNamesQuery } from '../sources/sources.queries';
import { Failed, Refusal } from '../ui/Failed';
import { showFaults } from '../ui/show-faults';
import { makeReport, type ReportWish } from './reports.queries';

/** A day as the reader's calendar has it, for instance 2026-06-01. */
const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

/** Asks for the report of a source and a period; begins with the last thirty days. */
export function ReportForm({ done }: { readonly done: () => void }) {
  const { t } = useTranslation('reports');
  const required = useTranslation('ui').t('required');
  const language = useLanguage();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<ReportWish>();
  const sources = useQuery(sourceNamesQuery);
  const make = useMutation({
    mutationFn: makeReport,
    onError: (error) => showFaults(form, error),
    onSuccess: async () => {
      void message.success(t('asked'));
      await queries.invalidateQueries({ queryKey: ['reports'] });
      done();
    },
  });
  if (sources.error) return <Failed error={sources.error} retry={sources.refetch} />;
  const now = new Date();
  const monthAgo = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 29);
  const rules = [{ required: true, message: required }];
  return (
    <Form<ReportWish>
      form={form}
      layout="vertical"
      onFinish={({ domain, owner, ...wish }) =>
        make.mutate({ ...wish, ...(domain && { domain }), ...(owner && { owner }) })
      }
      initialValues={{
        from: dayOf(monthAgo),
        to: dayOf(now),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        language: language === 'zh' ? 'ZH' : 'EN',
        kind: 'QUALITY',
        formats: ['PDF', 'XLSX'],
      }}
    >
      <Form.Item name="kind" label={t('kind')}>
        <Radio.Group
          options={(['QUALITY', 'REGISTER', 'RECONCILIATION'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </Form.Item>
      <Form.Item name="sourceId" label={t('source')}>
        <Select
          autoFocus
          allowClear
          placeholder={t('all')}
          loading={sources.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          notFoundContent={t('noSources')}
          options={sources.data?.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <div className="columns">
        <Form.Item name="domain" label={t('domain')}>
          <Input placeholder={t('all')} allowClear />
        </Form.Item>
        <Form.Item name="owner" label={t('owner')}>
          <Input placeholder={t('all')} allowClear />
        </Form.Item>
      </div>
      <div className="columns">
        <Form.Item name="from" label={t('from')} rules={rules}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="to" label={t('to')} rules={rules}>
          <Input type="date" />
        </Form.Item>
      </div>
      <Form.Item name="timeZone" label={t('timeZone')} rules={rules}>
        <Select
          showSearch
          options={Intl.supportedValuesOf('timeZone')
            .concat('UTC')
            .map((value) => ({ value, label: value }))}
        />
      </Form.Item>
      <Form.Item name="language" label={t('language')}>
        <Radio.Group options={(['ZH', 'EN'] as const).map((value) => ({ value, label: t(value) }))} />
      </Form.Item>
      <Form.Item name="formats" label={t('formats')} rules={rules}>
        <Checkbox.Group
          options={(['HTML', 'PDF', 'XLSX', 'CSV', 'JSON'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </Form.Item>
      <Refusal error={make.error} />
      <Button type="primary" htmlType="submit" loading={make.isPending} className="form-foot">
        {t('makeIt')}
      </Button>
    </Form>
  );
}
