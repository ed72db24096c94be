type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The properties that have a value: an absent comment is no property, rather than an empty one. */
export function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Given<T>;
}
