// The wrap-up form: prefilled, checked field by field; one step keeps it, opens tickets and closes the conversation.
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { elapsed } from "../../shared/moments.js";
import { isMine } from "../state.js";
import { FIELDS } from "../wrap_form.js";
import { secondsSoFar } from "./clock.js";
import { useNow } from "./hooks.js";
import { Disposition, Field, Problems } from "./wrap_up_fields.js";
import { FollowUps } from "./wrap_up_tickets.js";

function Handling({ transcript, wrap, words }) {
  const now = useNow();
  const seconds = secondsSoFar(transcript, wrap, now);
  const { target_seconds: target } = wrap.handling;
  return html`<p class=${`handling${seconds > target ? " over" : ""}`}>${words("handling", { time: elapsed(seconds * 1000), target: elapsed(target * 1000) })}</p>`;
}

/** Where the hand should go first: what is wrong or empty, else the button that ends it; before the form is seen. */
function useFirstFocus(form, wrap) {
  useLayoutEffect(() => {
    if (wrap?.state !== "ready") return;
    const wrong = wrap.problems.find((problem) => problem.severity === "stop")?.field;
    const first = !wrap.disposition ? "disposition" : wrong;
    (form.current?.querySelector(first ? `[name="${first}"]` : "button[type=submit]") ?? form.current)?.focus();
  }, [wrap?.state]);
}

export function WrapUp({ id, desk, state, words }) {
  const wrap = state.wraps[id];
  const form = useRef(null);
  useFirstFocus(form, wrap);
  if (!wrap || wrap.state === "loading") return html`<p class="empty" role="status">${words("loading")}</p>`;
  if (wrap.state === "unavailable") return html`<p class="empty" role="status">${words("wrap_up_unavailable")}</p>`;
  if (wrap.done) return html`<p class="empty" role="status">${words("wrap_up_done")}</p>`;
  const { wrapping } = desk;
  const mine = isMine(state, id);

  const submit = async (event) => {
    event?.preventDefault();
    const wrong = await wrapping.finish(id);
    if (wrong) form.current?.querySelector(`[name="${wrong}"]`)?.focus();
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
    if (event.key === "Escape") event.stopPropagation(), wrapping.leave();
  };
  return html`<form ref=${form} class="wrap-up" tabindex="-1" aria-label=${words("wrap_up")} onSubmit=${submit} onKeyDown=${onKeyDown}>
    <${Handling} transcript=${state.transcripts[id]} wrap=${wrap} words=${words} />
    ${wrap.paused && html`<p class="notice" role="status">${words("wrap_up_paused")} <button type="button" class="link" onClick=${() => wrapping.leave()}>${words("wrap_up_answer")}</button></p>`}
    <${Disposition} id=${id} wrap=${wrap} wrapping=${wrapping} words=${words} />
    <div class="form-row"><label for="wrap-summary">${words("wrap_summary")}</label>
      <textarea id="wrap-summary" name="summary" rows="3" maxlength="2000" value=${wrap.summary} onInput=${(event) => wrapping.put(id, { summary: event.currentTarget.value })}></textarea><${Problems} wrap=${wrap} field="summary" /></div>
    <fieldset class="contact-form"><legend>${words("contact_form")}</legend>
      ${FIELDS.map((field) => html`<${Field} key=${field} id=${id} field=${field} wrap=${wrap} desk=${desk} words=${words} />`)}
    </fieldset>
    <${FollowUps} id=${id} wrap=${wrap} wrapping=${wrapping} words=${words} />
    <p class="dialog-acts"><button type="button" onClick=${() => wrapping.leave()}>${words("wrap_up_back")}</button><button type="submit" class="primary" aria-disabled=${wrap.busy ? "true" : "false"}>${words(mine ? "wrap_up_finish" : "wrap_up_keep")}<kbd aria-hidden="true">Ctrl ⏎</kbd></button></p>
  </form>`;
}
