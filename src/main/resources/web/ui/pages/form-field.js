/** One field of a form, with what explains it and what is wrong with it. It tells `changed` with its new value. */
import { html, nothing } from "lit";
import { Element } from "../elements.js";

const ROWS = {
  pairs: (field) => [
    { name: "key", label: field.key },
    { name: "value", label: field.value, secret: field.secret },
  ],
  credentials: () => [
    { name: "origin", label: "Origin", placeholder: "https://staging.example.com" },
    { name: "username", label: "User name" },
    { name: "password", label: "Password", secret: true },
  ],
};

class Field extends Element {
  static properties = { field: {}, value: {}, wrong: {}, limits: {}, locked: {} };

  tell(value) {
    this.dispatchEvent(new CustomEvent("changed", { detail: value }));
  }

  /** The first of its inputs, for a form that leads to what is wrong. */
  focus() {
    this.querySelector("input, select, textarea, button").focus();
  }

  get inputId() {
    return `field-${this.field.name.replaceAll(".", "-")}`;
  }

  get describedBy() {
    return `${this.inputId}-hint ${this.inputId}-error`;
  }

  render() {
    const { type } = this.field;
    return html`<div class="field field-${type} ${this.wrong ? "wrong" : ""}">
      ${type in ROWS ? this.rows(ROWS[type](this.field)) : type === "check" ? this.check() : type === "choice" ? this.choice() : this.input()}
      <p id="${this.inputId}-hint" class="muted">${this.hint()}</p>
      <p id="${this.inputId}-error" class="error" role="alert">${this.wrong ?? ""}</p>
    </div>`;
  }

  hint() {
    const { hint } = this.field;
    return typeof hint === "function" ? hint(this.limits) : hint;
  }

  check() {
    return html`<label><input id=${this.inputId} type="checkbox" .checked=${this.value ?? Boolean(this.field.on)} ?disabled=${this.locked}
      aria-describedby=${this.describedBy} @change=${(e) => this.tell(e.target.checked)}> ${this.field.label}</label>`;
  }

  choice() {
    return html`<label for=${this.inputId}>${this.field.label}</label>
      <select id=${this.inputId} ?disabled=${this.locked} aria-describedby=${this.describedBy} aria-invalid=${this.wrong ? "true" : nothing}
        @change=${(e) => this.tell(e.target.value)}>${this.field.choices.map(([value, label]) => html`<option value=${value}
          ?selected=${value === (this.value ?? "")}>${label}</option>`)}</select>`;
  }

  input() {
    const { label, type, choices, least, most, placeholder = "" } = this.field;
    const number = type === "number" || type === "seconds";
    return html`<label for=${this.inputId}>${label}</label>
      <input id=${this.inputId} type=${number ? "number" : "text"} .value=${String(this.value ?? "")} placeholder=${placeholder}
        min=${least ?? nothing} max=${most ?? nothing} step=${type === "seconds" || this.field.fine ? "any" : nothing}
        list=${choices ? `${this.inputId}-choices` : nothing}
        aria-describedby=${this.describedBy} aria-invalid=${this.wrong ? "true" : nothing} spellcheck="false"
        @input=${(e) => this.tell(number ? (e.target.value === "" ? "" : e.target.valueAsNumber) : e.target.value)}>
      ${choices ? html`<datalist id="${this.inputId}-choices">${choices.map((each) => html`<option value=${each}></option>`)}</datalist>` : nothing}`;
  }

  rows(columns) {
    const rows = this.value ?? [];
    const fresh = Object.fromEntries(columns.map(({ name }) => [name, ""]));
    return html`<fieldset class="plain-set" aria-describedby=${this.describedBy}><legend>${this.field.label}</legend>
      ${rows.map((row, at) => this.row(columns, row, at, rows))}
      <button type="button" class="add" @click=${() => this.add([...rows, fresh])}>Add ${rows.length ? "another" : "one"}</button>
    </fieldset>`;
  }

  row(columns, row, at, rows) {
    const change = (name, value) => this.tell(rows.map((each, i) => (i === at ? { ...each, [name]: value } : each)));
    return html`<div class="row input-row">
      ${columns.map(
        ({ name, label, secret, placeholder = "" }) => html`<input aria-label="${label} ${at + 1}" placeholder=${placeholder || label} .value=${row[name]}
          type=${secret ? "password" : "text"} autocomplete=${secret ? "new-password" : "off"} spellcheck="false"
          @input=${(e) => change(name, e.target.value)}>`,
      )}
      <button type="button" class="quiet" aria-label="Remove ${this.field.label} ${at + 1}" @click=${() => this.drop(rows, at)}>×</button>
    </div>`;
  }

  async add(rows) {
    await this.put(rows);
    [...this.querySelectorAll(".input-row")].at(-1)?.querySelector("input").focus();
  }

  /** Shows the rows at once: the form, which gives the value back, does so later than this element's own update. */
  put(rows) {
    this.value = rows;
    this.tell(rows);
    return this.updateComplete;
  }

  async drop(rows, at) {
    await this.put(rows.filter((each, i) => i !== at));
    this.querySelector(".add").focus();
  }
}
customElements.define("berth-field", Field);
