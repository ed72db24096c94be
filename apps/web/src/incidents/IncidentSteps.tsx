import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { Refusal } from '../ui/Failed';
import { showFaults } from '../ui/show-faults';
import { assigneesQuery, type Cause, type StepWish, takeStep, type WholeIncident } from './incidents.queries';

type Step = WholeIncident['possibleSteps'][number];

const CAUSES: Cause[] = [
  'SOURCE_ENTRY',
  'ETL_DEFECT',
  'SCHEMA_CHANGE',
  'LATE_ARRIVAL',
  'STANDARD_MISSING',
  'RULE_WRONG',
  'OPERATIONS',
  'OTHER',
];
const WITH_CAUSE: readonly Step[] = ['AWAIT_VERIFICATION', 'SET_CAUSE'];
const WITH_REASON: readonly Step[] = ['MARK_FALSE_POSITIVE', 'REOPEN', 'CHANGE_SEVERITY', 'REQUEST_WAIVER'];

/** What can be done with an incident as it stands, as buttons; each asks for what the step needs. */
export function IncidentSteps({ incident }: { readonly incident: WholeIncident }) {
  const { t } = useTranslation('incidents');
  const [steward, works, speaks, rates] = [
    useMay('STEWARD'),
    useMay('STEWARD', 'ENGINEER'),
    useMay('STEWARD', 'ENGINEER', 'COMPLIANCE'),
    useMay('STEWARD', 'COMPLIANCE'),
  ];
  const [step, setStep] = useState<Step>();
  const may = (one: Step): boolean => {
    if (one === 'MARK_FALSE_POSITIVE') return steward;
    if (one === 'CHANGE_SEVERITY') return rates;
    return one === 'COMMENT' || one === 'REOPEN' ? speaks : works;
  };
  return (
    <Space wrap>
      {incident.possibleSteps.filter(may).map((one, place) => (
        <Button key={one} type={place === 0 ? 'primary' : 'default'} onClick={() => setStep(one)}>
          {t(one.toLowerCase() as Lowercase<Step>)}
        </Button>
      ))}
      {step && <StepDialog key={step} incident={incident} step={step} close={() => setStep(undefined)} />}
    </Space>
  );
}

function StepDialog({ incident, step, close }: { incident: WholeIncident; step: Step; close: () => void }) {
  const { t } = useTranslation('incidents');
  const required = useTranslation('ui').t('required');
  const queries = useQueryClient();
  const [form] = Form.useForm<StepWish>();
  const people = useQuery({ ...assigneesQuery, enabled: step === 'ASSIGN' });
  const act = useMutation({
    mutationFn: (wish: StepWish) => takeStep(incident, step, wish),
    onSuccess: close,
    onError: (error) => showFaults(form, error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  });
  const must = [{ required: true, message: required }];
  const reason = WITH_REASON.includes(step);
  return (
    <Modal
      open
      title={t(step.toLowerCase() as Lowercase<Step>)}
      okText={t('send')}
      onOk={form.submit}
      confirmLoading={act.isPending}
      onCancel={close}
    >
      <Form<StepWish>
        form={form}
        layout="vertical"
        onFinish={act.mutate}
        initialValues={{ severity: incident.severity }}
      >
        {step === 'ASSIGN' && (
          <Form.Item name="assignee" label={t('assignTo')}>
            <Select
              autoFocus
              allowClear
              showSearch
              options={people.data?.map(({ login, displayName }) => ({
                value: login,
                label: `${displayName} (${login})`,
              }))}
            />
          </Form.Item>
        )}
        {WITH_CAUSE.includes(step) && (
          <Form.Item name="cause" label={t('cause')} rules={must}>
            <Select autoFocus options={CAUSES.map((value) => ({ value, label: t(value) }))} />
          </Form.Item>
        )}
        {step === 'CHANGE_SEVERITY' && (
          <Form.Item name="severity" label={t('severity')} rules={must}>
            <Select options={(['S1', 'S2', 'S3', 'S4'] as const).map((value) => ({ value, label: value }))} />
          </Form.Item>
        )}
        {step === 'REQUEST_WAIVER' && (
          <Form.Item name="until" label={t('until')} rules={[{ required: true, message: t('noEnd') }]}>
            <Input type="datetime-local" />
          </Form.Item>
        )}
        {step !== 'ASSIGN' && step !== 'ACKNOWLEDGE' && (
          <Form.Item
            name="text"
            label={t(reason ? 'reason' : 'commentLabel')}
            rules={reason || step === 'COMMENT' ? must : []}
          >
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={4_000} />
          </Form.Item>
        )}
        <Refusal error={act.error} />
      </Form>
    </Modal>
  );
}
