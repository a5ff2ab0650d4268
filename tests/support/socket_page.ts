/** Pages that are connected to a server of this process, over a real port. */
import type { ServerFrame } from "../../islands/frames.ts";
import type { Account } from "../../kv/schema.ts";
import type { TestApp } from "./app.ts";
import { sessionValue } from "./site.ts";

/** The server behind a real port, for what cannot be had without one. */
export function listen(t: TestApp) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, info) => t.server.fetch(request, info),
  );
  return {
    port: server.addr.port,
    url: `ws://127.0.0.1:${server.addr.port}/ws`,
    async [Symbol.asyncDispose]() {
      await t.server.stop();
      await server.shutdown();
    },
  };
}

export interface SocketPage extends Disposable {
  socket: WebSocket;
  send(frame: unknown): void;
  /** The next frame that is no beat. */
  next(): Promise<ServerFrame>;
  closed: Promise<CloseEvent>;
}

/** Where the app of a test says that it is. */
export const WS_ORIGIN = "http://localhost:8000";

/** What a page does: one socket, with its cookie and its origin. */
export async function openSocket(
  url: string,
  headers: Record<string, string>,
  protocol = "cw.v1",
): Promise<SocketPage> {
  // Deno takes headers too, which the browser's types know nothing of.
  const options = { protocols: [protocol], headers } as unknown as string[];
  const socket = new WebSocket(url, options);
  const frames: ServerFrame[] = [];
  const waiting: ((frame: ServerFrame) => void)[] = [];
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("refused")));
  });
  socket.addEventListener("message", ({ data }) => {
    const frame: ServerFrame = JSON.parse(data);
    if (frame.type === "beat") return;
    const take = waiting.shift();
    if (take) take(frame);
    else frames.push(frame);
  });
  return {
    socket,
    closed,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    next: () => {
      const frame = frames.shift();
      return frame ? Promise.resolve(frame) : new Promise((resolve) => waiting.push(resolve));
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

/** The same for somebody who has just signed in. */
export async function socketOf(t: TestApp, url: string, account: Account): Promise<SocketPage> {
  const cookie = `cw_session_dev=${await sessionValue(t, account)}`;
  return await openSocket(url, { cookie, origin: WS_ORIGIN });
}
