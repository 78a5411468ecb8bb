/** The next and the previous error from where a person is: a failed step or action, a line of the console, a request that failed. */
import { get } from "../api.js";
import { say } from "../elements.js";
import { titleOf } from "./describe.js";

/** What lies nearer than this to the instant is where the person is already. */
const NEAR_MILLIS = 5;

/** A request has failed if there was no answer, or one that says so. */
const SEARCHES = [
  { what: "console", name: "logs", query: { level: "error" } },
  { what: "network", name: "requests", query: { failed: true } },
  { what: "network", name: "requests", query: { status: "4xx" } },
  { what: "network", name: "requests", query: { status: "5xx" } },
];
let going = false;

/** Goes there; one search at a time. @param direction 1 or -1 */
export async function goToError(model, direction, signal) {
  if (going) {
    return;
  }
  going = true;
  try {
    await find(model, direction, signal);
  } catch (e) {
    if (!signal.aborted) {
      say(`Could not search the logs: ${e.message}`, "bad");
    }
  } finally {
    going = false;
  }
}

async function find(model, direction, signal) {
  const from = model.action ? model.action.at : model.instant;
  const found = (await Promise.all([failedAction(model, from, direction), logged(model, from, direction, signal)])).flat();
  const ahead = found.filter(({ at }) => (at - from) * direction > NEAR_MILLIS).sort((a, b) => (a.at - b.at) * direction);
  if (ahead.length === 0) {
    say(direction > 0 ? "No more errors after this" : "No errors before this");
    return;
  }
  const [{ at, action, what }] = ahead;
  if (action) {
    model.choose(action);
  } else {
    model.playing = false;
    model.goTo(at);
    model.dispatchEvent(new CustomEvent("open", { detail: what }));
  }
  say(action ? `${titleOf(action)} failed` : what === "console" ? "Console error" : "Failed request");
}

function failedAction(model, from, direction) {
  const isAhead = (entry) => entry.cause && (entry.at - from) * direction > NEAR_MILLIS;
  const action = direction > 0 ? model.rows.find(isAhead) : model.rows.findLast(isAhead);
  return action ? [{ at: action.at, action }] : [];
}

async function logged(model, from, direction, signal) {
  const part = direction > 0 ? { from: model.stamp(from + NEAR_MILLIS + 1) } : { to: model.stamp(Math.max(0, from - NEAR_MILLIS)) };
  const found = [];
  // One after the other: the server lets a user search few logs at a time.
  for (const { what, name, query } of SEARCHES) {
    const entries = await outermost(`${model.path}/${what}`, name, { ...part, ...query }, direction, signal);
    found.push(...entries.map((entry) => ({ at: model.since(entry.timestamp), what })));
  }
  return found;
}

/** The first of what follows, or the last of what came before. */
async function outermost(path, name, query, direction, signal) {
  const first = await get(path, { ...query, limit: 1 }, signal);
  if (direction > 0 || first.total <= 1) {
    return first[name];
  }
  return (await get(path, { ...query, limit: 1, offset: first.total - 1 }, signal))[name];
}
