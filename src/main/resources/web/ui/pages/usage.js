/** What was used in the last days: sessions, browser hours, what the models cost. */
import { html } from "lit";
import { get } from "../api.js";
import { Polled } from "../elements.js";
import { duration, usd } from "../format.js";
import { go, link, place } from "../router.js";
import "../access/key-usage.js";
import "./bars.js";

const SPANS = [7, 30, 90, 366];
const COLUMNS = ["Sessions", "Failed", "Browser time", "Browser cost", "AI cost", "Tokens in", "Tokens out"];
const NUMBERS = ["sessions", "failed", "browserHours", "browserUsd", "aiUsd", "inputTokens", "outputTokens"];

function span() {
  const days = Number(place().query.get("days"));
  return SPANS.includes(days) ? days : 30;
}

function whole(number) {
  return Number.isInteger(number) ? number.toLocaleString("en") : "";
}

function hours(number) {
  return number ? duration(Math.round(number * 3600) * 1000) : "0";
}

/** For an axis: in one unit. */
function briefHours(number) {
  const seconds = number * 3600;
  return !number ? "0" : seconds < 60 ? `${Math.round(seconds)} s` : seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${number} h`;
}

class Usage extends Polled {
  static properties = { me: { attribute: false } };
  period = 60_000;

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  async ask(signal) {
    const { days } = await get("/api/usage", { days: span() }, signal);
    return { days, totals: Object.fromEntries(NUMBERS.map((name) => [name, days.reduce((sum, day) => sum + (day[name] ?? 0), 0)])) };
  }

  render() {
    const chosen = span();
    return html`<div class="page-head"><h1>Usage</h1>
        <label>Days <select @change=${(e) => go(link("usage", { days: e.target.value }))}>
          ${SPANS.map((days) => html`<option value=${days} ?selected=${days === chosen}>${days}</option>`)}
        </select></label><span class="muted">Days begin at 00:00 UTC.</span></div>
      ${this.shown("the usage", (data) => this.used(data))}
      ${this.me?.admin ? html`<berth-key-usage .days=${chosen}></berth-key-usage>` : ""}`;
  }

  used({ days, totals }) {
    return html`<dl class="totals">
        ${total("Sessions", whole(totals.sessions))}${total("Failed", whole(totals.failed))}${total("Browser time", hours(totals.browserHours))}
        ${total("Browser cost", usd(totals.browserUsd))}${total("AI cost", usd(totals.aiUsd))}
        ${total("Tokens in / out", `${whole(totals.inputTokens)} / ${whole(totals.outputTokens)}`)}
      </dl>
      <div class="charts">
        ${chart("Sessions", days, "sessions", whole)}${chart("Browser time", days, "browserHours", hours, briefHours)}${chart("AI cost", days, "aiUsd", usd)}
      </div>
      ${table(days)}`;
  }
}
customElements.define("berth-usage", Usage);

function total(name, value) {
  return html`<div class="card"><dt>${name}</dt><dd>${value}</dd></div>`;
}

function chart(label, days, name, format, brief = format) {
  if (days.every((day) => !day[name])) {
    return html`<section class="card"><h2>${label}</h2><p class="state">None in this period.</p></section>`;
  }
  return html`<section class="card"><h2>${label}</h2>
    <berth-bars .brief=${brief} .label=${label} .dates=${days.map((day) => day.date)} .values=${days.map((day) => day[name])} .format=${format}></berth-bars></section>`;
}

/** In the order of COLUMNS. */
function cells({ sessions, failed, browserHours, browserUsd, aiUsd, inputTokens, outputTokens }) {
  return [whole(sessions), whole(failed), hours(browserHours), usd(browserUsd), usd(aiUsd), whole(inputTokens), whole(outputTokens)];
}

function table(days) {
  const used = days.filter((day) => day.sessions > 0 || day.aiUsd > 0).reverse();
  return html`<section class="card scrolls" tabindex="0" aria-label="The days with sessions, newest first"><table>
    <thead><tr><th scope="col">Day</th>${COLUMNS.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
    <tbody>${used.map(
      (day) => html`<tr><th scope="row">${day.date}</th>
        ${cells(day).map((value) => html`<td class="number">${value}</td>`)}</tr>`,
    )}${used.length ? "" : html`<tr><td colspan="8" class="muted">No sessions in this period.</td></tr>`}</tbody></table></section>`;
}
