import { LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMe } from '../identity/me';
import { useSignOut } from '../identity/use-sign-out';

/** Who am I, and the way out. */
export function PersonMenu() {
  const { t } = useTranslation('identity');
  const me = useMe();
  const leave = useSignOut();
  const roles = me.roles.map((role) => t(role)).join(', ');
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'who',
            type: 'group',
            label: (
              <>
                <strong>{me.displayName}</strong> ({me.login})<br />
                {roles}
              </>
            ),
          },
          { type: 'divider' },
          { key: 'out', icon: <LogoutOutlined />, label: t('signOut'), onClick: () => leave.mutate() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('signedInAs', { name: me.displayName })}>
        {me.displayName}
      </Button>
    </Dropdown>
  );
}
