/** Actions in words. */
import { duration, shortUrl } from "../format.js";

/** What each verb acted on, by the names of its details, the most telling first. */
const TARGETS = ["selector", "url", "expression", "method", "key", "fileName", "question", "name", "text"];
const MAX_CHARS = 160;

/** The kinds of steps, in words. */
export const STEP_KINDS = { test: "Test", step: "Step", expect: "Expect", hook: "Hook", note: "Note" };

/** What an entry is called: the title of a step, the verb of an action. */
export const titleOf = (entry) => entry.title ?? entry.type;

/** The first line of a text, for where there is room for one. */
export const firstLine = (text) => (text ?? "").split("\n", 1)[0].slice(0, 400);

/** How long an action took; nothing where that is not known, as of a click with the mouse. */
export const took = (action) => (action.duration > 0 ? duration(action.duration) : "");

/** What an action acted on: its selector, URL, key … */
export function targetOf(action) {
  const details = action.details ?? {};
  const name = TARGETS.find((each) => typeof details[each] === "string" && details[each] !== "");
  if (!name) {
    return details.point ? `at ${Math.round(details.point.x)}, ${Math.round(details.point.y)}` : "";
  }
  const text = name === "url" ? shortUrl(details[name]) : details[name];
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}

/** What it was given besides: the text that was typed, the options that were chosen. */
export function valueOf(action) {
  const { value, values, text } = action.details ?? {};
  const given = value ?? (Array.isArray(values) ? values.join(", ") : text);
  return typeof given === "string" && given !== targetOf(action) ? given.slice(0, MAX_CHARS) : "";
}

/** The details that remain, for the list of all. */
export function detailsOf(action) {
  return Object.entries(action.details ?? {}).filter(([name, value]) => value !== null && value !== "" && name !== "viewport");
}
