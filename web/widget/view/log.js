// The log: greeting, messages, typing, quick replies; it stays at the end unless the reader has scrolled up.
import { html } from "htm/preact";
import { useMemo, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { useStickyEnd } from "../../shared/sticky_end.js";
import { itemsOf } from "./items.js";
import { Message } from "./message.js";

function Greeting({ settings, words }) {
  return html`<div class="greeting">
    <div class="bubble text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(words("intro")) }} />
    <a class="privacy" href=${settings.privacy} target="_blank" rel="noopener">${words("privacy")}<span class="hidden">${words("opens_new")}</span></a>
  </div>`;
}

function Choices({ label, list, titleOf, choose }) {
  return html`<div class="choices" role="group" aria-label=${label}>${list.map((item) => html`<button key=${titleOf(item)} type="button" onClick=${() => choose(item)}>${titleOf(item)}</button>`)}</div>`;
}

// The end, but never past the start of the last message: a long answer is read from its top.
function endOrLastStart(log) {
  const lastStart = [...log.querySelectorAll("article")].at(-1)?.offsetTop ?? Infinity;
  return Math.min(log.scrollHeight - log.clientHeight, lastStart - 8);
}

export function Log({ chat, state, settings, words, nudge, buttons, answer }) {
  const { language, questions } = settings;
  const box = useRef(null);
  const items = useMemo(() => itemsOf(state, language, Date.now()), [state.timelines, state.pending, state.acknowledged, state.connection, language]);
  const { missed, toEnd, onScroll } = useStickyEnd(box, { last: items.at(-1)?.key, nudge, target: endOrLastStart });
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
