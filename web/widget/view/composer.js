// Where the customer writes: text, pictures, the limit, and the keys that send.
import { html } from "htm/preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { ACCEPTED, picturesIn } from "../pictures.js";

const LIMIT = 4_000;
const COUNTER_FROM = 3_600;
const TALLEST = 132;
const IME_KEY_CODE = 229; // Safari ends the composition before the Enter that confirmed it

const lengthOf = (text) => [...text].length;

function Thumbnail({ picture, words, pictures }) {
  const label = { uploading: "picture_uploading", failed: "picture_failed", ready: "picture_ready" }[picture.state];
  return html`<li class=${`thumb ${picture.state}`}>
    <img src=${picture.preview} alt="" />
    ${picture.state === "failed"
      ? html`<button type="button" class="over" aria-label=${words(label)} title=${words(label)} onClick=${() => pictures.retry(picture.key)}><${Icon} name="retry" /></button>`
      : html`<span class="hidden" role="status">${words(label)}</span>`}
    <button type="button" class="remove" aria-label=${words("picture_remove", { name: picture.name })} onClick=${() => pictures.remove(picture.key)}><${Icon} name="close" size=${12} /></button>
  </li>`;
}

export function Composer({ chat, words, field, pictures, sent }) {
  const [text, setText] = useState(() => chat.storage.read("draft", ""));
  const [problem, setProblem] = useState(null);
  const files = useRef(null);
  const length = lengthOf(text.trim());
  const over = length - LIMIT;
  const uploading = pictures.list.some((picture) => picture.state !== "ready");
  const empty = !length && !pictures.list.length;
  const blocked = empty || over > 0 || uploading;

  useLayoutEffect(() => {
    const area = field.current;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  }, [text]);

  const write = (value) => {
    setText(value);
    setProblem(null);
    chat.storage.write("draft", value);
  };
  const submit = () => {
    if (blocked) return;
    const attachments = pictures.list.map(({ id, type }) => ({ id, type }));
    if (!chat.send({ text: text.trim(), attachments })) return setProblem("outbox_full");
    write("");
    pictures.clear();
    sent();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    if (event.isComposing || event.keyCode === IME_KEY_CODE) return;
    event.preventDefault();
    submit();
  };
  const onInput = (event) => {
    write(event.currentTarget.value);
    chat.customerTypes();
  };
  const onPaste = (event) => {
    const found = picturesIn(event.clipboardData);
    if (!found.length) return;
    event.preventDefault();
    pictures.add(found);
  };
  const onFiles = (event) => {
    pictures.add([...event.currentTarget.files]);
    event.currentTarget.value = "";
  };
  const note = problem || pictures.problem;

  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), submit())}>
    ${pictures.list.length > 0 && html`<ul class="thumbs">${pictures.list.map((picture) => html`<${Thumbnail} key=${picture.key} picture=${picture} words=${words} pictures=${pictures} />`)}</ul>`}
    <p class=${`note${over > 0 || note ? " bad" : ""}`} role="status" id="note">${
      over > 0 ? words("too_long", { over }) : note ? words(note) : length >= COUNTER_FROM ? words("left", { left: LIMIT - length }) : ""
    }</p>
    <div class="row">
      <button class="plain" type="button" aria-label=${words("picture")} title=${words("picture")} onClick=${() => files.current.click()}><${Icon} name="picture" size=${22} /></button>
      <input ref=${files} type="file" accept=${ACCEPTED} multiple hidden onChange=${onFiles} />
      <textarea ref=${field} rows="1" aria-label=${words("message")} aria-describedby="note hint" aria-invalid=${over > 0 ? "true" : "false"} placeholder=${words("placeholder")} enterkeyhint="send"
        value=${text} onInput=${onInput} onKeyDown=${onKeyDown} onPaste=${onPaste}></textarea>
      <button class="send" type="submit" aria-label=${words("send")} title=${words("send")} aria-disabled=${blocked ? "true" : "false"}><${Icon} name="send" /></button>
    </div>
    <p id="hint" class="hidden">${words("hint")}</p>
  </form>`;
}
