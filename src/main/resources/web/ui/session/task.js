/** The AI tasks of the session: what they were to do, what they did and why, what they ask, what they cost. */
import { html, nothing } from "lit";
import { follow, mayAct, post } from "../api.js";
import { ask } from "../dialogs.js";
import { copyButton, say, taskBadge } from "../elements.js";
import { asText, duration, isTaskOver, usd } from "../format.js";
import { when } from "./actions.js";
import { View } from "./view.js";

/** A task may have many steps: so many of the latest are shown, and so many more for each press of the button. */
const STEPS = 100;

class Tasks extends View {
  render() {
    const { model } = this;
    return model.tasks.length > 0
      ? model.tasks.map((task) => html`<berth-task .model=${model} .task=${task}></berth-task>`)
      : html`<div class="ai-task card"><h3>AI steps</h3><berth-steps-without-task .model=${model}></berth-steps-without-task></div>`;
  }
}
customElements.define("berth-session-tasks", Tasks);

/** Steps of which the latest are shown. */
class Steps extends View {
  static properties = { shown: { state: true } };

  /** @param step gives the row of one */
  list(steps, step) {
    const shown = this.shown ?? STEPS;
    return html`${steps.length > shown ? html`<p class="more"><button type="button"
        @click=${() => (this.shown = shown + STEPS)}>Show more of ${steps.length}</button></p>` : nothing}
      <ol class="steps" start=${Math.max(1, steps.length - shown + 1)}>${steps.slice(-shown).map(step)}</ol>`;
  }
}

/** The holder of a shared link reads no tasks: their actions tell what they did. */
class StepsWithoutTask extends Steps {
  render() {
    const { model } = this;
    return this.list(model.actions.filter((action) => action.source === "ai"), (action) => html`<li
      class=${action.success ? "" : "failed"}><button type="button" class="link"
        @click=${() => model.choose(action)}>${when(model, action.timestamp)}</button>
      <b>${action.type}</b> <span class="muted">${spent(action.cost)}</span></li>`);
  }
}
customElements.define("berth-steps-without-task", StepsWithoutTask);

class Task extends Steps {
  static properties = { task: { attribute: false }, busy: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.steps = new Map();
    this.whileSeen((seen) => this.listen(seen));
  }

  /** Goes on after the last event that it got; there is nothing more once the stream is over. */
  async listen(signal) {
    if (this.over) {
      return;
    }
    const path = `/api/agent/${encodeURIComponent(this.task.taskId)}/events`;
    try {
      await follow(path, { signal, lastEventId: this.last ?? "0", take: (event) => this.take(event) });
      this.over = !signal.aborted;
    } catch {
      // The task itself tells how it is, without its steps.
    }
  }

  take({ id, type, data }) {
    this.last = id ?? this.last;
    if (type === "step") {
      this.steps.set(data.number, data);
    } else if (type === "status") {
      this.now = { status: data.status, question: data.question, error: data.error };
    }
    this.requestUpdate();
  }

  render() {
    const task = { ...this.task, ...(isTaskOver(this.task.status) ? {} : this.now) };
    return html`<section class="ai-task card" aria-label="AI task">
      <header>${taskBadge(task.status)}
        <span class="muted">${task.steps} steps · ${duration(this.lasted(task))} · ${usd(task.cost?.usd)} · ${tokens(task.cost)}</span>
        ${isTaskOver(task.status) || !mayAct() ? nothing : html`<button type="button" class="danger" ?disabled=${this.busy}
          @click=${this.cancel}>Cancel task</button>`}</header>
      <p class="told">${task.instruction}</p>
      ${this.budget(task)} ${isTaskOver(task.status) || !mayAct() ? nothing : this.question(task)}
      ${task.error ? html`<p class="error">${task.error}</p>` : nothing}
      ${task.output !== undefined && task.output !== null
        ? html`<h4>Output</h4><pre tabindex="0">${asText(task.output)}</pre>${copyButton(asText(task.output), "Copy output")}` : nothing}
      <h4>Steps</h4>${this.list([...this.steps.values()], (step) => this.step(step))}
    </section>`;
  }

  lasted(task) {
    return (task.completedAt ? Date.parse(task.completedAt) : Date.now()) - Date.parse(task.startedAt);
  }

  budget(task) {
    const { maxCostUsd: most, maxSteps } = this.model.limits.get(task.taskId) ?? {};
    return most ? html`<p class="budget"><label>Budget
      <meter min="0" max=${most} high=${most * 0.8} value=${task.cost?.usd ?? 0}></meter></label> <span
        class="muted">${usd(task.cost?.usd)} of ${usd(most)}, ${task.steps} of ${maxSteps} steps</span></p>` : nothing;
  }

  /** The form stays while the task goes on: the stream of events tells earlier states first, which must not take away what is typed. */
  question(task) {
    return html`<form class="asking" ?hidden=${task.status !== "waiting"} @submit=${this.answer}>
      <label for="answer-${task.taskId}">${task.question}</label>
      <textarea id="answer-${task.taskId}" name="text" rows="2" maxlength="10000" required></textarea>
      <button class="primary" ?disabled=${this.busy}>Answer</button></form>`;
  }

  step(step) {
    const action = this.model.known.get(step.actionId);
    return html`<li class=${step.success ? "" : "failed"}>
      ${action ? html`<button type="button" class="link" @click=${() => this.model.choose(action)}>${when(this.model, step.at)}</button>`
        : html`<span class="muted">${when(this.model, step.at)}</span>`}
      <b>${step.tool}</b> <code>${summary(step.arguments)}</code> ${step.reason ? html`<span class="reason">${step.reason}</span>` : nothing}
      ${step.error ? html`<span class="error">${step.error}</span>` : nothing}
      <span class="muted">${[duration(step.duration), spent(step.cost)].filter(Boolean).join(" · ")}</span></li>`;
  }

  async answer(event) {
    event.preventDefault();
    const form = event.target;
    if (await this.tell("answer", { text: new FormData(form).get("text") }, "Answer sent")) {
      form.reset();
    }
  }

  async cancel() {
    if (await ask("Cancel this AI task?", "Stops the task. Steps already taken are not undone.", "Cancel the task")) {
      await this.tell("cancel", {}, "Task cancelled");
    }
  }

  /** @returns whether the server took it */
  async tell(what, body, done) {
    this.busy = true;
    try {
      const { data } = await post(`/api/agent/${encodeURIComponent(this.task.taskId)}/${what}`, body);
      this.now = { status: data.status, question: data.question, error: data.error };
      say(done);
      return true;
    } catch (e) {
      say(`${e.message} ${e.hint ?? ""}`, "bad");
      return false;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define("berth-task", Task);

function summary(details) {
  const text = Object.entries(details ?? {}).map(([name, value]) => `${name}: ${asText(value)}`).join(", ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

const tokens = (cost) => `${(cost?.inputTokens ?? 0).toLocaleString("en")} in + ${(cost?.outputTokens ?? 0).toLocaleString("en")} out tokens`;

const spent = (cost) => (cost?.inputTokens ? `${tokens(cost)} · ${usd(cost.usd)}` : "");
