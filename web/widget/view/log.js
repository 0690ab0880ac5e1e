// The log: greeting, messages, typing, quick replies; it stays at the end unless the reader has scrolled up.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { itemsOf } from "./items.js";
import { Message } from "./message.js";

const NEAR_PX = 48;

function Greeting({ settings, words }) {
  return html`<div class="greeting">
    <div class="bubble text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(words("intro")) }} />
    <a class="privacy" href=${settings.privacy} target="_blank" rel="noopener">${words("privacy")}<span class="hidden">${words("opens_new")}</span></a>
  </div>`;
}

function Choices({ label, list, titleOf, choose }) {
  return html`<div class="choices" role="group" aria-label=${label}>${list.map((item) => html`<button key=${titleOf(item)} type="button" onClick=${() => choose(item)}>${titleOf(item)}</button>`)}</div>`;
}

function useStickyEnd(box, items, typing, nudge) {
  const stick = useRef(true);
  const [missed, setMissed] = useState(false);
  const last = items.at(-1)?.key;
  // The end, but never past the start of the last message: a long answer is read from its top.
  const toEnd = () => {
    stick.current = true;
    setMissed(false);
    const log = box.current;
    if (!log) return;
    const lastStart = [...log.querySelectorAll("article")].at(-1)?.offsetTop ?? Infinity;
    log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, lastStart - 8);
  };
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    stick.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (stick.current) setMissed(false);
  };
  useLayoutEffect(() => {
    if (stick.current) toEnd();
    else if (last) setMissed(true);
  }, [last]);
  useLayoutEffect(() => {
    if (stick.current) toEnd();
  }, [typing, items.length]);
  useLayoutEffect(toEnd, [nudge]);
  // A keyboard that comes up, a composer that grows: what was at the end stays at the end.
  useEffect(() => {
    const observer = new ResizeObserver(() => stick.current && toEnd());
    observer.observe(box.current);
    observer.observe(box.current.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return { missed, toEnd, onScroll };
}

export function Log({ chat, state, settings, words, nudge, buttons, answer }) {
  const { language, questions } = settings;
  const box = useRef(null);
  const items = useMemo(() => itemsOf(state, language, Date.now()), [state.timelines, state.pending, state.acknowledged, state.connection, language]);
  const { missed, toEnd, onScroll } = useStickyEnd(box, items, state.typing, nudge);
  const starting = items.length === 0 && state.loaded;

  return html`<div class="stage">
    <div ref=${box} class="log" tabindex="0" role="log" aria-label=${words("log")} aria-busy=${state.loaded ? "false" : "true"} onScroll=${onScroll}>
      <div class="flow">
        <${Greeting} settings=${settings} words=${words} />
        ${starting && questions.length > 0 && html`<p class="try">${words("try")}</p>
          <${Choices} label=${words("try")} list=${questions} titleOf=${(text) => text} choose=${(text) => chat.send({ text })} />`}
        ${items.map((item) => html`<${Message} key=${item.key} item=${item} chat=${chat} words=${words} language=${language} />`)}
        ${state.typing && html`<div class="typing" aria-hidden="true" title=${words(`typing_${state.typing}`)}><i></i><i></i><i></i></div>`}
        ${buttons.length > 0 && html`<${Choices} label=${words("choices")} list=${buttons} titleOf=${(button) => button.title} choose=${answer} />`}
      </div>
    </div>
    ${missed && html`<button class="pill" type="button" onClick=${toEnd}><${Icon} name="down" size=${16} />${words("new_messages")}</button>`}
  </div>`;
}
