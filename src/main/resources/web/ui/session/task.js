/** The AI tasks of the session: what they were to do, what they did and why, what they ask, what they cost. */
import { html, nothing } from "lit";
import { follow, post } from "/ui/api.js";
import { Element, copyButton, say } from "/ui/elements.js";
import { duration, usd } from "/ui/format.js";
import { plain } from "./describe.js";
import { hasEnded } from "./load.js";
import { when } from "./actions.js";
import { View } from "./view.js";

const STATUS = { starting: "Starting", pending: "Waits for its turn", running: "Working", waiting: "Asks you", completed: "Done", failed: "Failed", timeout: "Out of time", cancelled: "Cancelled" };

class Tasks extends View {
  render() {
    const { model } = this;
    return model.tasks.length > 0
      ? model.tasks.map((task) => html`<berth-task .model=${model} .task=${task}></berth-task>`)
      : html`<div class="ai-task card"><h3>What the AI did</h3>${stepsOf(model)}</div>`;
  }
}
customElements.define("berth-session-tasks", Tasks);

/** The holder of a shared link reads no tasks: their actions tell what they did. */
function stepsOf(model) {
  const steps = model.actions.filter((action) => action.source === "ai");
  return html`<ol class="steps">${steps.map((action) => html`<li class=${action.success ? "" : "failed"}><button type="button" class="link"
    @click=${() => model.choose(action)}>${when(model, action.timestamp)}</button>
    <b>${action.type}</b> <span class="muted">${action.cost?.inputTokens ? `${action.cost.inputTokens} + ${action.cost.outputTokens} tokens, ${usd(action.cost.usd)}` : ""}</span></li>`)}</ol>`;
}

class Task extends Element {
  static properties = { model: { attribute: false }, task: { attribute: false }, steps: { state: true }, busy: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.steps = [];
    const path = `/api/agent/${encodeURIComponent(this.task.taskId)}/events`;
    follow(path, { signal: this.life.signal, lastEventId: "0", take: (event) => this.take(event) }).catch(() => {});
  }

  take({ type, data }) {
    if (type === "step") {
      this.steps = [...this.steps.filter((step) => step.number !== data.number), data];
    } else if (type === "status") {
      this.now = { status: data.status, question: data.question, error: data.error };
      this.requestUpdate();
    }
  }

  render() {
    const task = { ...this.task, ...(hasEnded(this.task) ? {} : this.now) };
    const ended = hasEnded(task);
    return html`<section class="ai-task card" aria-label="AI task">
      <header><span class="badge ${task.status}">${STATUS[task.status] ?? task.status}</span>
        <span class="muted">${task.steps} steps · ${duration(this.lasted(task))} · ${usd(task.cost?.usd)} · ${(task.cost?.inputTokens ?? 0).toLocaleString("en")} in + ${(task.cost?.outputTokens ?? 0).toLocaleString("en")} out tokens</span>
        ${ended ? nothing : html`<button type="button" class="danger" ?disabled=${this.busy} @click=${this.cancel}>Cancel the task</button>`}</header>
      <p class="told">${task.instruction}</p>
      ${this.budget(task)} ${task.status === "waiting" ? this.question(task) : nothing}
      ${task.error ? html`<p class="error">${task.error}</p>` : nothing}
      ${task.output !== undefined && task.output !== null
        ? html`<h4>Output</h4><pre tabindex="0">${plain(task.output)}</pre>${copyButton(plain(task.output), "Copy the output")}` : nothing}
      <h4>Steps</h4><ol class="steps">${this.steps.map((step) => this.step(step))}</ol>
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

  question(task) {
    return html`<form class="asking" @submit=${this.answer}>
      <label for="answer-${task.taskId}">${task.question}</label>
      <textarea id="answer-${task.taskId}" name="text" rows="2" maxlength="10000" required></textarea>
      <button class="primary" ?disabled=${this.busy}>Answer</button></form>`;
  }

  step(step) {
    const action = this.model.actions.find((each) => each.actionId === step.actionId);
    return html`<li class=${step.success ? "" : "failed"}>
      ${action ? html`<button type="button" class="link" @click=${() => this.model.choose(action)}>${when(this.model, step.at)}</button>`
        : html`<span class="muted">${when(this.model, step.at)}</span>`}
      <b>${step.tool}</b> <code>${summary(step.arguments)}</code> ${step.reason ? html`<span class="reason">${step.reason}</span>` : nothing}
      ${step.error ? html`<span class="error">${step.error}</span>` : nothing}
      <span class="muted">${duration(step.duration)}${step.cost?.inputTokens ? ` · ${step.cost.inputTokens} + ${step.cost.outputTokens} tokens · ${usd(step.cost.usd)}` : ""}</span></li>`;
  }

  async answer(event) {
    event.preventDefault();
    const form = event.target;
    await this.ask("answer", { text: new FormData(form).get("text") }, "Answered");
    form.reset();
  }

  cancel() {
    return this.ask("cancel", {}, "The task is cancelled");
  }

  async ask(what, body, done) {
    this.busy = true;
    try {
      const { data } = await post(`/api/agent/${encodeURIComponent(this.task.taskId)}/${what}`, body);
      this.now = { status: data.status, question: data.question, error: data.error };
      say(done);
    } catch (e) {
      say(`${e.message} ${e.hint ?? ""}`, "bad");
    } finally {
      this.busy = false;
    }
  }
}
customElements.define("berth-task", Task);

function summary(details) {
  const text = Object.entries(details ?? {}).map(([name, value]) => `${name}: ${plain(value)}`).join(", ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
