/** The list of sessions: what each shows now, filters, and what can be done to several at once. */
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { follow, get, mayAct, remove } from "../api.js";
import { ask } from "../dialogs.js";
import { Polled, empty, pager, say } from "../elements.js";
import { count, nameOf } from "../format.js";
import { go, link, replace } from "../router.js";
import { LIMIT, asQuery, filters, isFiltered, listUrl } from "./filters.js";
import { SESSION_COLUMNS, isLive, sessionCard, sessionRow, whose } from "./session-card.js";
import "./first-run.js";

const AFTER_TYPING_MILLIS = 250;
const AFTER_EVENT_MILLIS = 300;
const ENDS_AT_ONCE = 4;
/** Where the browser keeps whether a person prefers a table. */
const VIEW = "berth.sessions.view";

class Sessions extends Polled {
  static properties = { me: {}, asking: { attribute: false }, table: { state: true }, filters: { state: true }, selected: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.selected = new Set();
    this.filters = filters();
    this.table = localStorage.getItem(VIEW) === "table";
  }

  connectedCallback() {
    super.connectedCallback();
    const { signal } = this.life;
    addEventListener("berth-place", () => this.read(), { signal });
    // Without the stream the list is as old as the last question at most.
    this.whileSeen((seen) => follow("/api/events", { signal: seen, take: () => this.soon(AFTER_EVENT_MILLIS) }).catch(() => {}));
  }

  ask(signal) {
    return this.askFor(this.filters, signal);
  }

  async askFor(filters, signal) {
    const query = asQuery(filters);
    const list = await get("/api/sessions", query, signal);
    if (filters.show !== "recent") {
      return list;
    }
    // Live ones stand first, however long ago they began; later pages have the ended ones alone.
    const live = filters.offset ? [] : (await get("/api/sessions", { ...query, includeTerminated: false }, signal)).sessions;
    return { ...list, sessions: [...live, ...list.sessions.filter((session) => !isLive(session))] };
  }

  show(table) {
    this.table = table;
    localStorage.setItem(VIEW, table ? "table" : "cards");
  }

  /** Events come in crowds: one question for all. */
  soon(millis) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), millis);
  }

  read() {
    this.filters = filters();
    this.refresh();
  }

  choose({ filters, typing }) {
    this.filters = filters;
    if (typing) {
      replace(listUrl(filters));
      this.soon(AFTER_TYPING_MILLIS);
    } else {
      go(listUrl(filters));
    }
  }

  select(sessionId, chosen) {
    const selected = new Set(this.selected);
    selected[chosen ? "add" : "delete"](sessionId);
    this.selected = selected;
  }

  willUpdate() {
    const listed = new Set((this.data?.sessions ?? []).map((each) => each.sessionId));
    if ([...this.selected].some((each) => !listed.has(each))) {
      this.selected = new Set([...this.selected].filter((each) => listed.has(each)));
    }
  }

  async end() {
    const live = this.data.sessions.filter((each) => this.selected.has(each.sessionId) && isLive(each));
    const names = live.length === 1 ? `“${nameOf(live[0])}”` : `These ${live.length} sessions`;
    const ends = `${names} will end. Anything unsaved in the pages is lost; recordings and logs are kept.`;
    if (live.length === 0 || !(await ask(`End ${count(live.length, "session")}?`, ends, `End ${count(live.length, "session")}`))) {
      return;
    }
    this.busy = true;
    const failed = await endAll(live.map((each) => each.sessionId));
    this.busy = false;
    this.selected = new Set(failed.map((each) => each.sessionId));
    if (failed.length) {
      say(`${count(failed.length, "session")} did not end: ${failed[0].error.message}`, "bad");
    } else {
      say(`${count(live.length, "session")} ended`);
    }
    await this.refresh();
    // The button that was pressed is gone.
    document.getElementById("main").focus({ preventScroll: true });
  }

  render() {
    return html`<div class="page-head"><h1>Sessions</h1>
        <span class="muted" role="status">${this.data?.total ? count(this.data.total, "session") : ""}</span>
        ${this.me?.admin ? whose("") : nothing}
        <span class="switch" role="group" aria-label="View">${[["Cards", false], ["Table", true]].map(([name, table]) => html`<button type="button"
          aria-pressed=${this.table === table ? "true" : "false"} @click=${() => this.show(table)}>${name}</button>`)}</span>
        ${mayAct() ? html`<a class="button primary" href=${link("new")}>New session</a>` : nothing}</div>
      ${this.shown("the sessions", (data) => (this.isFirstRun(data) ? html`<berth-first-run></berth-first-run>` : this.listed(data)))}`;
  }

  isFirstRun(data) {
    return mayAct() && data.total === 0 && !isFiltered(this.filters);
  }

  listed({ sessions, total, hasMore }) {
    return html`<berth-filters .value=${this.filters} @change-filters=${(e) => this.choose(e.detail)}></berth-filters>
      ${this.selected.size ? this.bulk(sessions) : nothing}
      ${sessions.length
        ? this.table ? this.rows(sessions) : html`<ul class="sessions" aria-label="Sessions">${repeat(sessions, (each) => each.sessionId,
          (each) => sessionCard(each, this.told(each, sessions)))}</ul>`
        : empty("No sessions match", html`<a href=${link()}>Show recent sessions</a>`)}
      ${pager({ limit: LIMIT, offset: this.filters.offset, total, hasMore }, (offset) => go(listUrl({ ...this.filters, offset })))}`;
  }

  rows(sessions) {
    return html`<div class="scrolls" tabindex="0" role="region" aria-label="Sessions"><table class="stacks session-table">
      <thead><tr><td></td>${SESSION_COLUMNS.map((name) => html`<th scope="col" class=${name === "Length" ? "number" : ""}>${name}</th>`)}</tr></thead>
      <tbody>${repeat(sessions, (each) => each.sessionId, (each) => sessionRow(each, this.told(each, sessions)))}</tbody></table></div>`;
  }

  /** What a card or row shows beside the session itself. */
  told(session, sessions) {
    const { filters } = this;
    const label = (key, value) => go(listUrl({ ...filters, offset: 0, labels: { ...filters.labels, [`metadata.${key}`]: value } }));
    const select = (chosen) => this.select(session.sessionId, chosen);
    const node = sessions.some((each) => each.machineId !== this.me?.machineId);
    return { selected: this.selected.has(session.sessionId), asks: this.asking?.has(session.sessionId), node, on: { select, label } };
  }

  bulk(sessions) {
    const [a, b] = this.selected;
    const live = sessions.filter((each) => this.selected.has(each.sessionId) && isLive(each)).length;
    return html`<div class="bulk card" role="group" aria-label="Selected sessions">
      <strong role="status">${this.selected.size} selected</strong>
      ${mayAct() ? html`<button type="button" class="danger" ?disabled=${live === 0 || this.busy}
        @click=${this.end}>${this.busy ? "Ending …" : `End ${live}`}</button>` : nothing}
      ${this.selected.size === 2
        ? html`<a class="button" href=${link("compare", { a, b })}>Compare</a>`
        : html`<button type="button" disabled title="Select two sessions to compare them">Compare</button>`}
      <button type="button" class="quiet" @click=${() => (this.selected = new Set(sessions.map((each) => each.sessionId)))}>Select all shown</button>
      <button type="button" class="quiet" @click=${() => (this.selected = new Set())}>Clear</button>
    </div>`;
  }
}
customElements.define("berth-sessions", Sessions);

/** @returns those that did not end, `{sessionId, error}` */
async function endAll(ids) {
  const failed = [];
  const left = [...ids];
  const work = async () => {
    for (let id = left.pop(); id; id = left.pop()) {
      await remove(`/api/sessions/${id}`).catch((error) => failed.push({ sessionId: id, error }));
    }
  };
  await Promise.all(Array.from({ length: ENDS_AT_ONCE }, work));
  return failed;
}
