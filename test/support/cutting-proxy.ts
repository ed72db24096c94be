import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that breaks off after so many bytes from there. */
export interface CuttingProxy {
  readonly port: number;
  /** Bytes from the server since the last {@link cutAfter}. */
  readonly passed: number;
  /** Breaks all connections off once so many bytes came from the server; Infinity: never. */
  cutAfter(bytes: number): void;
  close(): Promise<void>;
}

export async function cuttingProxy(host: string, port: number): Promise<CuttingProxy> {
  let limit = Infinity;
  let passed = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, host);
    const end = () => {
      for (const socket of [client, upstream]) {
        socket.destroy();
        open.delete(socket);
      }
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      const rest = limit - passed;
      passed += chunk.length;
      if (chunk.length < rest) client.write(chunk);
      // What fits still arrives, half a message, before the line goes dead.
      else client.write(chunk.subarray(0, Math.max(0, rest)), end);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get passed() {
      return passed;
    },
    cutAfter(bytes) {
      limit = bytes;
      passed = 0;
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
