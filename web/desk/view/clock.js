// Handling time so far against the target: quiet until the target is passed, and never a countdown.
import { html } from "htm/preact";
import { elapsed } from "../../shared/moments.js";
import { takenAt } from "../transcript.js";
import { useNow } from "./hooks.js";

const TARGET_SECONDS = 185;

/** Seconds of talk and after-work until now: the server's where it has told us, else since we took the conversation. */
export function secondsSoFar(transcript, wrap, now) {
  if (wrap?.handling && !wrap.paused) return wrap.handling.total_seconds + (wrap.done ? 0 : (now - wrap.at) / 1000);
  const since = takenAt(transcript);
  return since ? Math.max(0, (now - Date.parse(since)) / 1000) : 0;
}

export function Clock({ transcript, wrap, target, words }) {
  const now = useNow();
  const wanted = wrap?.handling?.target_seconds ?? target ?? TARGET_SECONDS;
  const seconds = secondsSoFar(transcript, wrap, now);
  const told = { time: elapsed(seconds * 1000), target: elapsed(wanted * 1000) };
  const share = Math.min(1, seconds / wanted);
  return html`<p class=${`clock${seconds > wanted ? " over" : ""}`} title=${words("handling", told)}>
    <span class="hidden">${words("handling", told)}</span><span aria-hidden="true">${told.time}</span>
    <span class="so-far" aria-hidden="true"><span style=${`width:${Math.round(share * 100)}%`}></span></span>
  </p>`;
}
