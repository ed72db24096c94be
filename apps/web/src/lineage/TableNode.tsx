import { Handle, type NodeProps, Position } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { datasetPath } from '../ui/paths';
import { COLUMN_HEIGHT, HEAD_HEIGHT } from './arrange';
import { type TableNodeOf } from './LineagePicture';

/** A table in the picture: its name leads to its own lineage. */
export function TableNode({ data: { table, mine } }: NodeProps<TableNodeOf>) {
  const { t } = useTranslation('lineage');
  const { name, qualifiedName, sourceName, datasetId, resolved, isJob, goesOn, columns } = table;
  return (
    <div className={`table-node${mine ? ' mine' : ''}${isJob ? ' job' : resolved ? '' : ' unresolved'}`}>
      <div className="table-head" style={{ height: HEAD_HEIGHT }} title={qualifiedName}>
        <Handle type="target" position={Position.Left} id="table-in" />
        {datasetId ? (
          <Link to={datasetPath(datasetId, { tab: 'lineage' })} className="nodrag table-name">
            {name}
          </Link>
        ) : (
          <span className="table-name">{name}</span>
        )}
        <span className="table-place">
          {isJob ? t('jobLong') : resolved ? sourceName : t('unresolved')}
          {goesOn && <b> · {t('goesOn')} →</b>}
        </span>
        <Handle type="source" position={Position.Right} id="table-out" />
      </div>
      {columns.map((column) => (
        <div key={column.key} className="table-column" style={{ height: COLUMN_HEIGHT }} title={column.name}>
          <Handle type="target" position={Position.Left} id={column.key} />
          <span>{column.name}</span>
          <Handle type="source" position={Position.Right} id={column.key} />
        </div>
      ))}
    </div>
  );
}
