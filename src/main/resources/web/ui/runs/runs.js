/** The runs, newest first: how many tests of each ended how, and how long it took. A run is all sessions with one label `run`. */
import { html, nothing } from "lit";
import { SERVER, get } from "../api.js";
import { Polled, empty, pager } from "../elements.js";
import { ago, count, dateTime, duration, usd } from "../format.js";
import { go, link, place } from "../router.js";
import "./run.js";
import { runLabels, runUrl, verdictBar } from "./verdicts.js";

const LIMIT = 30;

const offset = () => Math.min(100_000, Math.max(0, Number.parseInt(place().query.get("offset") ?? "0", 10) || 0));

class Runs extends Polled {
  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    return get("/api/runs", { limit: LIMIT, offset: offset() }, signal);
  }

  render() {
    return html`<div class="page-head"><h1>Runs</h1><span class="muted" role="status">${this.data?.total ? count(this.data.total, "run") : ""}</span></div>
      ${this.shown("the runs", (page) => page.runs.length
        ? html`<div class="scrolls" tabindex="0" role="region" aria-label="Runs"><table class="stacks run-table">
            <thead><tr>${["Run", "Tests"].map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">Started</th><th scope="col"
              class="number">Length</th><th scope="col" class="number">AI cost</th></tr></thead>
            <tbody>${page.runs.map(row)}</tbody></table></div>
          ${pager({ ...page, limit: LIMIT, offset: offset() }, (to) => go(link("runs", { offset: to || "" })))}`
        : empty("No runs yet", html`Sessions with the same label <code>run</code> are a run, such as the tests of a CI job.
          See <a href=${`${SERVER}/docs/`}>the documentation</a>.`))}`;
  }
}
customElements.define("berth-runs", Runs);

function row(each) {
  const { run, startedAt, endedAt, verdicts, labels, costUsd } = each;
  return html`<tr><th scope="row"><a href=${runUrl(run)}><bdi>${run}</bdi></a> <span class="run-labels">${runLabels(labels)}</span></th>
    <td class="bar-cell">${verdictBar(verdicts)}</td>
    <td><time datetime=${startedAt} title=${dateTime(startedAt)}>${ago(startedAt)}</time></td>
    <td class="number">${endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : "running"}</td>
    <td class="number">${costUsd ? usd(costUsd) : nothing}</td></tr>`;
}
