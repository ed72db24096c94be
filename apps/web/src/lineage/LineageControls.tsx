import { Checkbox, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Dataset } from '../dictionary/dictionary.queries';
import { type LineageOrigin, type LineageWish } from './lineage.queries';
import { MomentField } from './MomentField';

export const VIEWS = ['picture', 'list', 'impact', 'compare'] as const;
export type View = (typeof VIEWS)[number];

/** What was chosen in the controls. */
export interface Choices {
  readonly view: View;
  readonly direction: LineageWish['direction'];
  /** 0: all. */
  readonly depth: number;
  readonly indirect: boolean;
  readonly origins: readonly LineageOrigin[];
  /** As typed; empty: now. */
  readonly asOf: string;
  readonly knownAt: string;
}

export const FIRST_CHOICES: Choices = {
  ...{ view: 'picture', direction: 'BOTH', depth: 2, indirect: false, origins: [], asOf: '', knownAt: '' },
};

const DIRECTIONS = ['BOTH', 'UPSTREAM', 'DOWNSTREAM'] as const;
const DEPTHS = [1, 2, 3, 5, 10] as const;
const ORIGINS = {
  PARSED: 'isParsed',
  DECLARED: 'isDeclared',
  OBSERVED: 'isObserved',
  MANUAL: 'isManual',
} as const satisfies Record<LineageOrigin, string>;

/** What to ask of lineage: of which column, which way, how far, which edges, as of when. */
export function LineageControls({
  dataset,
  column,
  choices,
  choose,
  chooseColumn,
}: {
  readonly dataset: Dataset;
  readonly column: string | undefined;
  readonly choices: Choices;
  readonly choose: (some: Partial<Choices>) => void;
  readonly chooseColumn: (id: string | undefined) => void;
}) {
  const { t } = useTranslation('lineage');
  const { view, direction, depth, indirect, origins, asOf, knownAt } = choices;
  return (
    <>
      <div className="controls">
        <label>
          {t('about')}{' '}
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('about')}
            style={{ width: 260 }}
            value={column ?? ''}
            onChange={(id) => chooseColumn(id === '' ? undefined : id)}
            options={[
              { value: '', label: t('whole') },
              ...dataset.fields.map(({ id, name, entry }) => ({
                value: id,
                label: entry?.businessName ? `${name} (${entry.businessName})` : name,
              })),
            ]}
          />
        </label>
        {view !== 'impact' && (
          <Segmented
            aria-label={t('direction')}
            value={direction}
            onChange={(value) => choose({ direction: value })}
            options={DIRECTIONS.map((value) => ({ value, label: t(value) }))}
          />
        )}
        <label>
          {t('depth')}{' '}
          <Select
            aria-label={t('depth')}
            value={depth}
            onChange={(value) => choose({ depth: value })}
            style={{ width: 80 }}
            options={[...DEPTHS.map((value) => ({ value, label: String(value) })), { value: 0, label: t('depthAll') }]}
          />
        </label>
        <Segmented
          aria-label={t('view')}
          value={view}
          onChange={(value) => choose({ view: value })}
          options={VIEWS.map((value) => ({ value, label: t(value) }))}
          className="end"
        />
      </div>
      <div className="controls">
        <label>
          {t('origins')}{' '}
          <Select<LineageOrigin[]>
            mode="multiple"
            allowClear
            aria-label={t('origins')}
            placeholder={t('originsAll')}
            style={{ width: 150 }}
            maxTagCount="responsive"
            value={[...origins]}
            onChange={(value) => choose({ origins: value })}
            options={Object.entries(ORIGINS).map(([value, label]) => ({ value, label: t(label) }))}
          />
        </label>
        {view !== 'compare' && (
          <>
            <MomentField label={t('asOf')} value={asOf} onChange={(value) => choose({ asOf: value })} />
            <MomentField label={t('knownAt')} value={knownAt} onChange={(value) => choose({ knownAt: value })} />
          </>
        )}
        {(column !== undefined || view === 'impact') && (
          <Checkbox checked={indirect} onChange={(event) => choose({ indirect: event.target.checked })}>
            {t('indirect')}
          </Checkbox>
        )}
      </div>
    </>
  );
}
