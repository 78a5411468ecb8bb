/** The webhooks: where the server sends what happens to sessions and tasks, and how each delivery went. */
import { html, nothing } from "lit";
import { get, post, remove } from "../api.js";
import { ask } from "../dialogs.js";
import { Polled, copyButton, empty, say } from "../elements.js";
import { ago, count, dateTime } from "../format.js";
import "./deliveries.js";
import "./webhook-form.js";

class Webhooks extends Polled {
  static properties = { made: { state: true }, making: { state: true }, open: { state: true } };
  period = 10_000;

  ask(signal) {
    return get("/api/webhooks", {}, signal);
  }

  added(webhook) {
    this.making = false;
    this.made = webhook;
    this.refresh();
  }

  async test(webhook) {
    try {
      await post(`/api/webhooks/${webhook.webhookId}/test`);
      say("Test sent. See deliveries for the result");
      this.open = webhook.webhookId;
      this.querySelector("berth-deliveries")?.refresh();
    } catch (e) {
      say(`Could not send a test: ${e.message}`, "bad");
    }
  }

  async drop(webhook) {
    if (await ask("Delete this webhook?", `Berth stops sending events to ${webhook.url} and deletes its list of deliveries.`, "Delete webhook")) {
      try {
        await remove(`/api/webhooks/${webhook.webhookId}`);
        say("Webhook deleted");
        this.made = this.made?.webhookId === webhook.webhookId ? null : this.made;
        this.refresh();
      } catch (e) {
        say(`Could not delete the webhook: ${e.message}`, "bad");
      }
    }
  }

  render() {
    return html`<div class="page-head"><h1>Webhooks</h1>
        <button type="button" class="primary" aria-expanded=${Boolean(this.making)} @click=${() => (this.making = !this.making)}>New webhook</button></div>
      ${this.making ? html`<berth-webhook-form @made=${(e) => this.added(e.detail)} @cancel=${() => (this.making = false)}></berth-webhook-form>` : nothing}
      ${this.made ? this.secret(this.made) : nothing}
      ${this.shown("the webhooks", ({ webhooks }) =>
        webhooks.length
          ? html`<ul class="webhooks">${webhooks.map((each) => this.webhook(each))}</ul>`
          : empty("No webhooks yet", "Add a URL of your server. Berth sends it a signed request when a session or a task starts or ends."),
      )}`;
  }

  secret({ url, secret }) {
    return html`<div class="card note secret" role="status"><h2>Signing secret of ${url}</h2>
      <p>Verify with it that requests come from this server. Copy it now. You won't see it again.</p>
      <div class="row"><code>${secret}</code>${copyButton(secret)}<button type="button" @click=${() => (this.made = null)}>Done</button></div></div>`;
  }

  webhook(webhook) {
    const { webhookId, url, events, active, createdAt, lastFailure } = webhook;
    const open = this.open === webhookId;
    return html`<li class="card webhook" data-id=${webhookId}>
      <div class="row spread"><h2>${url}</h2>
        ${active === false ? html`<span class="badge warn">Paused</span>` : html`<span class="badge good">Active</span>`}</div>
      <ul class="labels" aria-label="Events">${(events ?? []).map((event) => html`<li class="badge">${event}</li>`)}</ul>
      <p class="muted">Created ${dateTime(createdAt)}</p>
      ${lastFailure ? failed(lastFailure) : nothing}
      <div class="row">
        <button type="button" aria-expanded=${open} @click=${() => (this.open = open ? null : webhookId)}>Deliveries</button>
        <button type="button" @click=${() => this.test(webhook)}>Send test</button>
        <button type="button" class="danger" @click=${() => this.drop(webhook)}>Delete …</button>
      </div>
      ${open ? html`<berth-deliveries .webhookId=${webhookId}></berth-deliveries>` : nothing}
    </li>`;
  }
}
customElements.define("berth-webhooks", Webhooks);

function failed({ event, createdAt, state, attempts, lastError, nextAttemptAt }) {
  const then = state === "retrying" ? ` Retrying, next ${dateTime(nextAttemptAt)}.` : "";
  return html`<p class="remark bad">Last failure: ${event} ${ago(createdAt)}, ${count(attempts, "attempt")}: ${lastError}.${then}</p>`;
}
