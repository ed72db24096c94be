import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

import { Refusal } from '../ui/Failed';
import { Doorstep } from './Doorstep';
import { changePassword, type Me, meQuery } from './identity.queries';
import { useSignOut } from './use-sign-out';

/** Nothing else is allowed while an account still has its one-time password. */
export function ChangePasswordPage({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const required = useTranslation('ui').t('required');
  const queries = useQueryClient();
  const leave = useSignOut();
  const change = useMutation({
    mutationFn: ({ present, next }: { present: string; next: string }) => changePassword(present, next),
    onSuccess: () => queries.fetchQuery({ ...meQuery, staleTime: 0 }),
  });
  return (
    <Doorstep title={t('choosePassword')} lead={t('choosePasswordHint')}>
      <Form layout="vertical" requiredMark={false} size="large" onFinish={change.mutate}>
        {/* Lets a password manager know whose password this is. */}
        <input type="text" autoComplete="username" value={me.login} readOnly hidden />
        <Form.Item name="present" label={t('present')} rules={[{ required: true, message: required }]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        <Form.Item name="next" label={t('next')} extra={t('nextHint')} rules={[{ required: true, message: required }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('again')}
          dependencies={['next']}
          rules={[
            { required: true, message: required },
            ({ getFieldValue }) => ({
              validator: async (_, value: unknown) => {
                if (value && value !== getFieldValue('next')) throw new Error(t('differ'));
              },
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item hidden={!change.error}>
          <Refusal error={change.error} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={change.isPending}>
          {t('keep')}
        </Button>
        <Button type="link" block onClick={() => leave.mutate()}>
          {t('signOut')}
        </Button>
      </Form>
    </Doorstep>
  );
}
