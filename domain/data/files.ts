import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { MAX_VALUE_BYTES } from "../../kv/limits.ts";
import { read } from "../../kv/read.ts";
import type { FileKind, StoredFile } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";

/** How long a file can be fetched, or waits to be read, ms: a day. */
export const FILE_MS = 86_400_000;
/** Bytes of one part: what fits under one key. */
export const PART_BYTES = MAX_VALUE_BYTES - 1_024;
/** Parts that are written or removed in one commit. */
const BATCH = 10;
const REMOVED_AT_ONCE = 500;

/** A file that is about to be written; nothing of it counts before it is whole. */
export function newFile(
  app: Pick<App, "clock">,
  { id, accountId, kind }: Pick<StoredFile, "id" | "accountId" | "kind">,
): StoredFile {
  const expiresAt = app.clock.now() + FILE_MS;
  return { id, accountId, kind, bytes: 0, parts: 0, readyAt: null, expiresAt };
}

/** Commits one batch of parts, as a plain transaction or as a job does under its lease. */
export type Commit = (build: (tx: Tx) => void) => Promise<void>;

/** Writes a file from its beginning, in as many parts as it takes. */
export class FileWriter {
  #bytes = 0;
  #parts = 0;
  #tail = new Uint8Array(PART_BYTES);
  #filled = 0;
  #batch: Uint8Array[] = [];

  constructor(private readonly file: StoredFile, private readonly commit: Commit) {}

  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length;
    for (let from = 0; from < bytes.length;) {
      const some = bytes.subarray(from, from + PART_BYTES - this.#filled);
      this.#tail.set(some, this.#filled);
      this.#filled += some.length;
      from += some.length;
      if (this.#filled === PART_BYTES) this.#cut();
      if (this.#batch.length === BATCH) await this.flush();
    }
  }

  /** Commits what is buffered in whole parts, so that a crash finds them by the file's record. */
  async flush(): Promise<void> {
    const { file } = this;
    const [from, batch] = [this.#parts, this.#batch];
    this.#parts += batch.length;
    this.#batch = [];
    file.parts = Math.max(file.parts, this.#parts);
    await this.commit((tx) => {
      for (const [i, bytes] of batch.entries()) tx.set(keys.filePart(file.id, from + i), bytes);
      tx.set(keys.file(file.id), { ...file });
    });
  }

  /** Writes what is left. @returns the file as it is when it is whole; the caller stores that. */
  async end(readyAt: number): Promise<StoredFile> {
    this.#cut();
    await this.flush();
    return { ...this.file, bytes: this.#bytes, readyAt, expiresAt: readyAt + FILE_MS };
  }

  #cut(): void {
    if (this.#filled > 0) this.#batch.push(this.#tail.slice(0, this.#filled));
    this.#filled = 0;
  }
}

/** The bytes of a whole file, part by part. */
export async function* fileParts(
  app: Pick<App, "store">,
  { id, bytes }: StoredFile,
): AsyncGenerator<Uint8Array> {
  for (let part = 0; part * PART_BYTES < bytes; part++) {
    const found = await read(app, keys.filePart(id, part));
    if (found === null) throw new Error("a part of the file is gone");
    yield found;
  }
}

/** Bytes out of the middle of a whole file; fewer where it ends. */
export async function fileBytes(
  app: Pick<App, "store">,
  { id, bytes }: StoredFile,
  { from, length }: { from: number; length: number },
): Promise<Uint8Array> {
  const end = Math.min(bytes, from + length);
  const found = new Uint8Array(Math.max(0, end - from));
  for (let at = from; at < end;) {
    const part = Math.floor(at / PART_BYTES);
    const start = at - part * PART_BYTES;
    const some = (await read(app, keys.filePart(id, part)))?.subarray(start, start + end - at);
    if (some === undefined || some.length === 0) throw new Error("a part of the file is gone");
    found.set(some, at - from);
    at += some.length;
  }
  return found;
}

/** The last file of a kind that an account has, while it counts. */
export async function fileOf(
  app: Pick<App, "store" | "clock">,
  accountId: string,
  kind: FileKind,
): Promise<StoredFile | null> {
  const id = await read(app, keys.fileOf(accountId, kind));
  const file = id === null ? null : await read(app, keys.file(id));
  return file !== null && file.expiresAt > app.clock.now() ? file : null;
}

/** Removes a file; none is fine. */
export async function removeFile(app: Pick<App, "store">, id: string): Promise<void> {
  const file = await read(app, keys.file(id));
  if (file === null) return;
  const { accountId, kind, parts } = file;
  for (let from = 0; from < parts; from += REMOVED_AT_ONCE) {
    await transact(app, (tx) => {
      const to = Math.min(parts, from + REMOVED_AT_ONCE);
      for (let part = from; part < to; part++) tx.delete(keys.filePart(id, part));
    });
  }
  await transact(app, async (tx) => {
    tx.delete(keys.file(id));
    const last = keys.fileOf(accountId, kind);
    if (await tx.get(last) === id) tx.delete(last);
  });
}

/** Removes files whose time is over. @returns how many, at most `most`. */
export async function pruneFiles(app: App, most: number): Promise<number> {
  let removed = 0;
  for await (const { value } of app.store.list<StoredFile>(ranges.files)) {
    if (value.expiresAt > app.clock.now()) continue;
    await removeFile(app, value.id);
    if (++removed === most) break;
  }
  return removed;
}
