import type { App } from "../../core/app.ts";
import type { Broadcast, BroadcastRun, Notification } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { publish } from "../../realtime/events.ts";

/** What every open page is told when a run begins; each inbox gets the same notification. */
export interface BroadcastNews {
  /** The run's. */
  id: string;
  notification: Notification;
}

/** A broadcast as admins see it; times as ISO 8601. */
export interface BroadcastView extends
  Pick<
    Broadcast,
    "id" | "title" | "text" | "channels" | "when" | "via" | "state" | "version"
  > {
  nextAt: string | null;
  createdAt: string;
  updatedAt: string;
  ledger: { at: string; text: string }[];
}

/** One run as admins see it. */
export interface BroadcastRunView
  extends Pick<BroadcastRun, "id" | "missed" | "expanded" | "members" | "mail" | "telegram"> {
  broadcastId: string;
  dueAt: string;
  startedAt: string;
  finishedAt: string | null;
  reason: string | null;
}

export function broadcastView(broadcast: Broadcast): BroadcastView {
  const { id, title, text, channels, when, via, state, version } = broadcast;
  return {
    ...{ id, title, text, channels, when, via, state, version },
    nextAt: broadcast.nextAt === null ? null : iso(broadcast.nextAt),
    createdAt: iso(broadcast.createdAt),
    updatedAt: iso(broadcast.updatedAt),
    ledger: broadcast.ledger.map(({ at, text }) => ({ at: iso(at), text })),
  };
}

export function runView(run: BroadcastRun): BroadcastRunView {
  const { id, broadcastId, missed, expanded, members, mail, telegram, reason } = run;
  return {
    ...{ id, broadcastId, missed, expanded, members, mail, telegram, reason },
    dueAt: iso(run.dueAt),
    startedAt: iso(run.startedAt),
    finishedAt: run.finishedAt === null ? null : iso(run.finishedAt),
  };
}

const iso = (at: number) => new Date(at).toISOString();

/** What the pages of those who wrote or confirmed it are told. */
export interface BroadcastEvent {
  /** The broadcast's. */
  id: string;
  state: Broadcast["state"];
  /** The run that got on, if one did. */
  run?: BroadcastRunView;
}

/** Tells the pages of the admins who wrote and who confirmed a broadcast how it is now. */
export async function broadcastChanged(
  app: App,
  tx: Tx,
  { id, state, authorId, confirmedBy }: Broadcast,
  run?: BroadcastRun,
): Promise<void> {
  const data: BroadcastEvent = { id, state, ...run && { run: runView(run) } };
  for (const accountId of new Set([authorId, confirmedBy])) {
    if (accountId === null) continue;
    await publish(app, tx, `account:${accountId}`, { type: "broadcast", data });
  }
}
