import { Typography } from 'antd';
import { type ReactNode } from 'react';

import { useTitle } from './use-title';

/** A page: its heading (also the name of the tab), what can be done, and the content. */
export function Page(props: {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  useTitle(props.title);
  return (
    <>
      <header className="page-head">
        <div>
          <Typography.Title level={1} className="page-title">
            {props.title}
          </Typography.Title>
          {props.hint && <Typography.Text type="secondary">{props.hint}</Typography.Text>}
        </div>
        {props.actions && <div className="page-actions">{props.actions}</div>}
      </header>
      {props.children}
    </>
  );
}
