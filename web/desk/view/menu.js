// The menu with the page's own switches: sound, notifications, theme, language, shortcuts, sign-out.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { chooseTheme } from "../../shared/theme.js";
import { rightTo } from "../state.js";

/** Closed by Escape, by a click outside, and when the focus leaves it. */
function useOpen(place, opener) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const outside = (event) => !place.current?.contains(event.target) && setOpen(false);
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    place.current.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      place.current?.removeEventListener("keydown", escape);
    };
  }, [open]);
  return [open, setOpen];
}

function Item({ icon, label, press, lang }) {
  return html`<button type="button" lang=${lang} onClick=${press}><${Icon} name=${icon} size=${18} />${label}</button>`;
}

/** A switch in the menu: what it turns, and whether it is on. */
function Toggle({ icon, label, on, press }) {
  return html`<button type="button" aria-pressed=${on ? "true" : "false"} onClick=${press}><${Icon} name=${icon} size=${18} />${label}<span class="tick" aria-hidden="true">${on && html`<${Icon} name="check" size=${16} />`}</span></button>`;
}

export function Menu({ desk, state, words }) {
  const place = useRef(null);
  const opener = useRef(null);
  const [open, setOpen] = useOpen(place, opener);
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);
  const { me, language, sound, notify } = state;
  const other = theme === "dark" ? "light" : "dark";
  const otherLanguage = language === "en" ? "zh-Hans" : "en";
  const name = me.display_name || me.name;
  const then = (act) => () => {
    setOpen(false);
    act();
  };
  return html`<div class="menu-place" ref=${place}>
    <button ref=${opener} class="tool menu-opener" type="button" aria-expanded=${open ? "true" : "false"} aria-controls="desk-menu" aria-label=${words("menu", { name })} onClick=${() => setOpen(!open)}><span class="me-name" aria-hidden="true">${name}</span><${Icon} name="more" /></button>
    <div class="menu" id="desk-menu" role="group" aria-label=${words("menu", { name })} hidden=${!open}>${open && html`
      <${Toggle} icon=${sound ? "sound" : "mute"} label=${words("sound")} on=${sound} press=${() => desk.notices.toggleSound()} />
      <${Toggle} icon="bell" label=${words("notify")} on=${notify} press=${() => desk.notices.toggleNotify()} />
      <${Item} icon=${theme === "dark" ? "sun" : "moon"} label=${words(`theme_${other}`)} press=${() => setTheme(chooseTheme(other))} />
      <${Item} icon="chat" label=${words("language")} lang=${otherLanguage} press=${() => desk.setLanguage(otherLanguage)} />
      <${Item} icon="keyboard" label=${words("shortcuts")} press=${then(() => desk.set({ dialog: { kind: "shortcuts" } }))} />
      ${rightTo(state, "articles.edit") && html`<a href="/knowledge"><${Icon} name="book" size=${18} />${words("knowledge")}</a>`}
      <${Item} icon="leave" label=${words("sign_out")} press=${then(() => desk.session.signOut())} />`}
    </div>
  </div>`;
}
