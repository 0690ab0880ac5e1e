// The bar on top: who is on duty, am I here, connection, and the page's own switches.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { dayAndTime } from "../../shared/moments.js";
import { chooseTheme } from "../../shared/theme.js";

function dutySentence(duty, words) {
  if (!duty.open) return duty.opens_at ? words("duty_closed", { time: dayAndTime(duty.opens_at, words.language, Date.now()) }) : words("duty_closed_plain");
  return duty.agents.length ? words("duty_open", { count: duty.agents.length }) : words("duty_empty");
}

const mayEdit = (me) => (me.roles ?? []).some((role) => role === "editor" || role === "admin");

function Tool({ icon, label, press, pressed }) {
  return html`<button class="tool" type="button" aria-label=${label} title=${label} aria-pressed=${pressed} onClick=${press}><${Icon} name=${icon} /></button>`;
}

export function TopBar({ desk, state, words, language, setLanguage, help }) {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);
  const { me, sound, troubled } = state;
  const other = theme === "dark" ? "light" : "dark";
  return html`<header class="top-bar">
    <h1>${words("product")}</h1>
    <p class=${`duty${troubled ? " bad" : ""}`} role="status"><span class=${`dot${me.duty.reachable && !troubled ? " on" : ""}`}></span>${troubled ? words("reconnecting") : dutySentence(me.duty, words)}</p>
    <span class="space"></span>
    <button class="presence" type="button" role="switch" aria-checked=${me.available ? "true" : "false"} aria-label=${words("presence")} onClick=${() => desk.setPresence(!me.available)}>
      <span class="track"><span class="knob"></span></span><span aria-hidden="true">${words(me.available ? "present" : "away")}</span>
    </button>
    ${mayEdit(me) && html`<a class="beside" href="/knowledge">${words("knowledge")}</a>`}
    <div class="tools">
      <${Tool} icon=${sound ? "sound" : "mute"} label=${words(sound ? "sound_on" : "sound_off")} press=${() => desk.toggleSound()} />
      <${Tool} icon=${theme === "dark" ? "sun" : "moon"} label=${words(`theme_${other}`)} press=${() => setTheme(chooseTheme(other))} />
      <${Tool} icon="keyboard" label=${words("shortcuts")} press=${help} />
      <button class="tool text" type="button" lang=${language === "en" ? "zh-Hans" : "en"} aria-label=${words("language_label")} onClick=${() => setLanguage(language === "en" ? "zh-Hans" : "en")}>${language === "en" ? "中" : "EN"}</button>
      <span class="me" title=${me.name}>${me.display_name || me.name}</span>
      <${Tool} icon="leave" label=${words("sign_out")} press=${() => desk.signOut()} />
    </div>
  </header>`;
}
