/** A test over its latest runs: a mark for each, how often it fails, since when, and the way to the comparison with its last pass. */
import { html, nothing } from "lit";
import { get } from "../api.js";
import { Polled, empty } from "../elements.js";
import { ago, dateTime, duration } from "../format.js";
import { link, place } from "../router.js";
import { VERDICTS, runLabels, runUrl, verdictBadge, whereOf } from "./verdicts.js";

const RUNS = 50;

/** `{project, file, title}` of the URL: they name a test together. */
function chosen() {
  const { query } = place();
  return Object.fromEntries(["project", "file", "title"].map((name) => [name, query.get(name) ?? ""]));
}

const isGood = ({ verdict }) => verdict === "passed" || verdict === "flaky";

class Test extends Polled {
  period = 10_000;

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    return get("/api/tests/history", { ...chosen(), limit: RUNS }, signal);
  }

  render() {
    const test = chosen();
    return html`<div class="page-head"><p><a href=${link("runs")}>Runs</a> <span class="muted">/</span></p><h1><bdi>${test.title || "Without a title"}</bdi></h1>
        <span class="muted">${whereOf(test)}</span></div>
      ${this.shown("the test", ({ marks }) => (marks.length ? told(marks) : empty("No runs of this test", "None of your runs has a test of this project, file and title.")))}`;
  }
}
customElements.define("berth-test", Test);

/** @param marks newest first */
function told(marks) {
  const failed = marks.findIndex(({ verdict }) => verdict === "failed");
  const before = failed < 0 ? -1 : marks.findIndex((mark, at) => at > failed && isGood(mark));
  const pass = before >= 0 ? marks[before] : marks.find(isGood);
  return html`<div class="run-head"><p>${sentence(marks, before)}</p>
      ${failed >= 0 && pass ? html`<a class="button primary" href=${link("compare", { a: pass.sessionId, b: marks[failed].sessionId })}>Compare
        ${before >= 0 ? "with the last pass" : "with a pass"}</a>` : nothing}</div>
    <ol class="marks" aria-label="Oldest first">${[...marks].reverse().map(mark)}</ol>
    <section class="card scrolls" tabindex="0" aria-label="Runs, newest first"><table class="stacks">
      <thead><tr>${["Result", "Run", "Why", "When"].map((name) => html`<th scope="col">${name}</th>`)}<th scope="col" class="number">Length</th></tr></thead>
      <tbody>${marks.map(row)}</tbody></table></section>`;
}

/** How often it fails, and since when it does. @param before the place of the last pass before the latest failure */
function sentence(marks, before) {
  const over = marks.filter(({ verdict }) => isGood({ verdict }) || verdict === "failed");
  const bad = over.filter(({ verdict }) => verdict === "failed").length;
  const flaky = over.filter(({ verdict }) => verdict === "flaky").length;
  const often = bad ? `Failed in ${bad} of ${over.length} runs` : `Passed in all of ${over.length} runs`;
  const failing = marks.find(({ verdict }) => isGood({ verdict }) || verdict === "failed")?.verdict === "failed";
  const first = failing && before > 0 ? marks.slice(0, before).findLast(({ verdict }) => verdict === "failed") : null;
  return html`<b>${often}</b>${flaky ? `, flaky in ${flaky}` : ""}.${first ? html` Failing since <a href=${runUrl(first.run)}>${first.run}</a>,
    <span title=${dateTime(first.createdAt)}>${ago(first.createdAt)}</span>.` : failing ? " It has not passed in these runs." : nothing}`;
}

function mark({ verdict, run, sessionId, createdAt }) {
  const [text, , sign] = VERDICTS[verdict] ?? VERDICTS.unknown;
  return html`<li><a class="of-${verdict}" href=${link(`session/${sessionId}`)} title="${text} in ${run}, ${dateTime(createdAt)}"
    aria-label="${text} in ${run}">${sign}</a></li>`;
}

function row(each) {
  return html`<tr><td>${verdictBadge(each.verdict)}</td><th scope="row"><a href=${link(`session/${each.sessionId}`)}><bdi>${each.run}</bdi></a>
      ${runLabels(each.labels, 2)}</th>
    <td class="answer">${each.reason ? html`<bdi class="error" title=${each.reason}>${each.reason.split("\n", 1)[0].slice(0, 300)}</bdi>` : nothing}</td>
    <td><time datetime=${each.createdAt} title=${dateTime(each.createdAt)}>${ago(each.createdAt)}</time></td><td class="number">${duration(each.duration)}</td></tr>`;
}
