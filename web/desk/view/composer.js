// The agent's reply: a draft for each conversation, suggestions inserted into it, sent with Enter.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";

const LIMIT = 4_000;
const IME_KEY_CODE = 229;
const drafts = new Map();

export function Composer({ id, desk, words, field, insert }) {
  const [text, setText] = useState(() => drafts.get(id)?.text || "");
  const source = useRef(drafts.get(id)?.source || null);
  const over = [...text.trim()].length - LIMIT;
  const blocked = !text.trim() || over > 0;

  const write = (value) => {
    setText(value);
    drafts.set(id, { text: value, source: source.current });
  };
  // Before the next frame: a suggestion may be inserted as soon as the pane is there.
  useLayoutEffect(() => {
    // An article stays the source of a reply as long as its words are in it.
    insert.current = (words, article = null) => {
      source.current = article && { article, text: words };
      const before = drafts.get(id)?.text.trim();
      write(before ? `${before}\n\n${words}` : words);
      field.current?.focus();
    };
    return () => (insert.current = () => {});
  }, [id]);
  useEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => {
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, 220)}px`;
  }, [text]);

  const submit = () => {
    if (blocked) return;
    const kept = source.current && text.includes(source.current.text) ? source.current.article : null;
    desk.say(id, text.trim(), kept);
    source.current = null;
    write("");
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === IME_KEY_CODE) return;
    event.preventDefault();
    submit();
  };
  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), submit())}>
    <textarea ref=${field} rows="2" aria-label=${words("reply")} placeholder=${words("reply_placeholder")} aria-invalid=${over > 0 ? "true" : "false"} aria-describedby="reply-note"
      value=${text} onInput=${(event) => write(event.currentTarget.value)} onKeyDown=${onKeyDown}></textarea>
    <div class="under"><p id="reply-note" role="status" class="problem">${over > 0 ? words("too_long", { over }) : ""}</p>
      <button type="submit" class="primary" aria-disabled=${blocked ? "true" : "false"}><${Icon} name="send" size=${16} />${words("send")}</button></div>
  </form>`;
}
