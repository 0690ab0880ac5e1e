// Markdown from the bot and from agents, as HTML that is safe to show.
import { Marked } from "marked";
import createDOMPurify from "dompurify";

const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const marked = new Marked({
  async: false,
  breaks: true,
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
  },
});

// The renderer above already writes no HTML of the author's; this is the wall behind it.
const purifier = createDOMPurify(window);
purifier.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  if (!node.hasAttribute("href")) return node.replaceWith(...node.childNodes);
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
});
const RULES = {
  ALLOWED_TAGS: ["p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "a", "hr", "table", "thead", "tbody", "tr", "th", "td"],
  ALLOWED_ATTR: ["href", "start", "align", "title"],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:|tel:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

const MOST_KEPT = 500;
const kept = new Map();

/** HTML of `text`; only formatting and links to the web, mail and telephone survive. */
export function renderMarkdown(text) {
  const source = String(text ?? "");
  if (!kept.has(source)) {
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
    kept.set(source, purifier.sanitize(marked.parse(source), RULES));
  }
  return kept.get(source);
}
