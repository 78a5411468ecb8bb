/** The AI tasks: what each is to do, how far it is, what it cost, and what it asks. */
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { SERVER, get, mayAct } from "../api.js";
import { Polled, empty, pager } from "../elements.js";
import { TASK_STATUS, count } from "../format.js";
import { go, link, place } from "../router.js";
import "./task-card.js";
import "./task-form.js";

const LIMIT = 20;

/** `{status, offset}` of the URL. */
function filters() {
  const { query } = place();
  const status = query.get("status");
  const offset = Number.parseInt(query.get("offset") ?? "0", 10) || 0;
  return { status: Object.hasOwn(TASK_STATUS, status) ? status : "", offset: Math.min(100_000, Math.max(0, offset)) };
}

class Tasks extends Polled {
  static properties = { me: {}, making: { state: true } };
  period = 3000;

  connectedCallback() {
    this.filters = filters();
    super.connectedCallback();
    addEventListener("berth-place", () => ((this.filters = filters()), this.refresh()), { signal: this.life.signal });
  }

  ask(signal) {
    return get("/api/agent", { limit: LIMIT, ...this.filters }, signal);
  }

  turn(to) {
    const { status, offset } = { ...this.filters, ...to };
    go(link("tasks", { status, offset: offset || "" }));
  }

  render() {
    return html`<div class="page-head"><h1>AI tasks</h1>
        <span class="muted" role="status">${this.data ? count(this.data.total, "task") : ""}</span>
        ${mayAct() ? html`<button type="button" class="primary" ?disabled=${!this.me.aiConfigured} aria-expanded=${Boolean(this.making)}
          @click=${() => (this.making = !this.making)}>New task</button>` : nothing}</div>
      ${this.me.aiConfigured || !mayAct() ? nothing : noModel()}
      ${this.making ? this.form() : nothing}
      ${this.shown("the tasks", (data) => this.listed(data))}`;
  }

  form() {
    const close = () => (this.making = false);
    return html`<berth-task-form @done=${() => (close(), this.refresh())} @cancel=${close}></berth-task-form>`;
  }

  listed({ tasks, total, hasMore }) {
    const { status, offset } = this.filters;
    if (total === 0 && !status) {
      return empty("No AI tasks yet", "Describe what to do in a browser. A model does it, and you see each step.");
    }
    return html`<search class="filters"><label>Show <select name="status" @change=${(e) => this.turn({ status: e.target.value, offset: 0 })}>
        <option value="">All</option>
        ${Object.entries(TASK_STATUS).map(([name, text]) => html`<option value=${name} ?selected=${name === status}>${text}</option>`)}
      </select></label></search>
      ${tasks.length
        ? html`<ul class="tasks">${repeat(tasks, (each) => each.taskId, (each) => this.card(each))}</ul>`
        : empty("No tasks match", html`<a href=${link("tasks")}>Show all tasks</a>`)}
      ${pager({ limit: LIMIT, offset, total, hasMore }, (to) => this.turn({ offset: to }))}`;
  }

  card(task) {
    return html`<li><berth-task-card .task=${task} @done=${() => this.refresh()}></berth-task-card></li>`;
  }
}
customElements.define("berth-tasks", Tasks);

function noModel() {
  return html`<p class="card note">AI tasks need a model. To add one, an administrator sets <code>BERTH_AI_PROVIDER</code>,
    <code>BERTH_AI_MODEL</code> and <code>BERTH_AI_API_KEY</code>: see <a href=${`${SERVER}/docs/`}>the documentation</a>.</p>`;
}
