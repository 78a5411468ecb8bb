/** The form for a new session: each option of the contract, and the same request for a shell. */
import { html, nothing } from "lit";
import { post } from "../api.js";
import { Element, copyButton, failure, snippet } from "../elements.js";
import { go, link, place } from "../router.js";
import { GROUPS, METADATA, NAMES } from "./option-fields.js";
import { curlToCreate, fieldOf, requestOf, withoutSecrets, wrongWith } from "./session-request.js";
import "./form-field.js";

const BEGINNINGS = {
  page: { title: "A page", label: "URL", placeholder: "https://example.com", hint: "Opened as soon as Chrome runs. Empty: an empty page." },
  task: { title: "An AI task", label: "What to do", placeholder: "Find the cheapest flight from Berlin to Oslo in May",
    hint: "In the words of a person. The session ends with the task; its limits are the usual ones." },
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
          ${elsewhere ? failure(this.error) : nothing}
          <div class="row"><button class="primary big" ?disabled=${this.busy}>${this.busy ? "Making it …" : "Make the session"}</button>
            <a class="button big" href=${link()}>Cancel</a></div>
        </div>
        <aside class="card" aria-label="The same request for a shell"><h2>The same with curl</h2>${this.curl()}</aside>
      </form>`;
  }

  curl() {
    const request = requestOf(this.values);
    const shown = withoutSecrets(request);
    return html`${snippet(curlToCreate(shown), "The request with curl")}
      ${shown === request
        ? nothing
        : html`<div class="row"><span class="muted">Secrets are shown as dots.</span> ${copyButton(curlToCreate(request), "Copy with secrets")}</div>`}`;
  }

  beginning() {
    const { label, placeholder, hint } = BEGINNINGS[this.begin];
    const wrong = this.wrong("initialPrompt", label);
    const input = { id: "initialPrompt", placeholder, value: this.values.initialPrompt ?? "", change: (e) => this.set("initialPrompt", e.target.value) };
    return html`<section class="card">
      <fieldset class="plain-set choice"><legend>It begins with</legend>${Object.keys(BEGINNINGS).map((name) => this.choice(name))}</fieldset>
      ${this.me?.aiConfigured
        ? nothing
        : html`<p id="no-ai" class="muted">AI tasks need a model, and this server has none: its administrator sets
            <code>BERTH_AI_MODEL</code> and its key.</p>`}
      <div class="field ${wrong ? "wrong" : ""}"><label for="initialPrompt">${label}</label>
        ${this.begin === "page" ? urlInput(input, wrong) : taskInput(input, wrong)}
        <p id="begin-hint" class="muted">${hint}</p><p id="begin-error" class="error" role="alert">${wrong}</p></div>
    </section>`;
  }

  choice(name) {
    const off = name === "task" && !this.me?.aiConfigured;
    return html`<label><input type="radio" name="begin" value=${name} .checked=${this.begin === name} ?disabled=${off}
      aria-describedby=${off ? "no-ai" : nothing} @change=${() => (this.begin = name)}> ${BEGINNINGS[name].title}</label>`;
  }

  group({ title, open, fields }) {
    return html`<details class="card" ?open=${open}><summary><h2>${title}</h2></summary>
      <div class="grid">${fields.map((field) => this.field(field))}</div></details>`;
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
