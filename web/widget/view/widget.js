// The launcher and the panel, and what they do to the page around them: title, scrolling, focus.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { wordsIn } from "../strings.js";
import { useChat, useMedia, usePageVisible } from "./hooks.js";
import { Panel } from "./panel.js";

const PHONE = "(max-width: 520px), (max-height: 460px)";

function useTitleBadge(count) {
  useEffect(() => {
    if (!count) return;
    const badge = `(${count}) `;
    document.title = badge + document.title;
    return () => {
      if (document.title.startsWith(badge)) document.title = document.title.slice(badge.length);
    };
  }, [count]);
}

// A full-screen panel: the page behind does not scroll, and an on-screen keyboard does not cover the composer.
function useFullScreen(active, panel) {
  useLayoutEffect(() => {
    if (!active) return;
    const root = document.documentElement;
    const before = root.style.overflow;
    const viewport = window.visualViewport;
    const fit = () => {
      panel.current?.style.setProperty("--zb-height", `${viewport.height}px`);
      panel.current?.style.setProperty("--zb-top", `${viewport.offsetTop}px`);
    };
    root.style.overflow = "hidden";
    if (viewport) fit();
    viewport?.addEventListener("resize", fit);
    viewport?.addEventListener("scroll", fit);
    return () => {
      root.style.overflow = before;
      viewport?.removeEventListener("resize", fit);
      viewport?.removeEventListener("scroll", fit);
    };
  }, [active]);
}

export function Widget({ chat, settings, opened, toggle }) {
  const state = useChat(chat);
  const phone = useMedia(PHONE);
  const visible = usePageVisible();
  const words = useMemo(() => wordsIn(settings.language), [settings.language]);
  const launcher = useRef(null);
  const panel = useRef(null);
  const wasOpened = useRef(false);

  useLayoutEffect(() => chat.look(opened && visible), [chat, opened, visible]);
  useTitleBadge(state.unread);
  useFullScreen(opened && phone, panel);
  useEffect(() => {
    if (wasOpened.current && !opened) launcher.current?.focus();
    wasOpened.current = opened;
  }, [opened]);

  if (opened) {
    return html`<${Panel} chat=${chat} state=${state} settings=${settings} words=${words} phone=${phone} place=${panel} close=${() => toggle(false)} />`;
  }
  const label = state.unread ? words("open_unread", { count: state.unread }) : words("open");
  return html`<button ref=${launcher} class="launcher" type="button" aria-haspopup="dialog" aria-expanded="false" aria-label=${label} onClick=${() => toggle(true)}>
    <${Icon} name="chat" size=${28} />
    ${state.unread > 0 && html`<span class="badge" aria-hidden="true">${state.unread > 99 ? "99+" : state.unread}</span>`}
  </button>`;
}
