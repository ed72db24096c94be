/** Addresses of pages, in one place. Global ids are opaque, so they are escaped. */
export const datasetPath = (id: string, more: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams(more).toString();
  return `/datasets/${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`;
};

export const sourcePath = (id: string): string => `/sources/${encodeURIComponent(id)}`;

export const searchPath = (text: string): string => `/search?${new URLSearchParams({ text }).toString()}`;

export const reconciliationPath = (id: string): string => `/reconciliations/${encodeURIComponent(id)}`;
export const incidentPath = (id: string): string => `/incidents/${encodeURIComponent(id)}`;
