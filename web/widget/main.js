// The script tag: defines <zhiban-widget> and puts one at the end of the page, with the tag's data attributes.
import { defineWidget } from "./element.js";

const tag = document.currentScript || document.querySelector('script[src$="/widget.js"]');
const origin = tag?.src ? new URL(tag.src).origin : location.origin;

function place() {
  defineWidget(origin);
  if (document.querySelector("zhiban-widget")) return;
  const element = document.createElement("zhiban-widget");
  for (const [name, value] of Object.entries(tag?.dataset || {})) element.dataset[name] = value;
  document.body.append(element);
}

if (document.body) place();
else document.addEventListener("DOMContentLoaded", place, { once: true });
