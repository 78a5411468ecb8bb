/** What of the sessions is listed: kept in the URL, so that it can be sent to somebody, and the browser's "back" works. */
import { html, nothing } from "lit";
import { Element } from "../elements.js";
import { link, place } from "../router.js";

export const LIMIT = 24;
const LABEL = "metadata.";
export const SHOWN = {
  live: "Live",
  all: "All, ended too",
  creating: "Starting or waiting",
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** `{show, q, labels, offset}` of the URL. */
export function filters() {
  const { query } = place();
  const show = query.get("show") ?? "live";
  return {
    show: Object.hasOwn(SHOWN, show) ? show : "live",
    q: (query.get("q") ?? "").slice(0, 200),
    labels: Object.fromEntries([...query].filter(([name]) => name.startsWith(LABEL))),
    offset: Math.min(100_000, Math.max(0, Number.parseInt(query.get("offset") ?? "0", 10) || 0)),
  };
}

/** The URL of the list with these filters. */
export function listUrl({ show, q, labels, offset }) {
  return link("", { show: show === "live" ? "" : show, q, ...labels, offset: offset || "" });
}

/** The query of `GET /api/sessions`. */
export function asQuery({ show, q, labels, offset }) {
  const status = show === "live" || show === "all" ? undefined : show;
  return { limit: LIMIT, offset, q, status, ...labels, includeTerminated: show !== "live" };
}

export function isFiltered({ show, q, labels, offset }) {
  return show !== "live" || q !== "" || offset > 0 || Object.keys(labels).length > 0;
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
    this.wrong = key ? "" : "Write a label as key=value, such as team=qa.";
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
        ${Object.entries(SHOWN).map(([name, text]) => html`<option value=${name} ?selected=${name === show}>${text}</option>`)}
      </select></label>
      <label class="grow">Search <input name="q" type="search" maxlength="200" placeholder="URL, title, id or label" .value=${q}
        @input=${(e) => this.change({ q: e.target.value }, true)}></label>
      <form @submit=${this.addLabel}>
        <label>Label <input name="label" placeholder="team=qa" maxlength="400" aria-describedby="label-error"
          aria-invalid=${this.wrong ? "true" : nothing}></label>
        <button class="quiet">Add</button>
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
