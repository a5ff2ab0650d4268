import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { cancelBroadcast, confirmBroadcast } from "../domain/broadcast_acts.ts";
import { broadcastCounts } from "../domain/broadcast_members.ts";
import { broadcastInChat, broadcastInMail } from "../domain/broadcast_message.ts";
import { runView } from "../domain/broadcast_view.ts";
import { type BroadcastWords, nextTimes } from "../domain/broadcast_words.ts";
import {
  authorOf,
  createBroadcast,
  getBroadcast,
  listBroadcasts,
  updateBroadcast,
} from "../domain/broadcasts.ts";
import { BroadcastPage } from "../views/broadcast.tsx";
import { type BroadcastFields, BroadcastFormPage } from "../views/broadcast_form.tsx";
import { BroadcastsPage } from "../views/broadcasts.tsx";
import { flash } from "./flash.ts";
import { problemsOf, type Typed } from "./form_body.ts";
import { statusFor } from "./refused.ts";
import { adminOnly, createRouter, type Ctx, form, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Fields = z.object({
  title: z.string().default(""),
  text: z.string().default(""),
  mail: z.string().optional(),
  telegram: z.string().optional(),
  when: z.enum(["now", "at", "cron"]).catch("now"),
  date: z.string().default(""),
  time: z.string().default(""),
  zone: z.string().default(""),
  pattern: z.string().default(""),
  key: z.string().max(64).optional(),
  version: z.coerce.number().int().default(0),
});
const Confirmation = z.object({
  version: z.coerce.number().int(),
  members: z.coerce.number().int(),
});

const refOf = (c: Ctx) => ({ id: c.req.param("id") ?? "", adminId: me(c).id });

function wordsOf(data: z.output<typeof Fields>): BroadcastWords {
  const { title, text, mail, telegram, when, date, time, zone, pattern } = data;
  return {
    title,
    text,
    channels: { mail: mail !== undefined, telegram: telegram !== undefined },
    when: when === "at"
      ? { is: "at", wall: `${date}T${time}`, zone }
      : when === "cron"
      ? { is: "cron", pattern, zone }
      : { is: "now" },
  };
}

/** Pages of broadcasts, for admins: all, one, and the form that they are written in. */
export const broadcastPages = (site: Site) => {
  const { app } = site;

  async function formPage(
    c: Ctx,
    { fields, id = null, error }: { fields: BroadcastFields; id?: string | null; error?: unknown },
  ): Promise<Response> {
    const page = (
      <BroadcastFormPage
        chrome={await chromeOf(site, c)}
        id={id}
        fields={fields}
        wrong={error === undefined ? {} : problemsOf(error)}
        telegram={app.messenger !== null}
      />
    );
    return show(c, page, error === undefined ? 200 : statusFor(error));
  }

  /** What was typed, as the form takes it. */
  const again = (c: Ctx, typed: Typed): BroadcastFields => ({
    ...empty(c),
    ...typed,
    mail: typed.mail !== undefined,
    telegram: typed.telegram !== undefined,
  });

  return createRouter()
    .use("/admin/broadcasts", adminOnly)
    .use("/admin/broadcasts/*", adminOnly)
    .get("/admin/broadcasts", async (c) => {
      const { cursor } = c.req.query();
      const { items, next } = await listBroadcasts(app, { adminId: me(c).id, cursor });
      const chrome = await chromeOf(site, c);
      return show(c, <BroadcastsPage chrome={chrome} items={items} next={next} />);
    })
    .get("/admin/broadcasts/new", (c) => {
      const telegram = app.messenger !== null; // what is not there is not chosen for anybody
      return formPage(c, { fields: { ...empty(c), telegram } });
    })
    .post("/admin/broadcasts", form(Fields), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      try {
        const { key } = filled.data;
        const asked = { authorId: me(c).id, via: "page", key } as const;
        const { id } = await createBroadcast(app, { ...wordsOf(filled.data), ...asked });
        flash(c, { name: "broadcast_saved" });
        return c.redirect(`/admin/broadcasts/${id}`, 303);
      } catch (error) {
        return await formPage(c, { fields: again(c, filled.typed), error: asAt(error) });
      }
    })
    .get("/admin/broadcasts/:id", async (c) => {
      const { broadcast, runs } = await getBroadcast(app, refOf(c));
      const chrome = await chromeOf(site, c);
      const said = {
        ...broadcast,
        from: await authorOf(app, broadcast),
        origin: app.config.origin,
      };
      const page = (
        <BroadcastPage
          chrome={chrome}
          broadcast={broadcast}
          runs={runs.map(runView)}
          counts={await broadcastCounts(app, broadcast)}
          next={nextTimes(broadcast.when, chrome.now)}
          mail={{ ...broadcastInMail(said), from: app.config.mailFrom }}
          chat={broadcastInChat(said)}
        />
      );
      return show(c, page);
    })
    .get("/admin/broadcasts/:id/edit", async (c) => {
      const { broadcast } = await getBroadcast(app, refOf(c));
      const { id, title, text, channels, when, version } = broadcast;
      const at = when.is === "at" ? when.wall : "T";
      return await formPage(c, {
        id,
        fields: {
          ...empty(c),
          ...{ title, text, ...channels, when: when.is, version: String(version) },
          ...{ date: at.split("T")[0] ?? "", time: at.split("T")[1]?.slice(0, 5) ?? "" },
          ...when.is === "now" ? {} : { zone: when.zone },
          ...when.is === "cron" ? { pattern: when.pattern } : {},
        },
      });
    })
    .post("/admin/broadcasts/:id", form(Fields), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      const ref = refOf(c);
      try {
        const { version } = filled.data;
        await updateBroadcast(app, { ...wordsOf(filled.data), ...ref, version });
        flash(c, { name: "broadcast_saved" });
        return c.redirect(`/admin/broadcasts/${ref.id}`, 303);
      } catch (error) {
        await getBroadcast(app, ref); // one that is not there has no form
        return await formPage(c, {
          id: ref.id,
          fields: again(c, filled.typed),
          error: asAt(error),
        });
      }
    })
    .post("/admin/broadcasts/:id/confirm", form(Confirmation), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw damaged();
      const ref = refOf(c);
      const name = await confirmBroadcast(app, { ...ref, ...filled.data }).then(
        () => "broadcast_sent" as const,
        (error) => {
          if (!(error instanceof AppError)) throw error;
          if (error.code === "conflict") return "broadcast_changed" as const;
          if (error.code === "invalid") return "broadcast_past" as const;
          throw error;
        },
      );
      flash(c, { name });
      return c.redirect(`/admin/broadcasts/${ref.id}`, 303);
    })
    .post("/admin/broadcasts/:id/cancel", async (c) => {
      const ref = refOf(c);
      const name = await cancelBroadcast(app, ref).then(
        () => "broadcast_cancelled" as const,
        (error) => {
          if (error instanceof AppError && error.code === "conflict") {
            return "broadcast_over" as const;
          }
          throw error;
        },
      );
      flash(c, { name });
      return c.redirect(`/admin/broadcasts/${ref.id}`, 303);
    });
};

const damaged = () => new AppError("invalid", "Cannot read the form: it is not complete");

/** What concerns the whole form, as the version does, is said above it. */
function asAt(error: unknown): unknown {
  if (!(error instanceof AppError) || error.field !== "version") return error;
  return new AppError(error.code, error.message);
}

function empty(c: Ctx): BroadcastFields {
  return {
    title: "",
    text: "",
    mail: true,
    telegram: true,
    when: "now",
    date: "",
    time: "09:00",
    zone: me(c).zone,
    pattern: "0 9 * * 1",
    key: newId(),
    version: "0",
  };
}
