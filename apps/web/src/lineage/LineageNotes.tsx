import { Alert } from 'antd';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { datasetPath } from '../ui/paths';
import { type LineageGraph, type NamedNode } from './lineage.queries';

const MOST_NAMED = 8;

/** What is missing in an answer: where it was cut, what is known only between tables, what was not understood. */
export function LineageNotes({ graph }: { readonly graph: LineageGraph }) {
  const { t } = useTranslation('lineage');
  const { truncated, frontier, coarse, notUnderstood, nodes } = graph;
  const sources = [...new Set(nodes.flatMap(({ sourceName }) => sourceName ?? []))];
  return (
    <>
      {truncated && (
        <Alert
          type="info"
          showIcon
          className="stacked"
          title={
            <>
              {t('truncated')} {t('truncatedHint')}{' '}
              <Several items={frontier.map((node) => ({ key: node.id, text: <Named node={node} /> }))} />
            </>
          }
        />
      )}
      {coarse.length > 0 && (
        <Alert
          type="warning"
          showIcon
          className="stacked"
          title={
            <>
              {t('gaps', { count: coarse.length })}{' '}
              <Several
                items={coarse.map(({ from, to }) => ({
                  key: `${from.id} ${to.id}`,
                  text: (
                    <>
                      <Named node={from} /> → <Named node={to} />
                    </>
                  ),
                }))}
              />
            </>
          }
        />
      )}
      {notUnderstood > 0 && (
        <Alert
          type="warning"
          showIcon
          className="stacked"
          title={
            <>
              {t('notUnderstood', { count: notUnderstood })} {t('notUnderstoodHint')}{' '}
              {sources.map((source) => (
                <code key={source} className="code-small anywhere">
                  plumbline lineage not-understood {JSON.stringify(source)}{' '}
                </code>
              ))}
            </>
          }
        />
      )}
    </>
  );
}

/** The first few of a list, and how many more there are. */
function Several({ items }: { readonly items: readonly { readonly key: string; readonly text: ReactNode }[] }) {
  const { t } = useTranslation('lineage');
  const more = items.length - MOST_NAMED;
  return (
    <span className="anywhere">
      {items.slice(0, MOST_NAMED).map(({ key, text }, place) => (
        <Fragment key={key}>
          {place > 0 && ' · '}
          {text}
        </Fragment>
      ))}
      {more > 0 && ` · ${t('andMore', { count: more })}`}
    </span>
  );
}

function Named({ node: { qualifiedName, column, datasetId, kind } }: { readonly node: NamedNode }) {
  const { t } = useTranslation('lineage');
  const name = column === null ? qualifiedName : `${qualifiedName} · ${column}`;
  if (kind === 'JOB')
    return (
      <>
        {t('job')} {name}
      </>
    );
  return datasetId ? <Link to={datasetPath(datasetId, { tab: 'lineage' })}>{name}</Link> : <>{name}</>;
}
