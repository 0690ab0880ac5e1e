// The agents' page at /desk.
import { html, render } from "htm/preact";
import { Desk } from "./desk.js";
import { Page } from "./view/page.js";

const desk = new Desk();
render(html`<${Page} desk=${desk} />`, document.getElementById("desk"));
desk.start();
