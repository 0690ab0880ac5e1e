// Whether we know that the customer is who they say; the agent who holds the conversation may tick it.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { clockTime } from "../../shared/moments.js";

const WAYS = ["verify_order", "verify_callback", "verify_other"];

function told(verified, customer, words) {
  if (verified.state === "vouched") return words("verified_vouched", { user: customer?.vouched_as ?? "" });
  if (verified.state === "ticked") return words("verified_ticked", { by: verified.by, how: verified.how, time: clockTime(verified.at, words.language) });
  return words("verified_no");
}

export function Verified({ verified, customer, mine, id, desk, words }) {
  const [asks, setAsks] = useState(false);
  const sure = verified.state !== "no";
  const tick = async (way) => {
    setAsks(false);
    await desk.arrival.setVerified(id, words(way));
  };
  return html`<div class=${`identity${sure ? " sure-of-it" : ""}`}>
    <p><${Icon} name=${sure ? "check" : "warning"} size=${16} /><span>${told(verified, customer, words)}</span></p>
    ${mine && verified.state === "no" && !asks && html`<button type="button" class="link" onClick=${() => setAsks(true)}>${words("verify")}</button>`}
    ${mine && verified.state === "ticked" && html`<button type="button" class="link" onClick=${() => desk.arrival.setVerified(id, null)}>${words("unverify")}</button>`}
    ${asks && html`<div class="ways" role="group" aria-label=${words("verify_how")}>${WAYS.map((way) => html`<button key=${way} type="button" onClick=${() => tick(way)}>${words(way)}</button>`)}</div>`}
  </div>`;
}
