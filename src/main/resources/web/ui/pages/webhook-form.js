/** The form for a new webhook. Tells `made` with the webhook and its secret, `cancel` when the person does not want it. */
import { html, nothing } from "lit";
import { post } from "../api.js";
import { Element, failure } from "../elements.js";
import { fieldOf, wrongWith } from "./session-request.js";

const EVENTS = {
  "session.created": "A session was created",
  "session.started": "A session's Chrome is running",
  "session.ended": "A session has ended",
  "session.updated": "A session's name, outcome or labels changed",
  "task.waiting": "An AI task has a question for you",
  "task.completed": "An AI task has ended",
};
const NAMES = ["url", "events", "secret"];

class WebhookForm extends Element {
  static properties = { error: { state: true }, busy: { state: true } };

  firstUpdated() {
    this.querySelector("input").focus();
  }

  async submit(event) {
    event.preventDefault();
    const given = new FormData(event.target);
    const secret = given.get("secret").trim();
    this.busy = true;
    this.error = null;
    try {
      const webhook = await post("/api/webhooks", { url: given.get("url").trim(), events: given.getAll("events"), ...(secret ? { secret } : {}) });
      this.dispatchEvent(new CustomEvent("made", { detail: webhook }));
    } catch (e) {
      this.error = e;
      await this.updateComplete;
      this.querySelector(`[name="${fieldOf(e.message, NAMES)}"]`)?.focus();
    } finally {
      this.busy = false;
    }
  }

  wrong(name, label) {
    return this.error && fieldOf(this.error.message, NAMES) === name ? wrongWith(name, label, this.error) : "";
  }

  render() {
    return html`<form class="card webhook-form" novalidate aria-label="New webhook" @submit=${this.submit}>
      ${this.text("url", "URL", "https://example.com/berth",
        "A URL of your server. Berth POSTs each event as signed JSON and retries until your server answers 2xx.")}
      <fieldset class="field plain-set" aria-describedby="events-error"><legend>Events</legend>
        ${Object.entries(EVENTS).map(
          ([name, means]) => html`<label><input type="checkbox" name="events" value=${name} checked> ${means} <code>${name}</code></label>`,
        )}
        <p id="events-error" class="error" role="alert">${this.wrong("events", "Events")}</p></fieldset>
      ${this.text("secret", "Secret", "generated", "Signs the requests. Leave it empty to generate one; you'll see it once.")}
      ${this.error && !fieldOf(this.error.message, NAMES) ? failure(this.error) : nothing}
      <div class="row"><button class="primary" ?disabled=${this.busy}>${this.busy ? "Creating …" : "Create webhook"}</button>
        <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>Cancel</button></div>
    </form>`;
  }

  text(name, label, placeholder, hint) {
    const wrong = this.wrong(name, label);
    return html`<div class="field ${wrong ? "wrong" : ""}"><label for="webhook-${name}">${label}</label>
      <input id="webhook-${name}" name=${name} type=${name === "secret" ? "password" : "text"} placeholder=${placeholder}
        autocomplete=${name === "secret" ? "new-password" : "off"} spellcheck="false" aria-describedby="webhook-${name}-hint webhook-${name}-error"
        aria-invalid=${wrong ? "true" : nothing}>
      <p id="webhook-${name}-hint" class="muted">${hint}</p><p id="webhook-${name}-error" class="error" role="alert">${wrong}</p></div>`;
  }
}
customElements.define("berth-webhook-form", WebhookForm);
