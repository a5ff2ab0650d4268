import { backup, DatabaseSync } from "node:sqlite";

/** How long another process may hold the file at a time, ms. */
const BUSY_MS = 10_000;

/**
 * Copies a store while others read and write it, into a file that must be there and empty. All pages
 * are taken in one step under one read transaction: the copy is the store of one moment, and writers
 * do not wait for it.
 */
export async function copyStore(from: string, to: string): Promise<void> {
  const db = new DatabaseSync(from, { timeout: BUSY_MS });
  try {
    await backup(db, to, { rate: -1 });
  } finally {
    db.close();
  }
}

/** What SQLite finds wrong within a file; nothing when it is whole. */
export function damage(path: string): string[] {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    const rows = db.prepare("PRAGMA integrity_check(5)").all();
    return rows.map((row) => String(row["integrity_check"])).filter((said) => said !== "ok");
  } finally {
    db.close();
  }
}

/** Puts what is still beside a file, in its log of writes, into the file itself. */
export function settleLog(path: string): void {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}
