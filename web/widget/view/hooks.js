// Small hooks that the widget's parts share.
import { useEffect, useReducer, useState } from "preact/hooks";

/** The chat's state, rendered again whenever it changes. */
export function useChat(chat) {
  const [, again] = useReducer((count) => count + 1, 0);
  useEffect(() => chat.subscribe(again), [chat]);
  return chat.state;
}

/** True once `condition` has held for `milliseconds`; false at once when it ends. */
export function useLasting(condition, milliseconds) {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!condition) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), milliseconds);
    return () => clearTimeout(timer);
  }, [condition, milliseconds]);
  return condition && lasting;
}

/** Whether a media query matches now. */
export function useMedia(query) {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const changed = () => setMatches(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, [query]);
  return matches;
}

/** Whether the tab is in front. */
export function usePageVisible() {
  const [visible, setVisible] = useState(document.visibilityState === "visible");
  useEffect(() => {
    const changed = () => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  }, []);
  return visible;
}
