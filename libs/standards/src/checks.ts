import { InvalidInput } from '#kernel';
import { type QueryFailedError } from 'typeorm';

/** A code as it is kept. @throws {InvalidInput} */
export function checkCode(code: string, what: string): string {
  const trimmed = code.trim();
  if (trimmed === '' || trimmed.length > 100)
    throw new InvalidInput(`Give the ${what} a code of 1 to 100 characters.`, [], ['code']);
  return trimmed;
}

/** One of the two names must be there. @throws {InvalidInput} */
export function checkNames(nameEn: string, nameZh: string): void {
  if (nameEn.trim() === '' && nameZh.trim() === '')
    throw new InvalidInput('Give it a name in Chinese or in English.', [], ['nameZh']);
  for (const [path, name] of [['nameEn', nameEn] as const, ['nameZh', nameZh] as const])
    if (name.length > 200) throw new InvalidInput('A name has at most 200 characters.', [], [path]);
}

/** Which constraint a statement broke, if it was one. */
export const constraintOf = (error: QueryFailedError): string | undefined =>
  (error.driverError as { constraint?: string }).constraint;
