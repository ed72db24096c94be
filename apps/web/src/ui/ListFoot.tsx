import { Pager } from './Pager';
import { type Cursor } from './use-cursor';

/** What every list of the API says of itself. */
export interface PageFacts {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly unknown[];
}

/** The pager of a list as the API answered it; nothing under an empty list. */
export function ListFoot({
  answer,
  cursor,
  size,
}: {
  readonly answer: PageFacts | undefined;
  readonly cursor: Cursor;
  readonly size: number;
}) {
  if (!answer || answer.totalCount === 0) return null;
  return (
    <Pager
      cursor={cursor}
      size={size}
      shown={answer.nodes.length}
      total={answer.totalCount}
      endCursor={answer.pageInfo.endCursor}
      hasNext={answer.pageInfo.hasNextPage}
    />
  );
}
