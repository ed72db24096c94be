import { Card, Typography } from 'antd';
import { type ReactNode } from 'react';

import { LanguageSwitch } from '../shell/LanguageSwitch';
import logo from '../shell/plumbline.svg';
import { useTitle } from '../ui/use-title';

/** What stands before the product: a card in the middle of the page. */
export function Doorstep(props: { readonly title: string; readonly lead: string; readonly children: ReactNode }) {
  useTitle(props.title);
  return (
    <div className="doorstep">
      <div className="doorstep-corner">
        <LanguageSwitch />
      </div>
      <main className="doorstep-card">
        <div className="brand brand-large">
          <img src={logo} alt="" width={36} height={36} />
          <span>Plumbline</span>
        </div>
        <Card>
          <Typography.Title level={1} className="page-title">
            {props.title}
          </Typography.Title>
          <Typography.Paragraph type="secondary">{props.lead}</Typography.Paragraph>
          {props.children}
        </Card>
      </main>
    </div>
  );
}
