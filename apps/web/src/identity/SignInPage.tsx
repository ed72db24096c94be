import { LockOutlined, UserOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { Refusal } from '../ui/Failed';
import { Doorstep } from './Doorstep';
import { meQuery, signIn } from './identity.queries';

export function SignInPage() {
  const { t } = useTranslation('identity');
  const queries = useQueryClient();
  const enter = useMutation({
    mutationFn: ({ login, password }: { login: string; password: string }) => signIn(login, password),
    onSuccess: () => queries.fetchQuery({ ...meQuery, staleTime: 0 }),
  });
  return (
    <Doorstep title={t('signIn')} lead={t('lead')}>
      <Form layout="vertical" requiredMark={false} size="large" onFinish={enter.mutate}>
        <Form.Item name="login" label={t('login')} rules={[{ required: true, message: t('fillLogin') }]}>
          <Input prefix={<UserOutlined />} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('fillPassword') }]}>
          <Input.Password prefix={<LockOutlined />} autoComplete="current-password" />
        </Form.Item>
        <Form.Item hidden={!enter.error}>
          <Refusal error={enter.error} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={enter.isPending}>
          {t('signIn')}
        </Button>
      </Form>
      <Typography.Paragraph type="secondary" className="doorstep-foot">
        {t('firstTime')}
      </Typography.Paragraph>
    </Doorstep>
  );
}
