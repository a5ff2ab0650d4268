import { serveStatic } from "hono/deno";
import { createRouter } from "./router.ts";

/** Everything under /static/. What is asked for by its hash never changes. */
export const staticFiles = () =>
  createRouter()
    .get(
      "/static/*",
      async (c, next) => {
        // What no file of ours is called would only be complained about by whoever looks for it.
        if (!/^\/static\/[\w./-]{1,200}$/.test(c.req.path)) return c.notFound();
        await next();
        if (c.res.status !== 200) return;
        const forever = c.req.query("v") !== undefined || /-[A-Z0-9]{8}\.js$/.test(c.req.path);
        c.res.headers.set(
          "Cache-Control",
          forever ? "public, max-age=31536000, immutable" : "public, max-age=3600",
        );
      },
      serveStatic({ root: "./" }),
    )
    .get("/favicon.ico", (c) => c.redirect("/static/favicon.svg", 301));
