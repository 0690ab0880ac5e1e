// A list that does not move under the hand: while it is used, entries keep their places, new ones come last, gone ones stay as gaps.

/** `shown` and `now`: entries with `conversation`; returns what to show while the order is held. */
export function heldStill(shown, now) {
  const current = new Map(now.map((entry) => [entry.conversation, entry]));
  const kept = shown.map((entry) => current.get(entry.conversation) ?? { ...entry, gone: true });
  const there = new Set(shown.map((entry) => entry.conversation));
  return [...kept, ...now.filter((entry) => !there.has(entry.conversation))];
}
