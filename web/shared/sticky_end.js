// A log stays at its end when something is added, unless its reader has scrolled up.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const NEAR_PX = 48;

const endOf = (log) => log.scrollHeight - log.clientHeight;
const atEnd = (log) => endOf(log) - log.scrollTop < NEAR_PX;

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
    // Our own step down is told a frame late, when more may have been added: only who goes up lets go.
    if (atEnd(log)) stick.current = true;
    else if (log.scrollTop < reached.current) stick.current = false;
    reached.current = log.scrollTop;
    if (stick.current) setMissed(false);
  };
  // The scroll event comes a frame late: where the log stands now tells whether its reader has just gone up. A log that
  // became shorter than that was moved by the browser, to its end.
  const sticks = () => stick.current && (box.current.scrollTop > reached.current - NEAR_PX || atEnd(box.current));

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
