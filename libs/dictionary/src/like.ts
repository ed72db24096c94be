/** A LIKE pattern for texts that contain this one, taken literally. */
export const likePattern = (text: string): string => `%${escapeLike(text)}%`;

/** A text whose characters mean themselves in a LIKE pattern. */
export const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');
