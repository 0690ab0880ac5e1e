// The demo page: its language switch, and the questions that open the widget.
import { browserLanguage, languageOf } from "../shared/language.js";

const KEPT = "qinghe:language";
const QUESTIONS = {
  "zh-Hans": ["我的快递三天没动了，能退款吗", "衣服不合适怎么退", "怎么开发票"],
  "zh-Hant": ["我的快遞三天沒動了，能退款嗎", "衣服不合適怎麼退", "怎麼開發票"],
  en: ["My parcel hasn't moved for three days, can I get a refund?", "How do I return clothes that don't fit?", "How do I get an invoice?"],
};
const TITLES = { "zh-Hans": "青禾商城客服", "zh-Hant": "青禾商城客服", en: "Qinghe Mall" };

function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // Storage is denied: the choice lasts as long as the page.
  }
  return languageOf(asked) || languageOf(kept) || browserLanguage();
}

const widget = () => document.querySelector("zhiban-widget");
// The widget's script tag follows this one; its attributes become the widget's.
const widgetTag = () => document.querySelector('script[src="/widget.js"]');

function speak(language) {
  const root = document.documentElement;
  root.lang = root.dataset.language = language;
  for (const button of document.querySelectorAll("[data-set-language]")) button.setAttribute("aria-pressed", String(button.dataset.setLanguage === language));
  const element = widget() || widgetTag();
  if (!element) return;
  element.dataset.questions = JSON.stringify(QUESTIONS[language]);
  element.dataset.title = TITLES[language];
  element.dataset.language = language;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { setLanguage, askZh, askHant, askEn } = button.dataset;
  if (setLanguage) {
    try {
      localStorage.setItem(KEPT, setLanguage);
    } catch {
      // As above.
    }
    speak(setLanguage);
  }
  if (askZh) widget()?.ask({ "zh-Hant": askHant, en: askEn }[document.documentElement.lang] || askZh);
  if ("openWidget" in button.dataset) widget()?.open();
});

speak(chosenLanguage());
document.addEventListener("DOMContentLoaded", () => speak(document.documentElement.lang));
