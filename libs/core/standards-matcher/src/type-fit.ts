import { type TypeFamily } from '#core/connector-kit';

interface Typed {
  readonly typeFamily: TypeFamily;
  readonly scale: number | null;
}

/**
 * Whether a column's type can stand for an element's: the same family, whole numbers for decimals without a fraction
 * and the other way round, and the two kinds of points in time.
 */
export function typeFits(field: Typed, element: Typed): boolean {
  const pair = `${element.typeFamily} by ${field.typeFamily}`;
  if (field.typeFamily === element.typeFamily) return true;
  if (pair === 'integer by decimal') return field.scale === 0;
  if (pair === 'decimal by integer') return (element.scale ?? 0) === 0;
  return pair === 'timestamp by timestamptz' || pair === 'timestamptz by timestamp';
}
