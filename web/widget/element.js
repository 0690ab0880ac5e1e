// The custom element: a shadow root with its own styles, and a small interface for the page around it.
import { html, render } from "htm/preact";
import { Chat } from "./chat.js";
import { readSettings } from "./settings.js";
import { Widget } from "./view/widget.js";
import css from "./widget.css?text";

const DARK = "(prefers-color-scheme: dark)";

function adopt(root) {
  if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement("style");
  style.textContent = css;
  root.append(style);
}

/** Define `<zhiban-widget>` once; `origin` serves those without `data-server`. */
export function defineWidget(origin) {
  if (customElements.get("zhiban-widget")) return;

  class ZhibanWidget extends HTMLElement {
    static observedAttributes = ["data-language", "data-theme", "data-title"];

    connectedCallback() {
      if (!this.chat) {
        this.attachShadow({ mode: "open" });
        adopt(this.shadowRoot);
        this.mount = this.shadowRoot.appendChild(document.createElement("div"));
        this.readAttributes();
        this.chat = new Chat(this.settings);
        this.opened = this.settings.open;
        if (this.opened || this.chat.hasPast) this.chat.start();
      }
      this.dark = matchMedia(DARK);
      this.themeChanged = () => this.applyTheme();
      this.dark.addEventListener("change", this.themeChanged);
      this.show();
    }

    disconnectedCallback() {
      this.dark.removeEventListener("change", this.themeChanged);
    }

    attributeChangedCallback() {
      if (!this.chat) return;
      this.readAttributes();
      this.chat.use(this.settings);
      this.show();
    }

    readAttributes() {
      this.settings = readSettings(this.dataset, origin);
    }

    /** Open the panel. */
    open() {
      this.toggle(true);
    }

    /** Close the panel. */
    close() {
      this.toggle(false);
    }

    /** Open the panel and send `text` as the customer's message. */
    ask(text) {
      this.toggle(true);
      this.chat.send({ text: String(text) });
    }

    toggle(opened) {
      if (this.opened === opened) return;
      this.opened = opened;
      if (opened) this.chat.start();
      this.show();
      this.dispatchEvent(new CustomEvent(opened ? "zhiban-open" : "zhiban-close", { bubbles: true, composed: true }));
    }

    applyTheme() {
      const { theme } = this.settings;
      this.dataset.shownTheme = theme === "auto" ? (this.dark.matches ? "dark" : "light") : theme;
    }

    show() {
      this.applyTheme();
      this.lang = this.settings.language;
      const toggle = (opened) => this.toggle(opened);
      render(html`<${Widget} chat=${this.chat} settings=${this.settings} opened=${this.opened} toggle=${toggle} />`, this.mount);
    }
  }

  customElements.define("zhiban-widget", ZhibanWidget);
}
