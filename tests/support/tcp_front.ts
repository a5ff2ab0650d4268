export interface TcpFront {
  readonly port: number;
  /** Hangs up on the client whose bytes came from this local port, without another word. */
  cut(fromPort: number): void;
  close(): Promise<void>;
}

/** Stands before a server on loopback and can hang up on its clients, which `Deno.serve` cannot. */
export function startTcpFront(serverPort: number): TcpFront {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cuts = new Map<number, () => void>();

  async function pass(client: Deno.TcpConn): Promise<void> {
    const server = await Deno.connect({ hostname: "127.0.0.1", port: serverPort });
    const { promise: over, resolve: cut } = Promise.withResolvers<void>();
    const { port } = server.localAddr;
    cuts.set(port, cut);
    const pipes = [
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ].map((pipe) => pipe.catch(() => {}).then(cut)); // each end may hang up
    await over;
    cuts.delete(port);
    for (const connection of [client, server]) {
      try {
        connection.close();
      } catch {
        // its pipe has closed it
      }
    }
    await Promise.all(pipes);
  }

  const passing = (async () => {
    const all: Promise<void>[] = [];
    for await (const client of listener) all.push(pass(client));
    await Promise.all(all);
  })();

  return {
    port: listener.addr.port,
    cut: (fromPort) => cuts.get(fromPort)?.(),
    close() {
      listener.close();
      for (const cut of cuts.values()) cut();
      return passing;
    },
  };
}
