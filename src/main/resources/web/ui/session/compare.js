/** Two sessions beside each other: where they first differ, and each step, action, request and console line of both. */
import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { get } from "../api.js";
import { Element, empty, failure, loading } from "../elements.js";
import { clock, count, duration, usd } from "../format.js";
import { go, link, place } from "../router.js";
import { MOST_ALIGNED } from "./align.js";
import "./compared-picture.js";
import { firstLine, targetOf, titleOf, took } from "./describe.js";
import { KINDS, firstOf, pathOf, resultOf, rowsOf, sumOf } from "./differences.js";
import { Frames } from "./frames.js";
import { load, renewLinks } from "./load.js";
import { SessionModel } from "./model.js";
import "./pick.js";

const PAGE = 200;
const AFTER_MILLIS = 500;

class Compare extends Element {
  static properties = { ids: { state: true }, rows: { state: true }, error: { state: true }, all: { state: true }, kind: { state: true }, most: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.begin(), { signal: this.life.signal });
    this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.leave();
  }

  leave() {
    this.turn?.abort();
    this.frames?.forEach((frames) => frames.close());
  }

  async begin() {
    this.leave();
    // Ends where two others are chosen, also before these have come.
    this.turn = new AbortController();
    const { signal } = this.turn;
    const { query } = place();
    this.ids = [query.get("a") ?? "", query.get("b") ?? ""];
    Object.assign(this, { rows: null, sides: [], error: null, most: PAGE, all: false, kind: "" });
    try {
      const sides = await Promise.all(this.ids.map((id) => (id ? sideOf(id, signal) : null)));
      if (!signal.aborted) {
        this.take(sides, signal);
      }
    } catch (e) {
      if (!signal.aborted) {
        this.error = e;
      }
    }
  }

  take(sides, signal) {
    this.sides = sides;
    if (sides.every(Boolean)) {
      const models = sides.map(({ model }) => model);
      models.forEach((model) => model.addEventListener("links-expired", () => renewLinks(model, signal), { signal }));
      this.frames = models.map((model) => new Frames(model));
      this.rows = rowsOf(sides);
    }
    this.requestUpdate();
  }

  render() {
    return html`<div class="page-head"><h1>Compare two sessions</h1></div>
      <div class="heads">${["First", "Second"].map((label, at) => this.side(label, at))}</div>
      ${this.content()}`;
  }

  side(label, at) {
    const side = this.sides[at];
    const choose = ({ detail }) => go(link("compare", { a: at === 0 ? detail : this.ids[0], b: at === 1 ? detail : this.ids[1] }));
    return html`<div class="head card"><berth-pick .label=${label} .session=${side?.model.session} .like=${this.sides[1 - at]?.model.session}
      @pick=${choose}></berth-pick>${side ? sums(side) : nothing}</div>`;
  }

  content() {
    if (this.error) {
      return failure(this.error, () => this.begin());
    }
    if (!this.ids.every(Boolean)) {
      return empty("Choose two sessions", "For example a test that passed and the same test when it failed. Berth shows where they first differ.");
    }
    return this.rows ? keyed(this.rows, this.compared()) : loading("both sessions");
  }

  compared() {
    const different = this.rows.filter(({ differs }) => differs.length > 0);
    const shown = (this.all ? this.rows : different).filter(({ kind }) => !this.kind || kind === this.kind);
    const first = firstOf(this.rows);
    const part = this.sides.some(({ cut }) => cut) ? html`<span class="muted">Compares the first ${MOST_ALIGNED.toLocaleString("en")} of each kind.</span>` : nothing;
    return html`${first ? this.first(first) : nothing}
      <div class="narrowing"><b>${different.length === 0 ? "No differences" : `${sumOf(this.rows)} differ`}</b> ${part}
        <select aria-label="Kind" @change=${(event) => (this.kind = event.target.value)}><option value="">Everything</option>${Object.entries(KINDS).map(
          ([kind, name]) => html`<option value=${kind} ?selected=${kind === this.kind}>${name}</option>`)}</select>
        <label class="tick-box"><input type="checkbox" .checked=${this.all} @change=${(event) => (this.all = event.target.checked)}>
          Show what is the same</label></div>
      <ol class="aligned">${shown.slice(0, this.most).map((row) => this.row(row, row === first))}</ol>
      ${shown.length > this.most ? html`<p class="more"><button type="button" @click=${() => (this.most += PAGE)}>Show more of ${shown.length}</button></p>` : nothing}`;
  }

  /** Where they first differ, with how both looked then. */
  first({ pair, differs }) {
    const [a, b] = pair;
    const at = pair.map((entry) => instantOf(entry ?? a ?? b) + AFTER_MILLIS);
    return html`<section class="first card" aria-label="The first difference"><h2>First difference: <bdi>${nameOfEntry(a ?? b)}</bdi>, ${differs.join(", ")}</h2>
      <div class="pictures">${this.sides.map(({ model }, side) => html`<figure><berth-compared-picture .model=${model} .frames=${this.frames[side]} .at=${at[side]}
        .wide=${true}></berth-compared-picture><figcaption><a href=${`${link(`session/${model.id}`)}#t=${Math.round(at[side] - AFTER_MILLIS)}`}>${side === 0 ? "First" : "Second"}
        at ${clock(at[side] - AFTER_MILLIS, true)}</a> ${pair[side]?.error ? html`<span class="error"><bdi>${firstLine(pair[side].error)}</bdi></span>` : nothing}</figcaption></figure>`)}</div></section>`;
  }

  row({ kind, pair, differs, weak }, first) {
    return html`<li class="${differs.length > 0 ? (weak ? "differs weak" : "differs") : ""} ${first ? "is-first" : ""}">
      ${pair.map((entry, side) => (entry ? this.cell(kind, entry, side) : html`<div class="cell none muted">–</div>`))}
      <span class="why">${differs.join(", ")}</span></li>`;
  }

  cell(kind, entry, side) {
    const { model } = this.sides[side];
    return html`<div class="cell ${entry.success === false ? "failed" : ""}">
      ${kind === "steps" ? html`<berth-compared-picture .model=${model} .frames=${this.frames[side]} .at=${instantOf(entry) + AFTER_MILLIS}></berth-compared-picture>` : nothing}
      <a class="when" href=${`${link(`session/${model.id}`)}#t=${Math.round(instantOf(entry))}`}>${clock(entry.at, true)}</a>
      ${CELLS[kind](entry)}</div>`;
  }
}
customElements.define("berth-compare", Compare);

/** When the picture shows what came of an entry. */
const instantOf = (entry) => entry.at + (entry.duration ?? 0);

const nameOfEntry = (entry) => (entry.method ? `${entry.method} ${pathOf(entry.url)}` : entry.message ? firstLine(entry.message) : `${titleOf(entry)} ${targetOf(entry)}`);

const CELLS = {
  steps: (entry) => html`<span class="what indent-${entry.depth}">${entry.stepId ? html`<bdi>${entry.title}</bdi>` : html`<b>${entry.type}</b>
      <code>${targetOf(entry)}</code>`} ${entry.error && entry.cause !== false ? html`<bdi class="error">${firstLine(entry.error)}</bdi>` : nothing}</span>
    <span class="number muted">${took(entry)}</span>`,
  requests: (entry) => html`<span class="badge ${entry.error || entry.status >= 400 ? "bad" : ""}">${resultOf(entry)}</span>
    <span class="what" title=${entry.url}><span class="muted">${entry.method}</span> ${pathOf(entry.url)}</span><span class="number muted">${duration(entry.duration)}</span>`,
  console: (entry) => html`<span class="badge ${entry.level === "error" ? "bad" : entry.level === "warn" ? "warn" : ""}">${entry.level}</span>
    <span class="what"><code>${firstLine(entry.message)}</code></span>`,
};

/** A session with its entries of all kinds, each with its time as `at`. */
async function sideOf(id, signal) {
  const model = new SessionModel(id);
  await load(model, signal);
  const logs = async (operation, name) => {
    const answer = await get(`${model.path}/${operation}`, { limit: MOST_ALIGNED }, signal);
    const entries = answer[name].map((entry) => ({ ...entry, at: model.since(entry.timestamp) }));
    return { entries: entries.sort((a, b) => a.at - b.at), cut: answer.total > entries.length };
  };
  const [requests, console] = [await logs("network", "requests"), await logs("console", "logs")];
  return { model, requests: requests.entries, console: console.entries, cut: requests.cut || console.cut || model.rows.length > MOST_ALIGNED };
}

function sums({ model }) {
  const { actionCount, errors, cost } = model.session;
  const bad = [[errors?.actions, "failed action"], [errors?.console, "console error"], [errors?.requests, "failed request"]];
  return html`<p class="sums"><span>${duration(model.length)}</span>${model.steps.length ? html`<span>${count(model.steps.length, "step")}</span>` : nothing}<span>${count(
    actionCount, "action")}</span>${bad.map(([number, what]) => html`<span class=${number ? "error" : "muted"}>${count(number ?? 0, what)}</span>`)}${cost?.usd
      ? html`<span>${usd(cost.usd)}</span>` : nothing}</p>`;
}
