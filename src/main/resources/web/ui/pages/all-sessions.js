/** The sessions of all users, for administrators: whose they are and where they run. The server tells nothing of what is in them. */
import { html, nothing } from "lit";
import { get, remove } from "../api.js";
import { ask } from "../dialogs.js";
import { Polled, empty, pager, say, statusBadge } from "../elements.js";
import { ago, count, dateTime, duration } from "../format.js";
import { go, link, place } from "../router.js";
import { GROUPS, asQuery, choices, filters } from "./filters.js";
import { isLive, whose } from "./session-card.js";

const LIMIT = 100;

class AllSessions extends Polled {
  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    const { offset, status, includeTerminated } = asQuery(filters());
    return get("/api/admin/sessions", { limit: LIMIT, offset, status, includeTerminated, user: chosenUser() }, signal);
  }

  async end({ sessionId, user }) {
    const text = "The session ends immediately. Anything unsaved in its pages is lost; recordings and logs are kept.";
    if (await ask(`End this session of ${user}?`, text, "End session")) {
      try {
        await remove(`/api/admin/sessions/${sessionId}`);
        say("Session ended");
      } catch (e) {
        say(`${e.message} ${e.hint ?? ""}`, "bad");
      }
      this.refresh();
    }
  }

  render() {
    const { show, offset } = filters();
    const user = chosenUser();
    const to = (changes) => link("all", { show: show === "recent" ? "" : show, user, ...changes });
    return html`<div class="page-head"><h1>Sessions</h1>
        <span class="muted" role="status">${this.data?.total ? count(this.data.total, "session") : ""}</span>${whose("all")}</div>
      <search class="filters"><label>Show <select name="show" @change=${(e) => go(to({ show: e.target.value === "recent" ? "" : e.target.value }))}>
        ${choices(show, GROUPS.filter(([group]) => group !== "Result"))}</select></label>
        ${user ? html`<a class="chip" href=${to({ user: "" })} aria-label="Show the sessions of all users">of ${user} <span aria-hidden="true">×</span></a>` : nothing}
      </search>
      ${this.shown("the sessions", ({ sessions, total, hasMore, contentReadable }) => sessions.length
        ? html`<section class="card scrolls" tabindex="0" aria-label="The sessions of all users"><table class="access">
            <thead><tr>${["Session", "User", "Key", "Status", "Created", "Lived", "Node"].map((name) => html`<th scope="col">${name}</th>`)}<th></th></tr></thead>
            <tbody>${sessions.map((each) => this.row(each, contentReadable, to))}</tbody></table></section>
          ${pager({ limit: LIMIT, offset, total, hasMore }, (next) => go(to({ offset: next || "" })))}`
        : empty("No sessions", "Sessions of all users are listed here, without their content."))}`;
  }

  row(session, readable, to) {
    const { sessionId, user, keyId, keyName, status, createdAt, startedAt, endedAt, machineId } = session;
    return html`<tr data-id=${sessionId}>
      <th scope="row"><code>${readable ? html`<a href=${link(`session/${sessionId}`)}>${sessionId}</a>` : sessionId}</code></th>
      <td data-label="User"><a href=${to({ user })}>${user}</a></td>
      <td data-label="Key">${keyName || (keyId === undefined ? html`<span class="muted">none</span>` : `Key ${keyId}`)}</td>
      <td>${statusBadge(status)}</td>
      <td data-label="Created" title=${dateTime(createdAt)}>${ago(createdAt)}</td>
      <td data-label="Lived">${startedAt ? duration((endedAt ? new Date(endedAt) : new Date()) - new Date(startedAt)) : ""}</td>
      <td data-label="Node">${machineId}</td>
      <td class="acts">${isLive(session) ? html`<button type="button" class="danger" @click=${() => this.end(session)}>End …</button>` : nothing}</td></tr>`;
  }
}
customElements.define("berth-all-sessions", AllSessions);

function chosenUser() {
  return (place().query.get("user") ?? "").slice(0, 100);
}
