/** `order_[00-31]`, as DataX has it: a part before, two numbers, a part behind. */
const RANGE = /^([^[\]]*)\[(\d+)-(\d+)\](.*)$/s;
const MOST_TABLES = 10_000;

/** The tables that an entry of a `table` list names; undefined when there are too many of them. */
export function tablesOf(entry: string): string[] | undefined {
  const all: string[] = [];
  for (const one of entry.split(',').map((each) => each.trim())) {
    if (one === '') continue;
    const [, before = '', first = '', last = '', behind = ''] = RANGE.exec(one) ?? [];
    if (first === '') {
      all.push(one);
      continue;
    }
    const [from, to] = [Number(first), Number(last)].sort((a, b) => a - b) as [number, number];
    if (to - from >= MOST_TABLES) return undefined;
    // A first number that begins with a zero says how wide all of them are.
    const width = first.startsWith('0') ? first.length : 0;
    for (let number = from; number <= to; number++) all.push(before + String(number).padStart(width, '0') + behind);
    if (all.length > MOST_TABLES) return undefined;
  }
  return all;
}
