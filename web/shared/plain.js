// Markdown as plain words for a text field, and plain words as Markdown that reads the same.
import { renderMarkdown } from "./markdown.js";

const MARKER = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*$/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;

function fragmentOf(markdown) {
  const template = document.createElement("template");
  template.innerHTML = renderMarkdown(markdown);
  return template.content;
}

function inlineWords(markdown) {
  const shown = fragmentOf(markdown.trim());
  for (const link of shown.querySelectorAll("a")) {
    const href = link.getAttribute("href") ?? "";
    if (!/^(?:mailto|tel):/.test(href) && !href.includes(link.textContent)) link.append(` (${href})`);
  }
  return shown.textContent.trim();
}

/** One line of Markdown as it is read; null for a line that only draws something. */
function lineWords(line) {
  if (TABLE_RULE.test(line) || RULE.test(line)) return null;
  if (/^\s*\|.*\|\s*$/.test(line)) return line.trim().slice(1, -1).split("|").map(inlineWords).join(" | ");
  const item = line.match(MARKER);
  if (item) return `${item[1]}${/\d/.test(item[2]) ? item[2].replace(")", ".") : "-"} ${inlineWords(item[3])}`;
  return inlineWords(line);
}

/** What `markdown` says without its signs; lists keep their dashes and numbers. */
export function plainText(markdown) {
  const lines = markdown.split("\n").map(lineWords);
  return lines.filter((line) => line !== null).join("\n").trim();
}

// What a reader sees of the Markdown, markers of lists included, without spaces.
function readAs(markdown) {
  const shown = fragmentOf(markdown);
  for (const list of shown.querySelectorAll("ul, ol")) {
    let number = Number(list.getAttribute("start") ?? 1);
    for (const item of list.children) item.prepend(list.tagName === "OL" ? `${number++}.` : "-");
  }
  for (const drawn of shown.querySelectorAll("hr")) drawn.replaceWith("(rule)");
  return shown.textContent.replace(/\s/g, "");
}

const bare = (text) => text.replace(/^(\s*)(\d+)\)(?=\s)/gm, "$1$2.").replace(/^(\s*)[*+](?=\s)/gm, "$1-").replace(/\s/g, "");

const quiet = (text) => text.replace(/[\\`*_~[\]|&]/g, "\\$&").replace(/^(\s*)([#>=])/gm, "$1\\$2");
const quieter = (text) => quiet(text).replace(/^(\s*)([-+])/gm, "$1\\$2").replace(/^(\s*\d+)([.)])/gm, "$1\\$2");

/** Markdown for words that somebody typed: signs that would change how they are read are escaped. */
function escaped(words) {
  const text = words.replace(/^[ \t]{4,}/gm, "   ");
  const wanted = bare(text);
  return [text, quiet(text), quieter(text)].find((one) => readAs(one) === wanted) ?? text;
}

/** The Markdown lines of `sources` by how they are read. */
function formattedLines(sources) {
  const found = new Map();
  for (const { markdown } of sources) {
    if (/^\s*(?:\||```)/m.test(markdown)) continue; // a table or a block of code is whole or nothing
    for (const line of markdown.split("\n")) {
      const words = lineWords(line);
      if (words && words !== line) found.set(words, line);
    }
  }
  return found;
}

function byLines(text, sources) {
  const formatted = formattedLines(sources);
  const parts = [];
  for (const line of text.split("\n")) {
    const known = formatted.get(line);
    const last = parts.at(-1);
    if (last && Boolean(known) === last.known) last.lines.push(known ?? line);
    else parts.push({ known: Boolean(known), lines: [known ?? line] });
  }
  return parts.map(({ known, lines }) => (known ? lines.join("\n") : escaped(lines.join("\n")))).join("\n");
}

/**
 * What to send for `text` out of a field into which `sources` ({plain, markdown}) were inserted: what was left as it
 * was keeps its formatting, whatever was typed reads as it was typed.
 */
export function asMarkdown(text, sources = []) {
  for (const { plain, markdown } of sources) {
    const at = plain ? text.indexOf(plain) : -1;
    if (at < 0) continue;
    const [before, after] = [text.slice(0, at), text.slice(at + plain.length)];
    return [before && byLines(before, sources), markdown.trim(), after && asMarkdown(after, sources)].join("");
  }
  return byLines(text, sources);
}
