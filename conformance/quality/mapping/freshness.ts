import { NotMapped } from './mapped.js';
import { type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';
import { type Assertion } from './thresholds.js';

function freshness(params: Params): Own {
  const { threshold } = params.given.params as { threshold?: Assertion };
  // The clock of a variable is the clock of the case.
  params.ignore('nowVariable');
  const unit = String(threshold?.['unit'] ?? params.take<string>('unit') ?? 'hour').replace(/s$/, '');
  return {
    kind: 'freshness',
    columns: [params.column('column')],
    params: { unit },
    // Nothing is never fresh.
    more: { onEmpty: 'fail' },
  };
}

const CLOCK = /^\s*(\d{1,2})(?::(\d\d))?\s*([ap]m)?\s*$/i;

/** `11:59pm`, `7am`, `14:30`. */
function clockOf(said: string): string {
  const [, hours = '', minutes = '00', half] = CLOCK.exec(said) ?? [];
  if (hours === '') throw new NotMapped(`not mapped: sla_time ${said}`);
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return `${String(hour).padStart(2, '0')}:${minutes}`;
}

function freshnessSla(params: Params): Own {
  return {
    kind: 'data_freshness_sla',
    columns: [params.column('timestamp_column')],
    params: {
      dueBy: clockOf(params.take<string>('sla_time') ?? ''),
      timeZone: params.take('timezone') ?? 'UTC',
      future: 'counted',
    },
  };
}

/** Rules about how old the data is. */
export const FRESHNESS: Mappings = {
  freshness: mapping('value', freshness),
  data_freshness_sla: mapping('rows', freshnessSla),
};
