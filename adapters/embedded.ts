/** The store could not be opened, in words for whoever starts the process. */
export class StoreError extends Error {
  override name = "StoreError";
}

/** The file is another process's. */
export class StoreInUse extends StoreError {
  override name = "StoreInUse";
}

export interface OpenedStore {
  kv: Deno.Kv;
  /** Closes the store, then lets go of the file. */
  close(): void;
}

/**
 * Opens a store that other processes share (a `denokv` URL, or the platform's own without a path) or
 * one in memory, or a file that is then this process's alone: the lock beside it dies with the process.
 *
 * @throws {StoreError} when the file cannot be written or the URL is no good; `StoreInUse` when the file
 *   is another process's.
 */
export async function openKv(path: string | undefined): Promise<OpenedStore> {
  if (path === undefined || path === ":memory:" || isRemote(path)) {
    const kv = await attempt(() => Deno.openKv(path), `Cannot open the store ${path ?? ""}`);
    return { kv, close: () => kv.close() };
  }
  const lock = await lockStore(path);
  try {
    await attempt(() => keepPrivate(path), `Cannot open the store ${path}`);
    const kv = await attempt(() => Deno.openKv(path), `Cannot open the store ${path}`);
    return {
      kv,
      close: () => {
        kv.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * Makes a store's file this process's alone until the lock is closed or the process ends.
 *
 * @throws {StoreError} as `openKv`.
 */
export async function lockStore(path: string): Promise<Deno.FsFile> {
  const lock = await attempt(() => lockFile(path), `Cannot open the store ${path}`);
  if (lock !== null) return lock;
  throw new StoreInUse(
    `Cannot open the store ${path}: another process has it; stop that one, or use a denokv server`,
  );
}

/** Whether this names a `denokv` server. */
export function isRemote(path: string): boolean {
  return /^https?:\/\//.test(path);
}

/** What a path lies in. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) || "/" : ".";
}

async function lockFile(path: string): Promise<Deno.FsFile | null> {
  await Deno.mkdir(folderOf(path), { recursive: true, mode: 0o700 });
  const lock = await Deno.open(`${path}.lock`, { create: true, write: true, mode: 0o600 });
  if (await lock.tryLock(true)) return lock;
  lock.close();
  return null;
}

/** Nobody else on the machine reads what people wrote: a new file is its owner's, an old one becomes so. */
async function keepPrivate(path: string): Promise<void> {
  const made = await Deno.open(path, { create: true, append: true, mode: 0o600 });
  made.close();
  for (const name of [path, `${path}-wal`, `${path}-shm`]) { // those take their mode from the first
    const mode = await Deno.stat(name).then((file) => file.mode, () => null);
    if (mode !== null && (mode & 0o007) !== 0) await Deno.chmod(name, mode & 0o770);
  }
}

async function attempt<T>(open: () => Promise<T>, says: string): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    throw new StoreError(`${says}: ${why(cause)}`, { cause });
  }
}

function why(cause: unknown): string {
  const { NotCapable, AlreadyExists, NotADirectory, PermissionDenied } = Deno.errors;
  if (cause instanceof NotCapable) {
    return "this process may only use ./data; keep the store there or widen the permissions of the task";
  }
  if (cause instanceof AlreadyExists || cause instanceof NotADirectory) {
    return "its path leads through a file that is no folder";
  }
  if (cause instanceof PermissionDenied) return "this user may not write there";
  return cause instanceof Error ? cause.message : "unknown";
}
