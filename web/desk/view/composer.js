// The agent's reply: a draft for each conversation in plain words, findings under it, sent with Enter.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { emptyOr } from "../writing.js";
import { Confirm } from "./confirm.js";
import { Findings } from "./findings.js";

const LIMIT = 4_000;
const IME_KEY_CODE = 229;
const TALLEST_PX = 200;

// Each place once: the pane may be gone and come back, and the caret has moved on since.
function useCaret(field, caret, id, desk) {
  useLayoutEffect(() => {
    if (caret?.id !== id || desk.placed === caret.number) return;
    desk.placed = caret.number;
    field.current.focus();
    field.current.setSelectionRange(caret.from, caret.to);
    field.current.scrollTop = field.current.scrollHeight;
  }, [caret?.number]);
}

function useHeight(field, text) {
  useLayoutEffect(() => {
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, TALLEST_PX)}px`;
  }, [text]);
}

export function Composer({ id, desk, state, words, field, log }) {
  const { text } = emptyOr(state.drafts[id]);
  const findings = desk.checking.of(id);
  const stops = desk.checking.stopsOf(id, text);
  const over = [...text.trim()].length - LIMIT;
  const blocked = !text.trim() || over > 0;
  useHeight(field, text);
  useCaret(field, state.caret, id, desk);
  useEffect(() => {
    // Not away from a message that was just jumped to, and no keyboard over a phone's screen that nobody asked for.
    const reads = log.current?.contains(document.activeElement) || matchMedia("(hover: none)").matches;
    if (!reads) field.current?.focus();
  }, []);

  const submit = () => {
    if (blocked) return;
    if (stops.length) return desk.checking.ask(id);
    desk.writing.send(id);
    field.current?.focus();
  };
  const confirmed = (reason) => {
    desk.writing.send(id, { rules: [...new Set(stops.map((finding) => finding.rule))], reason });
    field.current?.focus();
  };
  const onKeyDown = (event) => {
    if (event.isComposing || event.keyCode === IME_KEY_CODE) return;
    if (event.key === "Escape") return void (event.stopPropagation(), log.current?.focus());
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    submit();
  };
  const mark = (finding) => {
    field.current.focus();
    field.current.setSelectionRange(...finding.span);
  };
  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), submit())}>
    <textarea ref=${field} rows="2" aria-label=${words("reply")} placeholder=${words("reply_placeholder")} aria-invalid=${over > 0 ? "true" : "false"} aria-describedby="reply-note"
      value=${text} onInput=${(event) => desk.writing.typed(id, event.currentTarget.value)} onKeyDown=${onKeyDown}></textarea>
    ${findings.asks && stops.length > 0
      ? html`<${Confirm} stops=${stops} words=${words} done=${confirmed} cancel=${() => (desk.checking.stopAsking(id), field.current?.focus())} />`
      : html`<div class="under"><div id="reply-note" role="status" class="notes">${over > 0 && html`<p class="problem">${words("too_long", { over })}</p>`}<${Findings} findings=${findings} words=${words} mark=${mark} improve=${(finding) => desk.writing.improve(id, finding)} /></div>
          <button type="submit" class="primary" aria-disabled=${blocked ? "true" : "false"}><${Icon} name="send" size=${16} />${words("send")}</button></div>`}
  </form>`;
}
