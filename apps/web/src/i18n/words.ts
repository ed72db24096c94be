/** English has a form for one; Chinese has not. */
type Needed<Key> = Key extends `${string}_one` ? never : Key;

/** The words of one part of the UI in both languages. Each English sentence needs its Chinese. */
export const words = <const En extends Readonly<Record<string, string>>>(both: {
  readonly en: En;
  readonly zh: Readonly<Record<Needed<keyof En>, string>>;
}) => both;
