// The knowledge base and the team's macros, searched while typing.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { api } from "../api.js";
import { conversationOf, isMine } from "../state.js";

const PAUSE_MS = 220;

const fromArticle = ({ id, version, question, answer, confidence, audience }) => ({
  id: `article:${id}`, text: answer, confidence, internal: audience === "agent", source: { kind: "article", id, version, title: question },
});
const fromMacro = ({ id, version, title, text, confidence, missing }) => ({ id: `macro:${id}`, text, confidence, missing, source: { kind: "macro", id, version, title } });

/** Articles and macros together, best first. */
function found({ articles, macros = [] }) {
  return [...articles.map(fromArticle), ...macros.map(fromMacro)].sort((one, other) => other.confidence - one.confidence);
}

function Found({ reply, mine, desk, words }) {
  // A search is no suggestion: nothing is told about it.
  const source = () => ({ ...desk.suggesting.sourceOf(reply), suggestion: null });
  const { selected } = desk.state;
  const { title, kind } = reply.source;
  return html`<li class="reply">
    <p class="reply-head"><span class="title">${title}</span><span class="sure">${words(reply.internal ? "internal" : `source_${kind}`)}</span></p>
    <div class="text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(reply.text) }} />
    ${mine && !reply.internal && html`<p class="reply-acts">
      <button type="button" onClick=${() => desk.writing.insert(selected, source())}><${Icon} name="insert" size=${16} />${words("insert")}<span class="hidden">${title}</span></button>
      ${!reply.missing?.length && html`<button type="button" onClick=${() => desk.sending.say(selected, { text: source().plain, sources: [source()] })}><${Icon} name="send" size=${16} />${words("send_now")}<span class="hidden">${title}</span></button>`}
    </p>`}
  </li>`;
}

function useSearch(state) {
  const [replies, setReplies] = useState(null);
  const [problem, setProblem] = useState(null);
  const number = useRef(0);
  const timer = useRef(0);
  const look = async (asked) => {
    const mine = ++number.current;
    clearTimeout(timer.current);
    if (!asked) return setReplies(null), setProblem(null);
    try {
      const answer = found(await api.search(asked, conversationOf(state)?.language, state.selected));
      if (mine === number.current) setReplies(answer), setProblem(null);
    } catch {
      if (mine === number.current) setReplies(null), setProblem("suggestions_unavailable");
    }
  };
  const soon = (asked) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => look(asked), asked ? PAUSE_MS : 0);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { replies, problem, look, soon };
}

export function Search({ desk, state, words, field }) {
  const { replies, problem, look, soon } = useSearch(state);
  const mine = isMine(state);
  const asked = () => field.current.value.trim();
  return html`<form class="search" role="search" onSubmit=${(event) => (event.preventDefault(), look(asked()))}>
      <input ref=${field} type="search" aria-label=${words("search")} placeholder=${words("search_placeholder")} maxlength="500" onInput=${(event) => !event.isComposing && soon(asked())} onCompositionEnd=${() => soon(asked())} />
      <button class="tool" type="submit" aria-label=${words("search_now")}><${Icon} name="search" /></button>
    </form>
    <div role="status">${problem ? html`<p class="empty">${words(problem)}</p>` : replies && !replies.length ? html`<p class="empty">${words("nothing_found")}</p>` : null}</div>
    ${replies?.length > 0 && html`<ul class="replies">${replies.map((reply) => html`<${Found} key=${reply.id} reply=${reply} mine=${mine} desk=${desk} words=${words} />`)}</ul>`}`;
}
