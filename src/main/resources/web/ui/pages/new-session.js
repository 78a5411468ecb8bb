/** The form for a new session: each option of the contract, and the same request for a shell. */
import { html, nothing } from "lit";
import { post } from "../api.js";
import { Element, copyButton, failure, snippet } from "../elements.js";
import { go, link, place } from "../router.js";
import { GROUPS, METADATA, NAME, NAMES, PRESETS } from "./option-fields.js";
import { curlToCreate, fieldOf, requestOf, withoutSecrets, wrongWith } from "./session-request.js";
import "./form-field.js";

const BEGINNINGS = {
  page: { title: "A page", label: "URL", placeholder: "https://example.com", hint: "Opens when Chrome is up. Leave it empty for a blank page." },
  task: { title: "An AI task", label: "What to do", placeholder: "Find the cheapest flight from Berlin to Oslo in May",
    hint: "Say it in your own words. The session ends with the task, which has the default limits." },
};

class NewSession extends Element {
  static properties = { me: {}, begin: { state: true }, values: { state: true }, error: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.begin = "page";
    const profile = place().query.get("profile");
    this.values = profile ? { "options.profile.name": profile } : {};
  }

  set(name, value) {
    this.values = { ...this.values, [name]: value };
    if (this.error && fieldOf(this.error.message, NAMES) === name) {
      this.error = null;
    }
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) {
      return;
    }
    this.busy = true;
    this.error = null;
    try {
      const { sessionId } = await post("/api/sessions", requestOf(this.values));
      go(link(`session/${sessionId}`));
    } catch (e) {
      this.error = e;
      this.busy = false;
      await this.updateComplete;
      this.goToError();
    }
  }

  /** Scrolls to the field that is wrong, and opens its group where it is folded. */
  goToError() {
    const field = this.querySelector(`[data-name="${fieldOf(this.error.message, NAMES)}"]`);
    const group = field?.closest("details");
    if (group) {
      group.open = true;
    }
    (field ?? this.querySelector(".failure"))?.scrollIntoView({ block: "center" });
    field?.focus();
  }

  wrong(name, label) {
    return this.error && fieldOf(this.error.message, NAMES) === name ? wrongWith(name, label, this.error) : "";
  }

  render() {
    const elsewhere = this.error && !fieldOf(this.error.message, NAMES);
    return html`<div class="page-head"><h1>New session</h1></div>
      <form class="new-session" novalidate @submit=${this.submit}>
        <div class="fields">
          ${this.beginning()}
          ${GROUPS.map((group) => this.group(group))}
          <section class="card">${this.field(METADATA)}</section>
        </div>
        <aside aria-label="Start">
          <div class="starting card">${elsewhere ? failure(this.error) : nothing}
            <button class="primary big" ?disabled=${this.busy}>${this.busy ? "Starting …" : "Start session"}</button>
            <a class="button quiet big" href=${link()}>Cancel</a></div>
          <section class="card same" aria-label="The same request for a shell"><h2>Same request with curl</h2>${this.curl()}</section>
        </aside>
      </form>`;
  }

  curl() {
    const request = requestOf(this.values);
    const shown = withoutSecrets(request);
    return html`${snippet(curlToCreate(shown), "The request with curl")}
      ${shown === request
        ? nothing
        : html`<div class="row"><span class="muted">Secrets are hidden.</span> ${copyButton(curlToCreate(request), "Copy with secrets")}</div>`}`;
  }

  beginning() {
    const { label, placeholder, hint } = BEGINNINGS[this.begin];
    const wrong = this.wrong("initialPrompt", label);
    const input = { id: "initialPrompt", placeholder, value: this.values.initialPrompt ?? "", change: (e) => this.set("initialPrompt", e.target.value) };
    return html`<section class="card">
      <div class="presets" role="group" aria-label="Presets">${PRESETS.map((preset) => html`<button type="button" class="chip"
        aria-pressed=${this.isSet(preset) ? "true" : "false"} @click=${() => this.preset(preset)}>${preset.name}</button>`)}</div>
      <fieldset class="plain-set choice"><legend>Start with</legend>${Object.keys(BEGINNINGS).map((name) => this.choice(name))}</fieldset>
      ${this.me?.aiConfigured
        ? nothing
        : html`<p id="no-ai" class="muted">AI tasks need a model. An administrator sets it with <code>BERTH_AI_MODEL</code> and
            <code>BERTH_AI_API_KEY</code>.</p>`}
      <div class="field ${wrong ? "wrong" : ""}"><label for="initialPrompt">${label}</label>
        ${this.begin === "page" ? urlInput(input, wrong) : taskInput(input, wrong)}
        <p id="begin-hint" class="muted">${hint}</p><p id="begin-error" class="error" role="alert">${wrong}</p></div>
      ${this.field(NAME)}
    </section>`;
  }

  choice(name) {
    const off = name === "task" && !this.me?.aiConfigured;
    return html`<label><input type="radio" name="begin" value=${name} .checked=${this.begin === name} ?disabled=${off}
      aria-describedby=${off ? "no-ai" : nothing} @change=${() => (this.begin = name)}> ${BEGINNINGS[name].title}</label>`;
  }

  isSet({ values }) {
    return Object.entries(values).every(([name, value]) => this.values[name] === value);
  }

  /** Sets what a preset stands for, or takes it away again. */
  async preset(preset) {
    const off = this.isSet(preset);
    this.values = { ...this.values, ...Object.fromEntries(Object.entries(preset.values).map(([name, value]) => [name, off ? "" : value])) };
    await this.updateComplete;
    const field = off || !preset.focus ? null : this.querySelector(`[data-name="${preset.focus}"]`);
    await field?.updateComplete;
    field?.focus();
    field?.querySelector("input").select();
  }

  group({ title, open, fields }) {
    return html`<details class="card" ?open=${open}><summary><h2>${title}</h2></summary>
      <div class="grid">${fields.map((field) => (Array.isArray(field)
        ? html`<div class="together">${field.map((each) => this.field(each))}</div>` : this.field(field)))}</div></details>`;
  }

  field(field) {
    return html`<berth-field data-name=${field.name} .field=${field} .value=${this.values[field.name]} .wrong=${this.wrong(field.name, field.label)}
      .limits=${this.me?.limits} .locked=${Boolean(field.needs && !this.values[field.needs])} @changed=${(e) => this.set(field.name, e.detail)}></berth-field>`;
  }
}
customElements.define("berth-new-session", NewSession);

function urlInput({ id, placeholder, value, change }, wrong) {
  return html`<input id=${id} data-name=${id} type="text" inputmode="url" placeholder=${placeholder} .value=${value} spellcheck="false" autocomplete="off"
    aria-describedby="begin-hint begin-error" aria-invalid=${wrong ? "true" : nothing} @input=${change}>`;
}

function taskInput({ id, placeholder, value, change }, wrong) {
  return html`<textarea id=${id} data-name=${id} rows="4" maxlength="20000" placeholder=${placeholder} .value=${value}
    aria-describedby="begin-hint begin-error" aria-invalid=${wrong ? "true" : nothing} @input=${change}></textarea>`;
}
