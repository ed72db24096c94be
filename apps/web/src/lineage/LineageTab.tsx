import { useState } from 'react';
import { useSearchParams } from 'react-router';

import { type Dataset } from '../dictionary/dictionary.queries';
import { CompareView } from './CompareView';
import { ImpactView } from './ImpactView';
import { LineageAround } from './LineageAround';
import { type Choices, FIRST_CHOICES, LineageControls } from './LineageControls';
import { typedMoment } from './MomentField';

/** What feeds a table or one of its columns, and what it feeds; what depends on it; what of it changed. */
export default function LineageTab({ dataset }: { readonly dataset: Dataset }) {
  const [params, setParams] = useSearchParams();
  const [choices, setChoices] = useState<Choices>(FIRST_CHOICES);
  const column = dataset.fields.find(({ id }) => id === params.get('column'))?.id;
  const chooseColumn = (id: string | undefined) =>
    setParams((now) => {
      if (id === undefined) now.delete('column');
      else now.set('column', id);
      return now;
    });
  const { view, direction, depth, indirect, origins, asOf, knownAt } = choices;
  const of = column ?? dataset.id;
  const filter = {
    depth: depth === 0 ? null : depth,
    kinds: indirect ? null : ['DIRECT' as const],
    origins: origins.length > 0 ? [...origins] : null,
  };
  const times = { asOf: typedMoment(asOf), knownAt: typedMoment(knownAt) };
  const level = column === undefined ? 'DATASET' : 'COLUMN';
  return (
    <>
      <LineageControls
        dataset={dataset}
        column={column}
        choices={choices}
        choose={(some) => setChoices((now) => ({ ...now, ...some }))}
        chooseColumn={chooseColumn}
      />
      {view === 'impact' ? (
        <ImpactView wish={{ of, ...filter, ...times }} />
      ) : view === 'compare' ? (
        <CompareView wish={{ of, direction, level, ...filter }} />
      ) : (
        <LineageAround wish={{ of, direction, level, ...filter, ...times }} view={view} datasetId={dataset.id} />
      )}
    </>
  );
}
