// Small hooks that the desk's parts share.
import { Component } from "preact";
import { html } from "htm/preact";
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

/** The same part, rendered again only when one of its properties is another: typing does not redraw a long transcript. */
export function still(Part) {
  return class extends Component {
    shouldComponentUpdate(next) {
      return Object.keys({ ...this.props, ...next }).some((key) => this.props[key] !== next[key]);
    }

    render() {
      return html`<${Part} ...${this.props} />`;
    }
  };
}
