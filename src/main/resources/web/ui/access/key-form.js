/** The form for a new key, or for a change of one. Tells `saved` with what the server answered, `cancel` when the person does not want it. */
import { html, nothing } from "lit";
import { post, patch } from "../api.js";
import { Element, failure } from "../elements.js";
import { fieldOf, wrongWith } from "../pages/session-request.js";
import { LIMITS } from "./limits.js";

const NAMES = ["user", "name", "role", "expiresAt", ...Object.keys(LIMITS).map((name) => `limits.${name}`)];

const ROLES = { user: "User", viewer: "Viewer", admin: "Administrator" };

class KeyForm extends Element {
  /** The key to change; without `keyId` it is a new one. */
  static properties = { value: { attribute: false }, error: { state: true }, busy: { state: true } };

  firstUpdated() {
    this.querySelector("input").focus();
    this.scrollIntoView({ block: "nearest" });
  }

  async submit(event) {
    event.preventDefault();
    const given = new FormData(event.target);
    const { keyId } = this.value;
    this.busy = true;
    this.error = null;
    try {
      const saved = keyId ? await patch(`/api/admin/keys/${keyId}`, changeOf(given)) : await post("/api/admin/keys", requestOf(given));
      this.dispatchEvent(new CustomEvent("saved", { detail: saved }));
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
    const { keyId, user, name, expiresAt, limits } = this.value;
    return html`<form class="card webhook-form" novalidate aria-label=${keyId ? `Change key ${keyId}` : "New key"} @submit=${this.submit}>
      <h2>${keyId ? `Change key ${keyId} of ${user}` : "New key"}</h2>
      <div class="grid">
        ${keyId ? nothing : this.input("user", "User", "text", user, "The key creates and sees this user's sessions. A new name creates the user.")}
        ${this.input("name", "Name", "text", name, "What you use the key for, such as ci or laptop.")}
        ${this.input("expiresAt", "Expires", "datetime-local", localTime(expiresAt), "In your time zone. Leave it empty for no expiry.")}
        ${keyId ? nothing : html`<div class="field"><label for="key-role">Role</label>
          <select id="key-role" name="role" aria-describedby="key-role-hint">${Object.entries(ROLES).map(([each, text]) => html`<option
            value=${each}>${text}</option>`)}</select>
          <p id="key-role-hint" class="muted">Viewers watch and read, and change nothing. Administrators also manage keys, nodes, and the sessions
            of all users.</p></div>`}
      </div>
      <fieldset class="plain-set"><legend>Limits</legend><p class="muted">Leave a field empty for no limit.</p>
        <div class="grid">${Object.entries(LIMITS).map(([each, [label, , step]]) => this.input(`limits.${each}`, label, "number", limits?.[each], "", step))}</div></fieldset>
      ${this.error && !fieldOf(this.error.message, NAMES) ? failure(this.error) : nothing}
      <div class="row"><button class="primary" ?disabled=${this.busy}>${keyId ? "Save" : "Create key"}</button>
        <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>Cancel</button></div>
    </form>`;
  }

  input(name, label, type, value, hint, step = nothing) {
    const wrong = this.wrong(name, label);
    const id = `key-${name.replace(".", "-")}`;
    return html`<div class="field ${wrong ? "wrong" : ""}"><label for=${id}>${label}</label>
      <input id=${id} name=${name} type=${type} step=${step} min=${type === "number" ? "0" : nothing} .value=${String(value ?? "")} autocomplete="off"
        spellcheck="false" aria-describedby="${id}-hint ${id}-error" aria-invalid=${wrong ? "true" : nothing}>
      <p id="${id}-hint" class="muted">${hint}</p><p id="${id}-error" class="error" role="alert">${wrong}</p></div>`;
  }
}
customElements.define("berth-key-form", KeyForm);

function limitsOf(given) {
  const limits = Object.keys(LIMITS).map((name) => [name, given.get(`limits.${name}`)]);
  return Object.fromEntries(limits.filter(([, text]) => text !== "").map(([name, text]) => [name, Number(text)]));
}

function expiryOf(given) {
  const text = given.get("expiresAt");
  return text ? new Date(text).toISOString() : null;
}

function requestOf(given) {
  const expiresAt = expiryOf(given);
  const name = given.get("name").trim();
  return {
    user: given.get("user").trim(),
    ...(name ? { name } : {}),
    role: given.get("role"),
    ...(expiresAt ? { expiresAt } : {}),
    limits: limitsOf(given),
  };
}

function changeOf(given) {
  return { name: given.get("name").trim(), expiresAt: expiryOf(given), limits: limitsOf(given) };
}

/** As the field takes it: "2026-01-02T15:04". */
function localTime(timestamp) {
  if (!timestamp) {
    return "";
  }
  const at = new Date(timestamp);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
