// What is different between two versions, field by field, for reading.
import { html } from "htm/preact";
import { linesDiff, textDiff } from "../diff.js";
import { fieldName } from "./article.js";

const TAGS = { gone: "del", new: "ins", same: "span" };

function Piece({ kind, children, words }) {
  const said = kind === "same" ? null : html`<span class="hidden">${words(kind === "gone" ? "diff_gone" : "diff_new")}</span>`;
  return html`<${TAGS[kind]}>${said}${children}<//>`;
}

function plain(path, text, words) {
  if (path === "category") return words.known("category", text);
  if (path === "flow") return text && words.known("flow", text);
  return path === "audience" ? words(`audience_${text}`) : text;
}

function Change({ path, before, after, words }) {
  if (path.endsWith(".phrasings")) {
    const lines = linesDiff(before, after);
    const same = lines.filter(([kind]) => kind === "same").length;
    return html`<ul class="line-diff">${lines.filter(([kind]) => kind !== "same").map(([kind, line], place) => html`<li key=${place} class=${kind}><${Piece} kind=${kind} words=${words}>${line}<//></li>`)}${same > 0 && html`<li class="soft">${words("diff_same", { count: same })}</li>`}</ul>`;
  }
  const pieces = path.startsWith("texts.") ? textDiff(before, after) : [["gone", plain(path, before, words)], ["new", plain(path, after, words)]].filter(([, text]) => text);
  return html`<p class="text-diff">${pieces.map(([kind, text], place) => html`<${Piece} key=${place} kind=${kind} words=${words}>${text}<//>${path.startsWith("texts.") ? "" : " "}`)}</p>`;
}

export function Changes({ paths, before, after, words }) {
  return html`<dl class="changes">${paths.map(
    (path) => html`<div key=${path}><dt>${fieldName(path, words)}</dt><dd lang=${path.startsWith("texts.") ? path.split(".")[1] : undefined}><${Change} path=${path} before=${before[path] ?? ""} after=${after[path] ?? ""} words=${words} /></dd></div>`,
  )}</dl>`;
}
