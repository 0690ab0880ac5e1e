// Small hooks that the page's parts share.
import { useEffect, useReducer } from "preact/hooks";

export { useMedia } from "../../widget/view/hooks.js";

/** The editor's state, rendered again whenever it changes. */
export function useEditor(editor) {
  const [, again] = useReducer((count) => count + 1, 0);
  useEffect(() => editor.subscribe(again), [editor]);
  return editor.state;
}
