import type { BroadcastRunView, BroadcastView } from "../domain/broadcasts/broadcast_view.ts";
import type { WorkView } from "../domain/work.ts";
import type { Notification } from "../kv/schema.ts";

/** The server said no, in words for people. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

/** One of our answers, or null for "not changed". @throws {ApiError} also when there is no answer. */
export async function call<T>(path: string, init: RequestInit = {}): Promise<[T | null, Response]> {
  const headers = { accept: "application/json", ...init.headers };
  const response = await fetch(path, { ...init, headers }).catch(() => null);
  if (response === null) {
    throw new ApiError(0, "unavailable", "The server cannot be reached. Check the connection.");
  }
  if (response.status === 304 || response.status === 204) return [null, response];
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return [body as T, response];
  const { code = "unavailable", message = `The server answered ${response.status}` } =
    (body as { error?: { code?: string; message?: string } } | null)?.error ?? {};
  throw new ApiError(response.status, code, message);
}

async function post(path: string): Promise<void> {
  await call(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
}

const etags = new Map<string, string>();

/** A job as it is now; null when it is as it was the last time somebody asked. */
export async function getJob(id: string): Promise<WorkView | null> {
  const etag = etags.get(id);
  const headers: HeadersInit = etag === undefined ? {} : { "if-none-match": etag };
  const [job, response] = await call<WorkView>(`/api/jobs/${id}`, { headers });
  const fresh = response.headers.get("etag");
  if (job !== null && fresh !== null) etags.set(id, fresh);
  return job;
}

export async function cancelJob(id: string): Promise<void> {
  await post(`/api/jobs/${id}/cancel`);
}

export interface NotificationPage {
  items: Notification[];
  next: string | null;
  unread: number;
}

export async function getNotifications(): Promise<NotificationPage> {
  const [page] = await call<NotificationPage>("/api/notifications");
  return page ?? { items: [], next: null, unread: 0 };
}

export async function readNotifications(): Promise<void> {
  await post("/api/notifications/read");
}

/** A broadcast as it is now, with its runs; for admins. */
export async function getBroadcast(
  id: string,
): Promise<BroadcastView & { runs: BroadcastRunView[] } | null> {
  const [seen] = await call<BroadcastView & { runs: BroadcastRunView[] }>(`/api/broadcasts/${id}`);
  return seen;
}
