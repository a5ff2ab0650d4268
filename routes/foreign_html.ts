import type { Ctx } from "./router.ts";

/**
 * What a letter may do when it is looked at inside our page: show itself. Its styles are inline, as
 * mail needs them; no script, no form, no request to anywhere, and nothing of our origin.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "frame-ancestors 'self'",
  "sandbox allow-popups allow-popups-to-escape-sandbox",
].join("; ");

/** Its links open beside our page: none of ours may be framed, so in its place there would be nothing. */
const BESIDE = '<base target="_blank">';

/** Answers with the HTML of a letter, to be framed by a page of ours. */
export function foreignHtml(c: Ctx, html: string): Response {
  c.header("Content-Security-Policy", POLICY);
  c.header("X-Frame-Options", "SAMEORIGIN");
  return c.html(html.replace(/<head[^>]*>/i, `$&${BESIDE}`));
}
