/** What was done: the steps that a client reported, and who did what on what, for how long, at what cost; with pictures of the chosen one. */
import { html, nothing } from "lit";
import { DRIVERS, clock, timeOfDay, usd } from "../format.js";
import { STEP_KINDS, detailsOf, firstLine, targetOf, titleOf, took, valueOf } from "./describe.js";
import { screenshotAt } from "./frames.js";
import { MAX_ACTIONS } from "./model.js";
import { putMark } from "./picture.js";
import "./rows.js";
import { View, here } from "./view.js";

const BEFORE_MILLIS = 120;
const AFTER_MILLIS = 500;
const WIDTH = 480;
const STEPS = "steps";

class Actions extends View {
  static properties = { frames: { attribute: false }, driver: { state: true }, failed: { state: true } };

  /** Who comes back to the panel finds it as it was left. */
  connectedCallback() {
    super.connectedCallback();
    Object.assign(this, this.model.filters.actions);
  }

  narrow(filter) {
    this.model.filters.actions = { driver: this.driver, failed: this.failed, ...filter };
    Object.assign(this, filter);
  }

  render() {
    const { model } = this;
    return html`<div class="narrowing">
        <label class="unseen" for="action-driver">Show</label>
        <select id="action-driver" @change=${(event) => this.narrow({ driver: event.target.value })}>
          <option value="">Everything</option>
          ${model.steps.length > 0 ? html`<option value=${STEPS} ?selected=${this.driver === STEPS}>Steps</option>` : nothing}
          ${model.lanes(Object.keys(DRIVERS)).map((driver) => html`<option value=${driver}
            ?selected=${driver === this.driver}>${DRIVERS[driver]}</option>`)}
        </select>
        <label class="tick-box"><input type="checkbox" .checked=${Boolean(this.failed)}
          @change=${(event) => this.narrow({ failed: event.target.checked })}> Failed only</label>
        <span class="muted count">${this.entries().length} of ${this.known()}</span>
      </div>
      <berth-rows label="Actions" .source=${this.source()} .version=${model.version} ?follows=${model.live && model.at === null}
        .chosen=${model.actionId} .nothing=${this.none()}
        @choose=${(event) => model.choose(event.detail)}></berth-rows>
      ${model.action ? this.detail(model.action) : nothing}`;
  }

  /** How many entries the page knows; it takes no more than so many actions. */
  known() {
    const { actions, rows, session } = this.model;
    return actions.length < MAX_ACTIONS || session.actionCount <= actions.length
      ? rows.length
      : `the first ${MAX_ACTIONS.toLocaleString("en")} of ${session.actionCount.toLocaleString("en")}`;
  }

  none() {
    const { model } = this;
    if (model.rows.length > 0) {
      return html`<p>Nothing matches.</p>`;
    }
    if (!model.live) {
      return html`<p>No actions were taken in this session.</p>`;
    }
    const connect = () => model.dispatchEvent(new CustomEvent("open", { detail: "connect" }));
    return html`<h3>No actions yet</h3>
      <p class="muted">Control the session with REST, Puppeteer, Playwright, MCP or an AI task, or click in the picture.
        <button type="button" class="link" @click=${connect}>How to connect</button></p>`;
  }

  /** Those of the chosen range; the window of a chosen action does not hide the others. */
  entries() {
    const key = [this.model.version, this.model.actionId ? "" : this.model.range, this.driver, this.failed].join();
    if (this.selected?.key !== key) {
      this.selected = { key, entries: this.select() };
    }
    return this.selected.entries;
  }

  select() {
    const { model } = this;
    const range = model.actionId ? null : model.range;
    return model.rows.filter((entry) => {
      const from = entry.at;
      const inside = !range || (from < range[1] && from + (entry.duration ?? 0) >= range[0]);
      const shown = !this.driver || (this.driver === STEPS ? entry.stepId : entry.source === this.driver);
      return inside && shown && (!this.failed || !entry.success);
    });
  }

  source() {
    const { model } = this;
    const entries = this.entries();
    return {
      key: `${this.driver} ${this.failed} ${model.actionId ? "" : model.range}`,
      height: 28,
      page: async (offset, limit) => ({ entries: entries.slice(offset, offset + limit), total: entries.length }),
      id: (action) => action.actionId,
      kind: (action) => (action.success ? "" : "failed"),
      row: (entry) => (entry.stepId ? stepRow(model, entry) : html`<span class="when">${when(model, entry.timestamp)}</span>
        ${chip(entry)} ${this.actionRow(entry)}`),
    };
  }

  actionRow(action) {
    return html`<span class="what indent-${action.depth}"><b>${action.type}</b> <code>${targetOf(action)}</code> <span class="muted">${action.success ? valueOf(action)
          : nothing}</span>${action.success ? nothing : html`<span class="unseen">Failed </span><span class="error">${action.error}</span>`}</span>
        <span class="number muted">${action.cost?.usd ? usd(action.cost.usd) : ""}</span>
        <span class="number">${took(action)}</span>`;
  }

  detail(action) {
    const { model } = this;
    return html`<section class="detail" aria-label=${action.stepId ? "The chosen step" : "The chosen action"}>
      <header><h3>${chip(action)} <bdi>${titleOf(action)}</bdi></h3>
        <span class="muted">${[when(model, action.timestamp), took(action), spent(action.cost)].filter(Boolean).join(" · ")}</span>
        <button type="button" class="quiet close" aria-label="Close" @click=${() => model.clear()}>✕</button></header>
      ${action.error ? html`<pre class="error message" tabindex="0">${action.error}</pre>` : nothing}
      <berth-around .model=${model} .frames=${this.frames} .action=${action}></berth-around>
      ${action.stepId ? nothing : this.details(action)}
    </section>`;
  }

  details(action) {
    return html`<dl>${detailsOf(action).map(([name, value]) => html`<dt>${name}</dt><dd><code>${typeof value === "string" ? value : JSON.stringify(value)}</code></dd>`)}
        <dt>source</dt><dd>${DRIVERS[action.source]}</dd></dl>`;
  }

  updated() {
    const { model } = this;
    if (this.revealed !== model.actionId) {
      this.revealed = model.actionId;
      const place = this.entries().findIndex((action) => action.actionId === model.actionId);
      if (place >= 0) {
        this.updateComplete.then(() => this.querySelector("berth-rows").reveal(place));
      }
    }
  }
}
customElements.define("berth-actions", Actions);

export const SHORT = { ...DRIVERS, cdp: "CDP", ai: "AI" };

/** Of what kind an entry is: a step's own kind, or who acted. */
function chip(entry) {
  return entry.stepId
    ? html`<span class="driver of-step">${STEP_KINDS[entry.kind] ?? "Step"}</span>`
    : html`<span class="driver ${entry.source}" title=${DRIVERS[entry.source]}>${SHORT[entry.source] ?? entry.source}</span>`;
}

function stepRow(model, step) {
  return html`<span class="when">${when(model, step.timestamp)}</span>
    ${chip(step)} <span class="what indent-${step.depth}">${step.success ? nothing : html`<span class="error"><span aria-hidden="true">✕ </span><span class="unseen">Failed </span></span>`}<bdi
      class=${step.kind === "test" ? "strong-text" : ""}>${step.title}</bdi>
      ${step.cause ? html`<bdi class="error">${firstLine(step.error)}</bdi>` : nothing}</span>
    <span class="number">${took(step)}</span>`;
}

const spent = (cost) => cost?.inputTokens && `${cost.inputTokens} in + ${cost.outputTokens} out tokens · ${usd(cost.usd)}`;

/** A time of the session, as a person wishes to read it. */
export function when(model, timestamp) {
  return model.wall ? timeOfDay(timestamp).slice(0, 10) : clock(model.since(timestamp), true);
}

/** The page before and after an action: from a recording, else the screenshots that are nearest. */
class Around extends View {
  static properties = { frames: { attribute: false }, action: { attribute: false }, pictures: { state: true } };

  updated() {
    const has = `${this.action.actionId} ${this.model.artifacts.length} ${this.model.renewals}`;
    if (this.taken !== has) {
      this.taken = has;
      this.take(has);
    }
    this.querySelectorAll("figure").forEach((figure) => this.put(figure));
  }

  async take(has) {
    const { model, action } = this;
    const from = action.at;
    const to = from + (action.duration ?? 0);
    const next = model.actions.find((other) => other.at > to);
    const after = Math.min(to + AFTER_MILLIS, next ? next.at : Infinity);
    const before = (await this.frames.at(Math.max(0, from - BEFORE_MILLIS), WIDTH)) ?? kept(model, -Infinity, from);
    const then = (await this.frames.at(after, WIDTH)) ?? kept(model, to - 50, next ? next.at + 2000 : Infinity);
    if (this.taken === has) {
      this.pictures = [["Before", before], ["After", then]].filter(([, picture]) => picture);
    }
  }

  render() {
    return html`${(this.pictures ?? []).map(
      ([name, picture]) => html`<figure class=${name.toLowerCase()}>${
        picture instanceof HTMLCanvasElement ? picture : html`<img src=${here(picture.publicUrl)} alt="${name} the action"
          @load=${(event) => this.put(event.target.closest("figure"))}>`
      }<span class="click-point" aria-hidden="true" hidden></span><figcaption>${name}</figcaption></figure>`,
    )}`;
  }

  /** The click point belongs on the picture from before: afterwards the page may have moved. */
  put(figure) {
    const mark = figure.querySelector(".click-point");
    mark.hidden = !figure.classList.contains("before") || !putMark(mark, figure.querySelector("canvas, img"), this.action, this.model.session);
  }
}
customElements.define("berth-around", Around);

function kept(model, from, to) {
  const shot = to === Infinity || from > -Infinity
    ? model.screenshots.find((each) => model.since(each.timestamp) >= from && model.since(each.timestamp) <= to)
    : screenshotAt(model, to);
  const at = shot ? model.since(shot.timestamp) : NaN;
  return at >= from && at <= to + 50 ? shot : null;
}
