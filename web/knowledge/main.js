// The editors' page at /knowledge.
import { html, render } from "htm/preact";
import { Editor } from "./editor.js";
import { Page } from "./view/page.js";

const editor = new Editor();
render(html`<${Page} editor=${editor} />`, document.getElementById("knowledge"));
editor.start();
