import { useState } from 'react';

/** Turning the pages of a list by cursor: only forward and back, as the server counts no pages. */
export interface Cursor {
  readonly after: string | null;
  /** Pages before this one. */
  readonly turned: number;
  forward(endCursor: string): void;
  back(): void;
}

/** Starts again at the first page whenever `of` (the filters) changes. */
export function useCursor(of: string): Cursor {
  const [{ list, cursors }, set] = useState<{ list: string; cursors: readonly string[] }>({ list: of, cursors: [] });
  const here = list === of ? cursors : [];
  return {
    after: here.at(-1) ?? null,
    turned: here.length,
    forward: (endCursor) => set({ list: of, cursors: [...here, endCursor] }),
    back: () => set({ list: of, cursors: here.slice(0, -1) }),
  };
}
