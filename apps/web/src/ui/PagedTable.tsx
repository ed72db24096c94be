import { Empty, Table, type TableColumnsType } from 'antd';
import { type ReactNode } from 'react';

import { Failed } from './Failed';
import { ListFoot, type PageFacts } from './ListFoot';
import { type Cursor } from './use-cursor';

/** A page of a list as the API answered it, as a table; its pager, what to do while it is empty, and why it could not be had. */
export function PagedTable<Row extends { readonly id: string }>({
  columns,
  answer,
  error,
  retry,
  cursor,
  size,
  empty,
  hint,
  children,
}: {
  readonly columns: TableColumnsType<Row>;
  readonly answer: (PageFacts & { readonly nodes: readonly Row[] }) | undefined;
  readonly error: Error | null;
  readonly retry: () => unknown;
  readonly cursor: Cursor;
  readonly size: number;
  /** What is said of an empty list, and how one comes to something in it. */
  readonly empty: string;
  readonly hint: string;
  /** What to press under that. */
  readonly children?: ReactNode;
}) {
  if (error && !answer) return <Failed error={error} retry={retry} />;
  const nothing = (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          {empty}
          <br />
          {hint}
        </>
      }
    >
      {children}
    </Empty>
  );
  return (
    <>
      <Table<Row>
        size="middle"
        rowKey="id"
        columns={columns}
        dataSource={answer?.nodes ?? []}
        loading={!answer}
        pagination={false}
        scroll={{ x: 960 }}
        locale={{ emptyText: answer ? nothing : ' ' }}
      />
      <ListFoot answer={answer} cursor={cursor} size={size} />
    </>
  );
}
