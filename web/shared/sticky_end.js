// A log stays at its end when something is added, unless its reader has scrolled up.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const NEAR_PX = 48;

const endOf = (log) => log.scrollHeight - log.clientHeight;

/**
 * `last` names the newest item; a change of `nudge` goes to the end in any case; `target(log)` is the wanted scrollTop.
 * Returns {missed: whether there is something new below, toEnd, onScroll}.
 */
export function useStickyEnd(box, { last, nudge, target = endOf }) {
  const stick = useRef(true);
  const reached = useRef(0);
  const [missed, setMissed] = useState(false);

  const toEnd = () => {
    const log = box.current;
    if (!log) return;
    stick.current = true;
    setMissed(false);
    log.scrollTop = target(log);
    reached.current = log.scrollTop;
  };
  const onScroll = () => {
    const log = box.current;
    stick.current = endOf(log) - log.scrollTop < NEAR_PX;
    reached.current = log.scrollTop;
    if (stick.current) setMissed(false);
  };
  // The scroll event comes a frame late: where the log stands now tells whether its reader has just gone up.
  const sticks = () => stick.current && box.current.scrollTop > reached.current - NEAR_PX;

  useLayoutEffect(() => {
    if (sticks()) toEnd();
    else if (last) setMissed(true);
  }, [last]);
  useLayoutEffect(toEnd, [nudge]);
  // A keyboard that comes up, a composer that grows, buttons that appear: what was at the end stays at the end.
  useEffect(() => {
    const observer = new ResizeObserver(() => box.current && sticks() && toEnd());
    observer.observe(box.current);
    if (box.current.firstElementChild) observer.observe(box.current.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return { missed, toEnd, onScroll };
}
