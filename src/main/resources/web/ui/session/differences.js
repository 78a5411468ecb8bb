/** In what two sessions differ: their steps and actions, requests, and console lines, each kind aligned by itself. Pure. */
import { count, duration } from "../format.js";
import { align } from "./align.js";
import { firstLine, targetOf, titleOf } from "./describe.js";

/** A duration differs when it is this much longer or shorter, and by more than a blink. */
const SLOWER = 1.5;
const BLINK_MILLIS = 100;
/** What differs between two good runs, too. */
const CHANCE = /^(slower|another query)/;

/** What kinds of entries are compared, and how a list of one is called. */
export const KINDS = { steps: "Steps and actions", requests: "Requests", console: "Console" };

/**
 * Rows `{kind, pair, at, differs, weak}` in the order of time: `pair` has the entry of each session, undefined where it has none like the
 * other's; `differs` says in what they differ, in words; `weak` is whether that may be chance.
 *
 * @param sides two of `{model, requests, console}`
 */
export function rowsOf(sides) {
  const models = sides.map(({ model }) => model);
  const rows = [
    ...pairsOf("steps", sides.map(({ model }) => model.rows), keyOfStep, (pair) => stepDifferences(models, pair)),
    ...pairsOf("requests", sides.map(({ requests }) => requests), keyOfRequest, requestDifferences),
    ...pairsOf("console", sides.map(({ console }) => console), keyOfLine, () => []),
  ];
  return rows.sort((a, b) => a.at - b.at);
}

/** The first difference that is no chance, or else the first one. */
export function firstOf(rows) {
  return rows.find(({ differs, weak }) => differs.length > 0 && !weak) ?? rows.find(({ differs }) => differs.length > 0);
}

function pairsOf(kind, [left, right], key, differences) {
  return align(left, right, key).map((pair) => {
    const [a, b] = pair;
    const only = a && b ? null : a ? "only in the first" : "only in the second";
    const differs = only ? [only] : differences(pair);
    return { kind, pair, at: (a ?? b).at, differs, weak: only ? isWeak(kind, a ?? b) : differs.every((text) => CHANCE.test(text)) };
  });
}

/** A line that is no error may be missing by chance. */
function isWeak(kind, entry) {
  return kind === "console" && entry.level !== "error";
}

/** What makes two entries the same step: its title, or the verb and what it was done to. Of URLs the path: two runs may be of two hosts. */
function keyOfStep(entry) {
  if (entry.stepId) {
    return `${entry.kind} ${entry.title}`;
  }
  const { url, selector } = entry.details ?? {};
  return `${entry.type} ${typeof url === "string" && !selector ? pathOf(url) : targetOf(entry)}`;
}

function keyOfRequest({ method, url }) {
  return `${method} ${pathOf(url).split("?", 1)[0]}`;
}

/** Numbers, such as times and counters, are other ones in each run. */
function keyOfLine({ level, message }) {
  return `${level} ${firstLine(message).replace(/\d+/g, "0")}`;
}

function stepDifferences(models, [a, b]) {
  const urls = [a, b].map((entry, side) => entry.details?.finalUrl ?? models[side].urlAt(entry.at + (entry.duration ?? 0)));
  return [
    a.success !== b.success && (a.success ? "failed in the second" : "failed in the first"),
    titleOf(a) !== titleOf(b) && "another title",
    targetOf(a) !== targetOf(b) && a.details?.selector !== b.details?.selector && "another target",
    a.details?.status !== b.details?.status && "another status",
    !a.stepId && urls.every(Boolean) && pathOf(urls[0]) !== pathOf(urls[1]) && "another page",
    slower(a, b),
  ].filter(Boolean);
}

function requestDifferences([a, b]) {
  return [
    resultOf(a) !== resultOf(b) && `${resultOf(a)} → ${resultOf(b)}`,
    pathOf(a.url) !== pathOf(b.url) && "another query",
    slower(a, b),
  ].filter(Boolean);
}

function slower(a, b) {
  const [left, right] = [a.duration ?? 0, b.duration ?? 0];
  const [short, long] = [Math.min(left, right), Math.max(left, right)];
  return long - short > BLINK_MILLIS && long > SLOWER * short && `slower in the ${left > right ? "first" : "second"}: ${duration(left)} → ${duration(right)}`;
}

/** The status of a request, or that it has no response. */
export const resultOf = ({ status, error, blocked }) => (blocked ? "blocked" : error ? "no response" : String(status ?? "open"));

export function pathOf(url) {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}

/** "3 steps, 1 request": how many of each kind differ. */
export function sumOf(rows) {
  const words = { steps: ["step", "steps"], requests: ["request", "requests"], console: ["console line", "console lines"] };
  const found = Object.entries(words).map(([kind, [one, many]]) => [rows.filter((row) => row.kind === kind && row.differs.length > 0).length, one, many]);
  return found.filter(([number]) => number > 0).map(([number, one, many]) => count(number, one, many)).join(", ");
}
