import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select, Switch, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { Refusal } from '../ui/Failed';
import { Moment } from '../ui/Moment';
import { showFaults } from '../ui/show-faults';
import { scheduleHarvest, type ScheduleWish, type Source } from './sources.queries';

/** When a source is harvested by itself, and a way to say so. */
export function HarvestSchedule({ source }: { readonly source: Source }) {
  const { t } = useTranslation('sources');
  const may = useMay('ENGINEER');
  const [open, setOpen] = useState(false);
  const schedule = source.harvestSchedule;
  return (
    <>
      <Typography.Text type="secondary">
        {schedule ? (
          <>
            <span className="code-small">{schedule.cron}</span> {schedule.timeZone}
            {' · '}
            {schedule.enabled && source.pausedAt === null && (
              <>
                {t('scheduleNext')} <Moment at={schedule.nextAt} />
              </>
            )}
            {schedule.enabled && source.pausedAt !== null && t('schedulePaused')}
            {!schedule.enabled && t('scheduleOff')}
          </>
        ) : (
          t('scheduleNone')
        )}
      </Typography.Text>{' '}
      {may && (
        <Button size="small" type="link" onClick={() => setOpen(true)}>
          {t('schedule')}
        </Button>
      )}
      {open && <ScheduleForm source={source} close={() => setOpen(false)} />}
    </>
  );
}

function ScheduleForm({ source, close }: { readonly source: Source; readonly close: () => void }) {
  const { t } = useTranslation('sources');
  const required = useTranslation('ui').t('required');
  const queries = useQueryClient();
  const [form] = Form.useForm<ScheduleWish>();
  const keep = useMutation({
    mutationFn: (wish: ScheduleWish) => scheduleHarvest(source.id, wish),
    onError: (error) => showFaults(form, error),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries(),
  });
  const rules = [{ required: true, message: required }];
  return (
    <Modal
      open
      title={t('scheduleTitle')}
      okText={t('keep')}
      cancelText={t('retireNo')}
      confirmLoading={keep.isPending}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form<ScheduleWish>
        form={form}
        layout="vertical"
        onFinish={(wish) => keep.mutate(wish)}
        initialValues={
          source.harvestSchedule ?? {
            cron: '30 2 * * *',
            timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            enabled: true,
          }
        }
      >
        <Form.Item name="cron" label={t('scheduleCron')} extra={t('scheduleCronHint')} rules={rules}>
          <Input className="code-small" />
        </Form.Item>
        <Form.Item name="timeZone" label={t('scheduleZone')} rules={rules}>
          <Select
            showSearch
            options={[...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((value) => ({
              value,
              label: value,
            }))}
          />
        </Form.Item>
        <Form.Item name="enabled" label={t('scheduleOn')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Refusal error={keep.error} />
      </Form>
    </Modal>
  );
}
