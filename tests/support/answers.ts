import type { Hono } from "hono";
import { AppError } from "../../core/errors.ts";
import { type Env, signedIn } from "../../routes/router.ts";

/** Routes that answer in every way there is. */
export function routes(http: Hono<Env>) {
  http.get("/page", (c) => c.html(`<script nonce="${c.var.nonce}"></script>`));
  http.get("/foreign", (c) => {
    c.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    return c.html("<p style='color: red'>a mail</p>");
  });
  http.get("/text", (c) => c.text("text"));
  http.get("/json", (c) => c.json({}));
  http.get("/empty", (c) => c.body(null, 204));
  http.get("/away", (c) => c.redirect("/page", 303));
  http.get("/frozen", () => Response.redirect("http://localhost:8000/page", 303));
  http.get("/raw", () => new Response("raw", { headers: { "X-Powered-By": "chance" } }));
  http.get("/static/app.css", (c) => {
    c.header("Cache-Control", "public, max-age=31536000, immutable");
    return c.body("a{}", 200, { "Content-Type": "text/css" });
  });
  http.get("/activate/secret", (c) => c.html("token"));
  http.get("/rule", () => {
    throw new AppError("conflict", "Cannot do this: it is done");
  });
  http.get("/bug", () => {
    throw new TypeError("the password is hunter2");
  });
  http.get("/odd", () => {
    throw "thrown, and no Error"; // deno-lint-ignore no-throw-literal
  });
  http.get("/late-bug", async () => {
    await Promise.resolve();
    throw new RangeError("later");
  });
  http.get("/mine", signedIn, (c) => c.text("mine"));
}
