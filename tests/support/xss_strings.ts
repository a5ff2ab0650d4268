import { drawings, elements } from "./xss_elements.ts";
import { addresses, markdown, scripts, stylesheets, swallowing, templates } from "./xss_words.ts";

/**
 * What somebody could write in the hope that it runs in another's browser. Each calls `hit()` or asks
 * for something of `xss.invalid` where it is not escaped. By class, all composed here.
 */

const ACTS = ["hit()", "hit`1`", "window['hi'+'t']()", "[1].find(hit)"];
const act = (i: number) => ACTS[i % ACTS.length]!;

/** Ends of what the text may stand in. */
const ends = [
  '">',
  "'>",
  '"/>',
  "</title>",
  "</textarea>",
  "</script>",
  "</style>",
  "</template>",
  "</noscript>",
  "</iframe>",
  "</option></select>",
  "-->",
  "]]>",
  '"}]}</script>',
  "\\\"'/>",
  "`>",
];

/** In spellings that a filter by words lets through. */
const spellings = [
  "<ScRiPt>hit()</sCrIpT>",
  "<script\t>hit()</script\n>",
  "<script/x>hit()</script/y>",
  "<scr<script>ipt>hit()</scr</script>ipt>",
  "<<script>hit()//<</script>",
  "<script>hit()",
  "<img src=x onerror=hit()//",
  "<img/src=x/onerror=hit()>",
  "<img\nsrc=x\nonerror\n=\nhit()>",
  "<img\fsrc=x\fonerror=hit()>",
  "<IMG SRC=x ONERROR=hit()>",
  "<img src=x onerror=&#104;it()>",
  "<img src=x onerror=&#x68;&#x69;&#x74;()>",
  '<img src=x onerror="&lpar;hit&rpar;()">',
  "<img src=x onerror=\\u0068it()>",
  "<img src=x:x onerror=hit()>",
  "<img src='x' onerror='hit()'>",
  "<img src=`x` onerror=hit()>",
  "<img src=x onerror=hit`1`>",
  "<img src=x onerror=window['hi'+'t']()>",
  "<img src=x onerror=eval(atob('aGl0KCk='))>",
  "<x onclick=hit()>a</x>",
  "<x tabindex=1 autofocus onfocus=hit()></x>",
  "<!--><img src=x onerror=hit()>",
  "<!-- --!><img src=x onerror=hit()>",
  "<![CDATA[<img src=x onerror=hit()>]]>",
  "<?xml ?><img src=x onerror=hit()>",
  "<!doctype x [<!entity y 'z'>]><img src=x onerror=hit()>",
  "</p><img src=x onerror=hit()>",
  "</><img src=x onerror=hit()>",
  "<%00script>hit()</script>",
  "<\u0000script>hit()</script>",
  "\uff1cscript\uff1ehit()\uff1c/script\uff1e",
  "\u02c2script\u02c3hit()\u02c2/script\u02c3",
  "\u226e\u0338script>hit()</script>",
  "+ADw-script+AD4-hit()+ADw-/script+AD4-",
  "\u00c0\u00bcscript\u00c0\u00behit()",
  "%3Cscript%3Ehit()%3C/script%3E",
  "%253Cimg src=x onerror=hit()%253E",
  "&lt;img src=x onerror=hit()&gt;",
  "&amp;lt;script&amp;gt;hit()&amp;lt;/script&amp;gt;",
  "\\x3cimg src=x onerror=hit()\\x3e",
  "\\u003cimg src=x onerror=hit()\\u003e",
  "\u202e<img src=x onerror=hit()>\u202c",
  "\u2066<svg onload=hit()>\u2069",
  "<img src=x onerror=hit()>\ud800",
  "\u2028<img src=x onerror=hit()>\u2029",
];

/** What a parser changes into something else when it reads it a second time. */
const mutations = [
  "<svg></p><style><a id='</style><img src=x onerror=hit()>'>",
  "<svg><style><img src=x onerror=hit()></style></svg>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=hit()>'>",
  "<math><annotation-xml encoding=text/html><img src=x onerror=hit()></annotation-xml></math>",
  "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=hit()>",
  "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
  "<template><img src=x onerror=hit()></template>",
  "<template shadowrootmode=open><img src=x onerror=hit()></template>",
  "<xmp><p title='</xmp><img src=x onerror=hit()>'>",
  "<noembed><p title='</noembed><img src=x onerror=hit()>'>",
  "<noframes><p title='</noframes><img src=x onerror=hit()>'>",
  "<select><style></select><img src=x onerror=hit()></style></select>",
  "<svg><desc><table><img src=x onerror=hit()></table></desc></svg>",
  "<table><td><a id='x'><table><img src=x onerror=hit()>",
  "<p id='&quot;><img src=x onerror=hit()>'>",
  "<listing>&lt;img src=x onerror=hit()&gt;</listing>",
  "<a href='x' title='\"><img src=x onerror=hit()>'>a</a>",
  "<svg><title><style></title><img src=x onerror=hit()></style></svg>",
  "<form id=hit><input name=attributes></form><img src=x onerror=hit()>",
  "<a id=defaultView name=hit href=x></a><a id=location href=javascript:hit()>a</a>",
];

/** More attributes for the tag that the text stands in. */
const attributes = [
  '" onerror=hit() src=x x="',
  "' onerror=hit() src=x x='",
  '" autofocus onfocus=hit() x="',
  "' autofocus onfocus=hit() x='",
  '" onload="hit()" x="',
  '" style="background:url(//xss.invalid/s.png)" x="',
  "x onerror=hit() src=x",
  "x autofocus onfocus=hit()",
  '"onmouseover="hit()',
  "'onmouseover='hit()",
  '" onanimationend=hit() x="',
  "&quot; onerror=hit() src=x x=&quot;",
  '\\" onerror=hit() src=x x=\\"',
  '" formaction="javascript:hit()" x="',
  '" srcdoc="<script>parent.hit()</script>" x="',
  '" data-island="Toasts" data-props="{}" x="',
];

/** Each end with an element behind it. */
const breaks = ends.flatMap((end, i) => [
  `${end}<img src=x onerror=${act(i)}>`,
  `${end}<svg onload=${act(i + 1)}>`,
  `${end}<script>${act(i + 2)}</script>`,
]);

/** By what they attack. */
export const xssClasses: Record<string, readonly string[]> = {
  elements,
  drawings,
  breaks,
  spellings,
  mutations,
  attributes,
  addresses,
  markdown,
  templates,
  scripts,
  stylesheets,
  swallowing, // last, so that it hides nothing
};

/** All of them. */
export const xssStrings: readonly string[] = [...new Set(Object.values(xssClasses).flat())];
