/** What each key used in the chosen days, for administrators. */
import { html } from "lit";
import { get } from "../api.js";
import { Polled } from "../elements.js";
import { bytes, duration, usd } from "../format.js";
import { link } from "../router.js";

const LIMIT = 1000;
const MAX_PAGES = 20;
const DAY_MILLIS = 86_400_000;
const SUMS = ["sessions", "browserMillis", "bytesIn", "bytesOut", "blocked", "aiUsd", "storedBytes"];
const COLUMNS = ["Sessions", "Browser time", "Received", "Sent", "Blocked", "AI", "Kept"];

class KeyUsage extends Polled {
  static properties = { days: { attribute: false } };
  period = 60_000;

  updated(changed) {
    if (changed.get("days") !== undefined) {
      this.refresh();
    }
  }

  /** All pages of the answer, as sums by key: the one that used most sessions first. */
  async ask(signal) {
    const from = new Date(Date.now() - (this.days - 1) * DAY_MILLIS).toISOString().slice(0, 10);
    const keys = new Map();
    let hasMore = true;
    for (let page = 0; hasMore && page < MAX_PAGES; page++) {
      const answer = await get("/api/admin/usage", { from, limit: LIMIT, offset: page * LIMIT }, signal);
      answer.usage.forEach((entry) => add(keys, entry));
      hasMore = answer.hasMore;
    }
    return { keys: [...keys.values()].sort((a, b) => b.sessions - a.sessions), cut: hasMore };
  }

  render() {
    return html`<h2>By key</h2>${this.shown("the usage by key", ({ keys, cut }) => html`<section class="card scrolls" tabindex="0"
        aria-label="What each key used"><table class="access">
        <thead><tr><th scope="col">User</th><th scope="col">Key</th>${COLUMNS.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
        <tbody>${keys.map(row)}${keys.length ? "" : html`<tr><td colspan="9" class="muted">No usage in this period.</td></tr>`}</tbody>
      </table></section>${cut ? html`<p class="muted">This page adds up only part of the usage. <code>GET /api/admin/usage</code> has all of it.</p>` : ""}`)}`;
  }
}
customElements.define("berth-key-usage", KeyUsage);

function add(keys, entry) {
  const id = `${entry.user} ${entry.keyId}`;
  const sum = keys.get(id) ?? { user: entry.user, keyId: entry.keyId, name: entry.name, ...Object.fromEntries(SUMS.map((name) => [name, 0])) };
  SUMS.forEach((name) => (sum[name] += entry[name] ?? 0));
  keys.set(id, sum);
}

function row(key) {
  const cells = [
    key.sessions.toLocaleString("en"),
    duration(key.browserMillis),
    bytes(key.bytesIn),
    bytes(key.bytesOut),
    key.blocked.toLocaleString("en"),
    usd(key.aiUsd),
    bytes(key.storedBytes),
  ];
  return html`<tr><th scope="row"><a href=${link("keys", { user: key.user })}>${key.user}</a></th><td>${keyOf(key)}</td>
    ${cells.map((text) => html`<td class="number">${text}</td>`)}</tr>`;
}

/** Sessions of earlier versions, and those of programs on the event bus, have no key. */
function keyOf({ name, keyId }) {
  return name || (keyId === undefined ? "no key" : `Key ${keyId}`);
}
