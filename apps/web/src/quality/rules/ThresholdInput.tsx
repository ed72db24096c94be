import { Form, Input, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';

import { OPERATORS, type RuleValues } from './rule-values';

const METRICS = ['count', 'ratio', 'value'] as const;

/** When a rule fails, and when it warns; two sentences of which the ends are filled in. */
export function ThresholdInput() {
  const { t } = useTranslation('ruleForm');
  return (
    <div className="columns">
      <Form.Item name={['threshold', 'metric']} label={t('metric')}>
        <Select allowClear placeholder={t('count')} options={METRICS.map((value) => ({ value, label: t(value) }))} />
      </Form.Item>
      <Bound level="fail" />
      <Bound level="warn" />
    </div>
  );
}

function Bound({ level }: { readonly level: 'fail' | 'warn' }) {
  const { t } = useTranslation('ruleForm');
  const form = Form.useFormInstance<RuleValues>();
  const op = Form.useWatch(['threshold', level, 'op'], form);
  const isRange = op === 'between' || op === 'notBetween';
  return (
    <Form.Item label={t(level === 'fail' ? 'failWhen' : 'warnWhen')} extra={t(level === 'fail' ? 'always' : 'never')}>
      <Space.Compact block>
        <Form.Item name={['threshold', level, 'op']} noStyle>
          <Select
            allowClear
            aria-label={t(level === 'fail' ? 'failWhen' : 'warnWhen')}
            options={OPERATORS.map((value) => ({ value, label: t(value) }))}
          />
        </Form.Item>
        <Form.Item name={['threshold', level, 'value']} noStyle>
          <Input disabled={!op} inputMode="decimal" />
        </Form.Item>
        {isRange && (
          <Form.Item name={['threshold', level, 'max']} noStyle>
            <Input inputMode="decimal" />
          </Form.Item>
        )}
      </Space.Compact>
    </Form.Item>
  );
}
