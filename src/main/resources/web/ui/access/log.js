/** What administrators did, newest first. */
import { html } from "lit";
import { get } from "../api.js";
import { Polled, empty, pager } from "../elements.js";
import { asText, dateTime } from "../format.js";
import { go, link, place } from "../router.js";

const LIMIT = 100;
const ACTS = {
  "key.created": "created a key",
  "key.changed": "changed a key",
  "key.rotated": "replaced a key",
  "key.revoked": "revoked a key",
  "key.expired": "saw a key expire",
  "user.created": "created a user",
  "user.removed": "removed a user",
  "node.drained": "drained a node",
  "node.undrained": "undrained a node",
  "session.opened": "opened a session of another user",
  "session.ended": "ended a session",
  "session.purged": "purged a session",
};

function offset() {
  return Math.max(0, Number.parseInt(place().query.get("offset") ?? "0", 10) || 0);
}

class AdminLog extends Polled {
  period = 10_000;

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    return get("/api/admin/log", { limit: LIMIT, offset: offset() }, signal);
  }

  render() {
    return html`<div class="page-head"><h1>Admin log</h1></div>
      ${this.shown("the log", ({ entries, hasMore }) => entries.length
        ? html`<section class="card scrolls" tabindex="0" aria-label="What administrators did, newest first"><table class="access">
            <thead><tr>${["When", "Who", "Action", "Target", "Details", "From"].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
            <tbody>${entries.map(row)}</tbody></table></section>
          ${pager({ limit: LIMIT, offset: offset(), total: offset() + entries.length + (hasMore ? 1 : 0), hasMore }, (to) => go(link("log", { offset: to || "" })))}`
        : empty("Nothing here yet", "Changes to keys and users, drains, and purged sessions appear here."))}`;
  }
}
customElements.define("berth-admin-log", AdminLog);

function row({ at, keyId, user, act, subject, details, address }) {
  return html`<tr><th scope="row">${dateTime(at)}</th><td>${user}${keyId === undefined ? "" : html` <span class="muted">key ${keyId}</span>`}</td>
    <td title=${act}>${ACTS[act] ?? act}</td><td>${subject}</td>
    <td class="answer">${Object.entries(details ?? {}).map(([name, value]) => html`<p><span class="muted">${name}</span> ${inLine(value)}</p>`)}</td>
    <td>${address}</td></tr>`;
}

function inLine(value) {
  return asText(value).replace(/\s+/g, " ");
}
