import MarkdownIt, { type StateCore, type Token } from "markdown-it";

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
markdown.linkify.set({ fuzzyLink: false }); // or "notes.md" becomes a site in Moldova
markdown.validateLink = (url) => /^(https?:\/\/|mailto:|tel:)/i.test(url);
markdown.core.ruler.push("house", (state) => {
  for (const token of state.tokens) {
    shiftHeading(token);
    styleToClass(token);
    if (token.children !== null) {
      token.children = withoutImages(state, token.children);
      for (const child of token.children) if (child.type === "link_open") guard(child);
    }
  }
});

/**
 * What people wrote, as HTML that is safe to show: no markup of theirs, no images (they become
 * links), links that tell nobody where they were followed from. The page's own heading is level 1.
 */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}

function shiftHeading(token: Token): void {
  if (token.type !== "heading_open" && token.type !== "heading_close") return;
  token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
}

/** Columns of tables are aligned by class: a style attribute is refused by the page's policy. */
function styleToClass(token: Token): void {
  const side = String(token.attrGet("style") ?? "").match(/text-align:(left|center|right)/)?.[1];
  token.attrs = token.attrs?.filter(([name]) => name !== "style") ?? null;
  if (side) token.attrSet("class", `at-${side}`);
}

/** An image would tell its host who reads; a link waits to be followed. */
function withoutImages(state: StateCore, children: Token[]): Token[] {
  let depth = 0;
  return children.flatMap((token) => {
    depth += token.type === "link_open" ? 1 : token.type === "link_close" ? -1 : 0;
    if (token.type !== "image") return [token];
    const src = String(token.attrGet("src") ?? "");
    const text = new state.Token("text", "", 0);
    text.content = token.content || src;
    if (depth > 0) return [text];
    const open = new state.Token("link_open", "a", 1);
    open.attrSet("href", src);
    return [open, text, new state.Token("link_close", "a", -1)];
  });
}

function guard(link: Token): void {
  link.attrSet("rel", "noopener noreferrer nofollow");
}
