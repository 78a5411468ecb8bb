/** An AI task in the list; one that waits for a person has a box for the answer. Tells `done` when something was done about it. */
import { html, nothing } from "lit";
import { follow, get, mayAct, post } from "../api.js";
import { ask } from "../dialogs.js";
import { Element, failure, loading, say, taskBadge } from "../elements.js";
import { ago, asText, count, dateTime, duration, isTaskOver, usd } from "../format.js";
import { link } from "../router.js";

class TaskCard extends Element {
  static properties = { task: {}, limits: { state: true }, details: { state: true }, error: { state: true }, busy: { state: true } };

  firstUpdated() {
    if (!isTaskOver(this.task.status)) {
      this.readLimits();
    }
  }

  /** A task tells its limits once, with the first of its events. */
  async readLimits() {
    const reading = new AbortController();
    const take = ({ data }) => {
      this.limits = data.limits;
      reading.abort();
    };
    const signal = AbortSignal.any([this.life.signal, reading.signal]);
    await follow(`/api/agent/${this.task.taskId}/events`, { signal, lastEventId: "0", take }).catch(() => {});
  }

  async act(work, message) {
    this.busy = true;
    this.error = null;
    try {
      await work();
      say(message);
      this.dispatchEvent(new CustomEvent("done"));
    } catch (e) {
      this.error = e;
    } finally {
      this.busy = false;
    }
  }

  async cancel() {
    if (await ask("Cancel this task?", "Stops the task. Steps already taken are not undone.", "Cancel the task")) {
      await this.act(() => post(`/api/agent/${this.task.taskId}/cancel`), "Task cancelled");
    }
  }

  answer(event) {
    event.preventDefault();
    const text = new FormData(event.target).get("text").trim();
    return text ? this.act(() => post(`/api/agent/${this.task.taskId}/answer`, { text }), "Answer sent") : undefined;
  }

  /** The list has no output of tasks. */
  async open(event) {
    if (event.target.open && !this.details) {
      try {
        this.details = (await get(`/api/agent/${this.task.taskId}/status`, {}, this.life.signal)).data;
      } catch (e) {
        this.error = e;
      }
    }
  }

  render() {
    const { task } = this;
    const over = isTaskOver(task.status);
    return html`<article class="task card" data-id=${task.taskId}>
      <div class="row spread">${taskBadge(task.status)}
        <span class="muted" title=${dateTime(task.startedAt)}>${ago(task.startedAt)}${took(task)}</span></div>
      <p class="instruction" tabindex=${task.instruction.length > 300 ? "0" : nothing}>${task.instruction}</p>
      ${task.status === "waiting" && mayAct() ? this.question() : nothing}
      ${task.error ? html`<p class="remark bad">${task.error}</p>` : nothing}
      ${task.status === "completed" ? this.output() : nothing}
      ${this.error ? failure(this.error) : nothing}
      <div class="row spread"><span class="muted">${count(task.steps, "step")} · ${cost(task, this.limits)}</span>
        <span class="row"><a class="button" href=${link(`session/${task.sessionId}`)}>Session</a>
          ${over || !mayAct() ? nothing : html`<button type="button" class="danger" ?disabled=${this.busy} @click=${this.cancel}>Cancel</button>`}</span></div>
    </article>`;
  }

  question() {
    const id = `answer-${this.task.taskId}`;
    return html`<form class="question" @submit=${this.answer}>
      <label for=${id}>${this.task.question}</label>
      <textarea id=${id} name="text" rows="2" maxlength="10000" required></textarea>
      <div><button class="primary" ?disabled=${this.busy}>Answer</button></div>
    </form>`;
  }

  output() {
    return html`<details @toggle=${this.open}><summary>Output</summary>
      ${this.details ? html`<pre tabindex="0">${asText(this.details.output ?? "Nothing")}</pre>` : this.error ? nothing : loading("the output")}</details>`;
  }
}
customElements.define("berth-task-card", TaskCard);

function took({ startedAt, completedAt }) {
  return completedAt ? `, took ${duration(Date.parse(completedAt) - Date.parse(startedAt))}` : "";
}

function cost({ cost }, { maxCostUsd } = {}) {
  return maxCostUsd
    ? html`${usd(cost?.usd)} of ${usd(maxCostUsd)}
        <meter min="0" max=${maxCostUsd} value=${cost?.usd ?? 0} aria-label="Cost against the budget"></meter>`
    : usd(cost?.usd);
}
