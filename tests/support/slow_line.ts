export interface SlowLine extends AsyncDisposable {
  /** Of the near end. */
  readonly port: number;
}

/**
 * A line to a port of this machine on which everything takes `ms`, either way: between a message and
 * its answer there is time to die. What a sender put on the line arrives, also after its death.
 */
export function slowLine(to: number, ms: number): SlowLine {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();

  async function pass(near: Deno.TcpConn): Promise<void> {
    const far = await Deno.connect({ hostname: "127.0.0.1", port: to });
    open.add(near).add(far);
    await Promise.all([carry(near, far, ms), carry(far, near, ms)]);
    for (const end of [near, far]) {
      open.delete(end);
      end.close();
    }
  }

  const passing = (async () => {
    const all: Promise<void>[] = [];
    for await (const near of listener) all.push(pass(near).catch(() => {}));
    await Promise.all(all);
  })();

  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await Promise.all([...open].map((end) => end.closeWrite().catch(() => {})));
      await passing;
    },
  };
}

/** Carries bytes until their sender is gone, each `ms` after it came, then says that it is. */
async function carry(from: Deno.TcpConn, to: Deno.TcpConn, ms: number): Promise<void> {
  const buffer = new Uint8Array(65_536);
  let under = Promise.resolve();
  const later = (act: () => Promise<unknown>) => {
    const due = new Promise<void>((resolve) => setTimeout(resolve, ms));
    under = under.then(() => due).then(act).then(() => {}, () => {});
  };
  for (;;) {
    const count = await from.read(buffer).catch(() => null);
    if (count === null) break;
    const bytes = buffer.slice(0, count);
    later(() => writeAll(to, bytes));
  }
  later(() => to.closeWrite());
  await under;
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await to.write(rest));
}
