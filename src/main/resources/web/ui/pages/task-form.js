/** The form for a new AI task. Tells `done` when the server has it, `cancel` when the person does not want it. */
import { html, nothing } from "lit";
import { post } from "../api.js";
import { Element, failure, say } from "../elements.js";
import { fieldOf, wrongWith } from "./session-request.js";
import "./form-field.js";

const FIELDS = [
  { name: "startUrl", label: "Start URL", type: "text", placeholder: "https://example.com", hint: "Opens first." },
  { name: "maxSteps", label: "Maximum steps", type: "number", least: 1, most: 1000, placeholder: "40",
    hint: "The task ends after this many steps." },
  { name: "maxCostUsd", label: "Maximum cost, in US dollars", type: "number", least: 0, most: 1000, fine: true, placeholder: "The server's",
    hint: "A model call that could exceed it is not made." },
  { name: "timeoutMs", label: "Timeout", type: "seconds", least: 1, most: 86400, placeholder: "600",
    hint: "Seconds, including time spent waiting for people." },
  { name: "allowedDomains", label: "Allowed hosts", type: "text", placeholder: "example.com, example.org",
    hint: "Separated by commas; subdomains are included. Default: all." },
  { name: "keepAlive", label: "Keep the session when the task ends", type: "check", hint: "Otherwise the session ends with the task." },
  { name: "reuse", label: "Repeat the steps of the last successful run", type: "check", hint: "Asks the model only where a step no longer works." },
  { name: "variables", label: "Secret values", type: "pairs", key: "Name", value: "Value", secret: true,
    hint: "Such as passwords. Where the model writes {{name}}, Berth types the value; neither the model nor the logs see it." },
];
const SCHEMA = "schema";
const NAMES = ["instruction", SCHEMA, ...FIELDS.map((field) => field.name)];

class TaskForm extends Element {
  static properties = { values: { state: true }, error: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.values = {};
  }

  firstUpdated() {
    this.querySelector("textarea").focus();
  }

  set(name, value) {
    this.values = { ...this.values, [name]: value };
  }

  async submit(event) {
    event.preventDefault();
    this.busy = true;
    this.error = null;
    try {
      await post("/api/agent/execute", requestOf(this.values));
      say("Task started");
      this.dispatchEvent(new CustomEvent("done"));
    } catch (e) {
      this.error = e;
      await this.updateComplete;
      this.goToError();
    } finally {
      this.busy = false;
    }
  }

  goToError() {
    const field = this.querySelector(`[data-name="${fieldOf(this.error.message, NAMES)}"]`);
    const group = field?.closest("details");
    if (group) {
      group.open = true;
    }
    field?.focus();
  }

  wrong(name, label) {
    return this.error && fieldOf(this.error.message, NAMES) === name ? wrongWith(name, label, this.error) : "";
  }

  render() {
    const elsewhere = this.error && !fieldOf(this.error.message, NAMES);
    return html`<form class="card task-form" novalidate aria-label="New AI task" @submit=${this.submit}>
      ${this.area("instruction", "What to do", "Say it in your own words.", 4)}
      <details><summary>Limits and more</summary><div class="grid">
        ${FIELDS.map((field) => html`<berth-field data-name=${field.name} .field=${field} .value=${this.values[field.name]}
          .wrong=${this.wrong(field.name, field.label)} @changed=${(e) => this.set(field.name, e.detail)}></berth-field>`)}
        ${this.area(SCHEMA, "Output schema", "A JSON Schema that the output must match.", 3)}
      </div></details>
      ${elsewhere ? failure(this.error) : nothing}
      <div class="row"><button class="primary" ?disabled=${this.busy}>${this.busy ? "Starting …" : "Start task"}</button>
        <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>Cancel</button></div>
    </form>`;
  }

  area(name, label, hint, rows) {
    const wrong = this.wrong(name, label);
    return html`<div class="field ${wrong ? "wrong" : ""}"><label for="task-${name}">${label}</label>
      <textarea id="task-${name}" data-name=${name} rows=${rows} .value=${this.values[name] ?? ""} aria-describedby="task-${name}-hint task-${name}-error"
        aria-invalid=${wrong ? "true" : nothing} @input=${(e) => this.set(name, e.target.value)}></textarea>
      <p id="task-${name}-hint" class="muted">${hint}</p><p id="task-${name}-error" class="error" role="alert">${wrong}</p></div>`;
  }
}
customElements.define("berth-task-form", TaskForm);

function requestOf(values) {
  const request = { instruction: "" };
  for (const [name, value] of Object.entries(values)) {
    const given = valueInRequest(name, value);
    if (given !== undefined) {
      request[name] = given;
    }
  }
  return request;
}

function valueInRequest(name, value) {
  if (value === "" || value === false) {
    return undefined;
  }
  if (name === "timeoutMs") {
    return Math.round(value * 1000);
  }
  if (name === "allowedDomains") {
    return value.split(/[\s,]+/).filter(Boolean);
  }
  if (name === "variables") {
    return value.length ? Object.fromEntries(value.map((each) => [each.key.trim(), each.value])) : undefined;
  }
  return name === SCHEMA ? schemaOf(value) : value;
}

function schemaOf(text) {
  try {
    return JSON.parse(text);
  } catch (e) {
    throw new Error(`${SCHEMA} must be JSON: ${e.message}`);
  }
}
