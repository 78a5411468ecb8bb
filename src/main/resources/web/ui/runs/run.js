/** A run: its tests, failed ones first, each with its first error, its last picture, and its tries beside each other. */
import { html, nothing } from "lit";
import { get } from "../api.js";
import { Polled, pager, say } from "../elements.js";
import { ago, count, dateTime, duration, usd } from "../format.js";
import "../pages/last-picture.js";
import "../pages/thumbnail.js";
import { go, link, place } from "../router.js";
import { VERDICTS, runLabels, runUrl, testUrl, verdictBadge, verdictBar, whereOf } from "./verdicts.js";

const LIMIT = 100;
const HISTORY = 100;

const offset = () => Math.min(100_000, Math.max(0, Number.parseInt(place().query.get("offset") ?? "0", 10) || 0));

class Run extends Polled {
  static properties = { run: {}, busy: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    return get(`/api/runs/${encodeURIComponent(this.run)}`, { limit: LIMIT, offset: offset() }, signal);
  }

  render() {
    return html`<div class="page-head"><p><a href=${link("runs")}>Runs</a> <span class="muted">/</span></p><h1><bdi>${this.run}</bdi></h1></div>
      ${this.shown("the run", (page) => this.told(page))}`;
  }

  told({ run, tests, total, hasMore }) {
    const loud = tests.filter(({ verdict }) => verdict !== "passed" && verdict !== "skipped");
    const calm = tests.filter((test) => !loud.includes(test));
    return html`<div class="run-head">${verdictBar(run.verdicts)}
        <p class="sums muted"><span title=${dateTime(run.startedAt)}>${ago(run.startedAt)}</span><span>${run.endedAt
          ? duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)) : "still running"}</span><span>${count(run.sessions, "session")}</span>${run.costUsd
            ? html`<span>${usd(run.costUsd)} of AI</span>` : nothing}${runLabels(run.labels)}
          <a href=${link("", { "metadata.run": run.run })}>All sessions</a></p></div>
      ${loud.length ? html`<ul class="loud">${loud.map((test) => this.loud(test))}</ul>` : nothing}
      ${calm.length ? html`<section class="card scrolls" tabindex="0" aria-label="Tests that passed or were skipped"><table class="stacks">
        <tbody>${calm.map(calmRow)}</tbody></table></section>` : nothing}
      ${pager({ limit: LIMIT, offset: offset(), total, hasMore }, (to) => go(runUrl(this.run) + (to ? `?offset=${to}` : "")))}`;
  }

  /** A test that a person looks at: it failed, or has no result yet. */
  loud(test) {
    const failed = test.tries.filter(({ verdict }) => verdict === "failed");
    const last = failed.at(-1) ?? test.tries.at(-1);
    const error = failed.find(({ reason }) => reason)?.reason ?? last.reason ?? "";
    const [first, ...more] = error.split("\n").map((line) => line.trim()).filter(Boolean);
    return html`<li class="card loud-test"><a class="shot" href=${link(`session/${last.sessionId}`)} tabindex="-1" aria-hidden="true">${last.verdict === "running"
        ? html`<berth-thumbnail .sessionId=${last.sessionId}></berth-thumbnail>` : html`<berth-last-picture .sessionId=${last.sessionId} ?failed=${last.verdict === "failed"}></berth-last-picture>`}</a>
      <div class="about-test"><h2>${verdictBadge(test.verdict)} <a href=${link(`session/${last.sessionId}`)}><bdi>${test.title || "Without a title"}</bdi></a>
          <span class="muted">${whereOf(test)}</span></h2>
        ${first ? html`<p class="error" title=${error}><bdi>${first.slice(0, 400)}</bdi></p>` : nothing}
        ${more.length ? html`<p class="more-error"><bdi>${more.slice(0, 5).join(" · ").slice(0, 500)}</bdi></p>` : nothing}
        <ol class="tries" aria-label="Tries">${test.tries.map(tried)}</ol>
        <p class="row">${failed.length ? html`<button type="button" ?disabled=${this.busy} @click=${() => this.compare(test, last)}>Compare with the last pass</button>` : nothing}
          <a class="button quiet" href=${testUrl(test)}>History</a></p></div></li>`;
  }

  /** A pass of the same run, such as by a retry, is the nearest. */
  async compare(test, failed) {
    this.busy = true;
    try {
      const here = test.tries.findLast(({ verdict }) => verdict === "passed");
      const { project, file, title } = test;
      const pass = here ?? (await get("/api/tests/history", { project, file, title, limit: HISTORY })).marks.find(({ verdict }) => ["passed", "flaky"].includes(verdict));
      if (pass) {
        go(link("compare", { a: pass.sessionId, b: failed.sessionId }));
      } else {
        say(`This test has not passed in its last ${HISTORY} runs`);
      }
    } catch (e) {
      say(`${e.message} ${e.hint ?? ""}`, "bad");
    } finally {
      this.busy = false;
    }
  }
}
customElements.define("berth-run", Run);

function tried(each, place) {
  const [text, , sign] = VERDICTS[each.verdict] ?? VERDICTS.unknown;
  const { actions = 0, console = 0, requests = 0 } = each.errors ?? {};
  const bad = [[actions, "failed action"], [console, "console error"], [requests, "failed request"]].filter(([number]) => number > 0);
  return html`<li class="of-${each.verdict}"><a href=${link(`session/${each.sessionId}`)}>${sign} Try ${place + 1}</a>
    <span class="muted">${[text, duration(each.duration), ...bad.map(([number, what]) => count(number, what))].join(" · ")}</span></li>`;
}

function calmRow(test) {
  const last = test.tries.at(-1);
  return html`<tr><td class="tick">${verdictBadge(test.verdict)}</td>
    <th scope="row"><a href=${link(`session/${last.sessionId}`)}><bdi>${test.title || "Without a title"}</bdi></a> <span class="muted">${whereOf(test)}</span></th>
    <td class="number">${duration(last.duration)}</td><td class="acts"><a href=${testUrl(test)}>History</a></td></tr>`;
}
