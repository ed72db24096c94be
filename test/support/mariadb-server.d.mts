export interface MariaDbServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export function startMariaDb(options?: {
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<MariaDbServer>;
