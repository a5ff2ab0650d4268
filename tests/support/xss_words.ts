/** The part of tests/support/xss_strings.ts that is no element: addresses, Markdown, other languages. */

export const addresses = [
  "javascript:hit()",
  "JaVaScRiPt:hit()",
  " javascript:hit()",
  "\u0001javascript:hit()",
  "java\tscript:hit()",
  "java\nscript:hit()",
  "java\rscript:hit()",
  "javascript\t:hit()",
  "java&#x09;script:hit()",
  "&#106;avascript:hit()",
  "javascript&colon;hit()",
  "javascript://%0ahit()",
  "javascript:/*--></title></style></textarea></script><svg/onload=hit()>*/hit()",
  "view-source:javascript:hit()",
  "data:text/html,<script>parent.hit()</script>",
  "data:text/html;base64,PHNjcmlwdD5wYXJlbnQuaGl0KCk8L3NjcmlwdD4=",
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='parent.hit()'/>",
  "vbscript:hit()",
  "blob:hit",
  "feed:javascript:hit()",
  "https:javascript:hit()",
  "%6aavascript:hit()",
];

/** For what is read as Markdown. */
export const markdown = [
  ...addresses.slice(0, 14).map((address) => `[a](${address})`),
  ...addresses.slice(14, 20).map((address) => `[a](<${address}>)`),
  ...addresses.slice(0, 4).map((address) => `![a](${address})`),
  "![a](//xss.invalid/md.png)",
  "![a](https://xss.invalid/md.png)",
  "<javascript:hit()>",
  "[a][x]\n\n[x]: javascript:hit()",
  "[a](https://example.org 'x\" onmouseover=hit() y=\"')",
  '[a](https://example.org/"onmouseover="hit())',
  '![x" onerror="hit()](x)',
  "[<img src=x onerror=hit()>](https://example.org)",
  '[a](https://example.org"><img src=x onerror=hit()>)',
  '```"><img src=x onerror=hit()>\ncode\n```',
  "```html\n<img src=x onerror=hit()>\n```",
  "    <img src=x onerror=hit()>",
  "`<img src=x onerror=hit()>`",
  "> <img src=x onerror=hit()>",
  "- <svg onload=hit()>",
  "# <svg onload=hit()>",
  "| <svg onload=hit()> |\n|---|\n| <img src=x onerror=hit()> |",
  "https://example.org/<img src=x onerror=hit()>",
  'https://example.org/"onmouseover="hit()',
  '<https://example.org/" onmouseover="hit()>',
  'ada@example.org"onmouseover="hit()',
  "<img src=x\n\nonerror=hit()>",
  "\\<img src=x onerror=hit()>",
  "*<img src=x onerror=hit()>*",
];

/** For what fills in templates on the server or in the page. */
export const templates = [
  "{{constructor.constructor('hit()')()}}",
  "{{'a'.constructor.prototype.charAt=[].join;$eval('hit()')}}",
  "${hit()}",
  "#{hit()}",
  "<%= hit() %>",
  "{% raw %}<img src=x onerror=hit()>{% endraw %}",
  "[[${hit()}]]",
  "{hit()}",
  "*{hit()}",
];

/** For text within a script: in quotes, in a template string, as JSON. */
export const scripts = [
  "';hit();//",
  '";hit();//',
  "\\';hit();//",
  '\\";hit();//',
  "'-hit()-'",
  '"-hit()-"',
  "`;hit();//",
  "\\u0027;hit();//",
  "\u2028hit()\u2029",
  "*/hit()/*",
  "\nhit()\n",
  '"});hit();({"',
  '{"__html":"<img src=x onerror=hit()>"}',
  '{"type":"img","props":{"src":"x","onerror":"hit()"}}',
  '{"dangerouslySetInnerHTML":{"__html":"<svg onload=hit()>"}}',
  '"]}</script><script>hit()</script>',
  "<!--<script>",
  "<!--<script></script><script>hit()</script>",
];

/** For text within a stylesheet or an attribute of style. */
export const stylesheets = [
  "}*{background:url(//xss.invalid/c.png)}",
  "x:expression(hit())",
  "</style><script>hit()</script>",
  "<link rel=stylesheet href=//xss.invalid/l.css>",
  "<style>@import'//xss.invalid/i.css';</style>",
  "<style onload=hit()></style>",
  "<style>*{background:url(//xss.invalid/b.png)}</style>",
  "<div style=background:url(//xss.invalid/d.png)>a</div>",
  "<div onanimationstart=hit() style=animation-name:x>a</div><style>@keyframes x{}</style>",
];

/** What swallows all that stands behind it. */
export const swallowing = [
  "<plaintext>",
  "<textarea>",
  "<title>",
  "<style>",
  "<script>/*",
  "<!--",
  "<xmp>",
  '<img alt="',
  "<base href=//xss.invalid/>",
];
