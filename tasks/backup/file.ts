import { isRemote } from "../../adapters/embedded.ts";
import { readConfig } from "../../core/config.ts";
import { AppError } from "../../core/errors.ts";

/**
 * The store's file by the settings.
 *
 * @throws {AppError} `invalid` where there is no file to copy.
 */
export function storeFile(cannot: string, { KV_PATH, DENO_DEPLOYMENT_ID }: {
  KV_PATH?: string;
  DENO_DEPLOYMENT_ID?: string;
}): string {
  const refuse = (why: string) => new AppError("invalid", `${cannot}: ${why}`);
  if (DENO_DEPLOYMENT_ID) {
    throw refuse("on Deno Deploy the platform keeps the store; there is no file of it here");
  }
  const { kvPath } = readConfig({ KV_PATH });
  if (kvPath === undefined || kvPath === ":memory:") {
    throw refuse("KV_PATH is :memory:, which is gone when the server ends");
  }
  if (isRemote(kvPath)) {
    throw refuse(
      "KV_PATH is a denokv server; run this where its file is, with KV_PATH set to that",
    );
  }
  return kvPath;
}

/** Why a file could not be read or written, in words. */
export function whyNot(error: unknown): string {
  const { NotCapable, NotFound, PermissionDenied } = Deno.errors;
  if (error instanceof NotCapable) {
    return "this task may only use ./data; keep it there, or widen the permissions of the task";
  }
  if (error instanceof NotFound) return "it is not there";
  if (error instanceof PermissionDenied) return "this user may not read or write there";
  return error instanceof Error ? error.message : "unknown";
}

/** Passes on an expected error, and says the others in words. */
export async function inWords<T>(cannot: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("unavailable", `${cannot}: ${whyNot(error)}`, { cause: error });
  }
}

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
