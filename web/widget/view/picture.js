// A picture of the conversation, fetched with the customer's session into a box whose size is known before it comes.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";

const kept = new Map();

function urlOf(chat, id) {
  if (!kept.has(id)) {
    const url = chat.picture(id).then((blob) => URL.createObjectURL(blob));
    url.catch(() => kept.delete(id));
    kept.set(id, url);
  }
  return kept.get(id);
}

export function Picture({ id, chat, words }) {
  const [url, setUrl] = useState(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let here = true;
    urlOf(chat, id).then((found) => here && setUrl(found), () => here && setMissing(true));
    return () => (here = false);
  }, [id]);
  if (url) return html`<a class="picture" href=${url} target="_blank" rel="noopener" title=${words("picture_open")}><img src=${url} alt=${words("picture_alt")} /></a>`;
  return html`<div class="picture wait">${words(missing ? "picture_missing" : "picture_loading")}</div>`;
}
