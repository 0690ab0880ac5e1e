// Small hooks that the desk's parts share.
import { useEffect, useReducer, useState } from "preact/hooks";

export { useMedia } from "../../widget/view/hooks.js";

/** The desk's state, rendered again whenever it changes. */
export function useDesk(desk) {
  const [, again] = useReducer((count) => count + 1, 0);
  useEffect(() => desk.subscribe(again), [desk]);
  return desk.state;
}

/** The time, renewed every second. */
export function useNow() {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
