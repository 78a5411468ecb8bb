/** Puts what the server tells of into the lists of a model. Pure, but for the clock. */

/** A link that is valid for longer than this is kept: with another one, its picture or video would load anew. */
const FRESH_MILLIS = 120_000;
/** How long what an action caused may follow it, to be shown with it. */
const AFTERMATH_MILLIS = 2000;
/** Deeper steps are not moved further to the right. */
const DEEPEST = 8;

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

/** The time of an action, with what it caused; of a step, its own time. */
export function windowOf(actions, action) {
  const from = action.at;
  if (action.stepId) {
    return [from, from + Math.max(100, action.duration)];
  }
  const done = from + (action.duration ?? 0);
  const next = actions.find((other) => other.at > from && other.at >= done);
  const until = next ? Math.min(next.at, done + AFTERMATH_MILLIS) : done + AFTERMATH_MILLIS;
  return [from, Math.max(until, from + 100)];
}

/**
 * Steps and actions as one list: each step before its parts, each action in the innermost step during which it began. Sets `depth` of each,
 * and `cause`: whether it failed by itself, not by a part of it.
 *
 * @param steps in the order of time, as are the actions
 */
export function nested(steps, actions) {
  const known = new Map(steps.map((step) => [step.stepId, step]));
  const parts = new Map([[undefined, []], ...steps.map((step) => [step, []])]);
  steps.forEach((step) => parts.get(known.get(step.parentId)).push(step));
  const byDepth = walk(steps, parts).sort((a, b) => a.at - b.at || a.depth - b.depth);
  placeActions(byDepth, actions, (action, step) => parts.get(step).push(action));
  parts.forEach((entries) => entries.sort((a, b) => a.at - b.at));
  return walk(steps, parts);
}

/** @param parts of each step, and of nothing: the roots */
function walk(steps, parts) {
  const list = [];
  const seen = new Set();
  const put = (entry, depth) => {
    if (seen.has(entry)) {
      return;
    }
    seen.add(entry);
    entry.depth = depth;
    list.push(entry);
    const inner = parts.get(entry) ?? [];
    inner.forEach((part) => put(part, Math.min(depth + 1, DEEPEST)));
    entry.cause = !entry.success && !inner.some((part) => !part.success);
  };
  parts.get(undefined).forEach((root) => put(root, 0));
  // Steps that name each other as parents have no root, and are listed nevertheless.
  steps.forEach((step) => put(step, 0));
  return list;
}

/** Tells of each action the innermost of the steps that were not over when it began; undefined where there is none. */
function placeActions(steps, actions, tell) {
  const open = [];
  let next = 0;
  for (const action of actions) {
    while (next < steps.length && steps[next].at <= action.at) {
      open.push(steps[next++]);
    }
    while (open.length > 0 && open.at(-1).at + open.at(-1).duration < action.at) {
      open.pop();
    }
    tell(action, open.at(-1));
  }
}
