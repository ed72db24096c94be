const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/;

/** A date or time as our rules write it for a column of the type; undefined when no value of the column can equal it. */
export function momentFor(text: string, type: 'date' | 'timestamp' | 'timestamptz'): string | undefined {
  const [, day = DAY.test(text) ? text : undefined, clock = '00:00:00', zone] = MOMENT.exec(text) ?? [];
  if (day === undefined) return undefined;
  if (type === 'date') return /^00:00(:00(\.0+)?)?$/.test(clock) ? day : undefined;
  if (type === 'timestamptz') return `${day}T${clock}${zone ?? 'Z'}`;
  return zone === undefined ? `${day}T${clock}` : new Date(`${day}T${clock}${zone}`).toISOString().slice(0, -1);
}
