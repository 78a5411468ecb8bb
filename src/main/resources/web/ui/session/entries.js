/** Puts what the server tells of into the lists of a model. Pure, but for the clock. */

/** A link that is valid for longer than this is kept: with another one, its picture or video would load anew. */
const FRESH_MILLIS = 120_000;
/** How long what an action caused may follow it, to be shown with it. */
const AFTERMATH_MILLIS = 2000;

/**
 * Puts actions where they belong in time. Most come in order, at the end.
 *
 * @param known the list by ids: what is known is brought up to date
 * @param most a list of this length takes no more
 */
export function putInOrder(list, known, entries, most) {
  for (const entry of entries) {
    const before = known.get(entry.actionId);
    if (before) {
      Object.assign(before, entry);
    } else if (list.length < most) {
      known.set(entry.actionId, entry);
      list.splice(list.findLastIndex((other) => other.at <= entry.at) + 1, 0, entry);
    }
  }
}

/** Puts new files at the end, and others in the place of what they follow. @param renewed whether their links replace all others */
export function putFiles(list, files, renewed) {
  const places = new Map(list.map((file, place) => [file.objectId, place]));
  for (const file of files) {
    const place = places.get(file.objectId);
    if (place === undefined) {
      places.set(file.objectId, list.push(file) - 1);
    } else {
      list[place] = successor(list[place], file, renewed);
    }
  }
}

/** An answer may be older than an event: what is stored does not become pending again. */
function successor(before, file, renewed) {
  if (file.state === "pending" && before.state !== "pending") {
    return before;
  }
  const fresh = before.publicUrl && Date.parse(before.expiresAt) - Date.now() > FRESH_MILLIS;
  return fresh && file.publicUrl && !renewed ? { ...file, publicUrl: before.publicUrl, expiresAt: before.expiresAt } : file;
}

/** The time of an action, with what it caused. */
export function windowOf(actions, action) {
  const from = action.at;
  const done = from + (action.duration ?? 0);
  const next = actions.find((other) => other.at > from && other.at >= done);
  const until = next ? Math.min(next.at, done + AFTERMATH_MILLIS) : done + AFTERMATH_MILLIS;
  return [from, Math.max(until, from + 100)];
}
