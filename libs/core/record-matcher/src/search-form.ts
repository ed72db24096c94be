/** A value as it is searched for: without differences of case, width and blanks. */
export const searchForm = (value: string): string => value.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');

/** The last characters of an identifier. */
export const suffixOf = (identifier: string, length: number): string => [...identifier].slice(-length).join('');
