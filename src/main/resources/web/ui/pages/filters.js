/** What of the sessions is listed: kept in the URL, so that it can be sent to somebody, and the browser's "back" works. */
import { html, nothing } from "lit";
import { Element } from "../elements.js";
import { link, place } from "../router.js";

export const LIMIT = 24;
const LABEL = "metadata.";
/** By the values of `show` in the URL: the words, and what the server is asked for. Before this, what clients report; then Chromes' states. */
const SHOWN = {
  recent: ["Recent", { includeTerminated: true }],
  live: ["Live", {}],
  failed: ["Failed", { outcome: "failed", includeTerminated: true }],
  timedOut: ["Timed out", { outcome: "timedOut", includeTerminated: true }],
  passed: ["Passed", { outcome: "passed", includeTerminated: true }],
  skipped: ["Skipped", { outcome: "skipped", includeTerminated: true }],
  interrupted: ["Interrupted", { outcome: "interrupted", includeTerminated: true }],
  creating: ["Starting or waiting", { status: "creating" }],
  running: ["Running", { status: "running" }],
  completed: ["Ended as planned", { status: "completed", includeTerminated: true }],
  broken: ["Ended by an error", { status: "failed", includeTerminated: true }],
  cancelled: ["Cancelled", { status: "cancelled", includeTerminated: true }],
};
export const GROUPS = [["Sessions", ["recent", "live"]], ["Result", ["failed", "timedOut", "passed", "skipped", "interrupted"]],
  ["Chrome", ["creating", "running", "completed", "broken", "cancelled"]]];

/** `{show, q, labels, offset}` of the URL. */
export function filters() {
  const { query } = place();
  const show = query.get("show") ?? "recent";
  return {
    show: Object.hasOwn(SHOWN, show) ? show : "recent",
    q: (query.get("q") ?? "").slice(0, 200),
    labels: Object.fromEntries([...query].filter(([name]) => name.startsWith(LABEL))),
    offset: Math.min(100_000, Math.max(0, Number.parseInt(query.get("offset") ?? "0", 10) || 0)),
  };
}

/** The URL of the list with these filters. */
export function listUrl({ show, q, labels, offset }) {
  return link("", { show: show === "recent" ? "" : show, q, ...labels, offset: offset || "" });
}

/** The query of `GET /api/sessions`. */
export function asQuery({ show, q, labels, offset }) {
  return { limit: LIMIT, offset, q, ...labels, ...SHOWN[show][1] };
}

export function isFiltered({ show, q, labels, offset }) {
  return show !== "recent" || q !== "" || offset > 0 || Object.keys(labels).length > 0;
}

/** The choices of what is shown. @param groups of GROUPS: others than "Result" need no more than the server's own fields of a session */
export function choices(shown, groups = GROUPS) {
  return groups.map(([group, names]) => html`<optgroup label=${group}>${names.map((name) => html`<option value=${name}
    ?selected=${name === shown}>${SHOWN[name][0]}</option>`)}</optgroup>`);
}

/** Tells `change` with the filters that a person chose: `{filters, typing}`. */
class Filters extends Element {
  static properties = { value: {}, wrong: { state: true } };

  change(changes, typing = false) {
    const filters = { ...this.value, offset: 0, ...changes };
    this.dispatchEvent(new CustomEvent("change-filters", { detail: { filters, typing } }));
  }

  addLabel(event) {
    event.preventDefault();
    const input = event.target.elements.label;
    const [, key, value] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(input.value) ?? [];
    this.wrong = key ? "" : "Enter a label as key=value, such as team=qa.";
    if (key) {
      input.value = "";
      this.change({ labels: { ...this.value.labels, [LABEL + key]: value } });
    }
  }

  removeLabel(name) {
    const { [name]: gone, ...labels } = this.value.labels;
    this.change({ labels });
    this.querySelector("[name=label]").focus();
  }

  render() {
    const { show, q, labels } = this.value;
    return html`<search class="filters">
      <label>Show <select name="show" @change=${(e) => this.change({ show: e.target.value })}>
        ${choices(show)}
      </select></label>
      <label class="grow">Search <input name="q" type="search" maxlength="200" placeholder="Name, URL, title or label" .value=${q}
        @input=${(e) => this.change({ q: e.target.value }, true)}></label>
      <form @submit=${this.addLabel}>
        <label>Label <input name="label" placeholder="team=qa" maxlength="400" aria-describedby="label-error"
          aria-invalid=${this.wrong ? "true" : nothing}></label>
        <button>Add</button>
      </form>
      <p id="label-error" class="error" role="alert">${this.wrong ?? ""}</p>
      ${Object.entries(labels).map(
        ([name, value]) => html`<button type="button" class="chip" aria-label="Remove the label ${name.slice(LABEL.length)}=${value}"
          @click=${() => this.removeLabel(name)}>${name.slice(LABEL.length)}=${value} <span aria-hidden="true">×</span></button>`,
      )}
    </search>`;
  }
}
customElements.define("berth-filters", Filters);
