/** The deliveries of a webhook, newest first: how each went, and a way to send one again. */
import { html, nothing } from "lit";
import { get, post } from "../api.js";
import { Polled, pager, say } from "../elements.js";
import { ago, dateTime, duration } from "../format.js";
import { link } from "../router.js";

const LIMIT = 20;
const COLUMNS = ["Event", "When", "State", "Attempts", "Answer"];
const KINDS = { delivered: "good", failed: "bad", pending: "", retrying: "warn" };
const STATES = { delivered: "Delivered", failed: "Failed", pending: "Pending", retrying: "Retrying" };

const isOpen = ({ state }) => state === "pending" || state === "retrying";

class Deliveries extends Polled {
  static properties = { webhookId: {} };
  period = 3000;
  offset = 0;

  ask(signal) {
    return get(`/api/webhooks/${this.webhookId}/deliveries`, { limit: LIMIT, offset: this.offset }, signal);
  }

  turn(offset) {
    this.offset = offset;
    this.refresh();
  }

  async replay({ deliveryId }) {
    try {
      await post(`/api/webhooks/${this.webhookId}/deliveries/${deliveryId}/replay`);
      say("Sending again");
    } catch (e) {
      say(`Could not send it again: ${e.message}`, "bad");
    }
    this.refresh();
  }

  render() {
    return this.shown("the deliveries", ({ deliveries, total }) =>
      deliveries.length ? this.table(deliveries, total) : html`<p class="muted">No deliveries yet.</p>`,
    );
  }

  table(deliveries, total) {
    return html`<div class="scrolls" tabindex="0" role="region" aria-label="Deliveries"><table>
        <thead><tr>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col"><span class="unseen">Send again</span></th></tr></thead>
        <tbody>${deliveries.map((each) => this.row(each))}</tbody></table></div>
      ${pager({ limit: LIMIT, offset: this.offset, total, hasMore: this.offset + deliveries.length < total }, (to) => this.turn(to))}`;
  }

  row(each) {
    return html`<tr data-id=${each.deliveryId}>
      <td>${each.event}${each.sessionId ? html`<br><a href=${link(`session/${each.sessionId}`)}>Session</a>` : nothing}</td>
      <td title=${dateTime(each.createdAt)}>${ago(each.createdAt)}</td>
      <td><span class="badge ${KINDS[each.state] ?? ""}">${STATES[each.state] ?? each.state}</span></td>
      <td>${each.attempts}${isOpen(each) ? next(each.nextAttemptAt) : nothing}</td>
      <td class="answer">${answer(each)}</td>
      <td>${isOpen(each) ? nothing : html`<button type="button" class="quiet" @click=${() => this.replay(each)}>Send again</button>`}</td>
    </tr>`;
  }
}
customElements.define("berth-deliveries", Deliveries);

function next(attemptAt) {
  return attemptAt ? html`<br><span class="muted">next ${dateTime(attemptAt)}</span>` : nothing;
}

function answer({ lastStatus, lastError, durationMillis }) {
  const took = durationMillis === null || durationMillis === undefined ? "" : ` in ${duration(durationMillis)}`;
  const status = lastStatus ? `${lastStatus}${took}` : "";
  return lastError ? html`${status}${status ? html`<br>` : nothing}<span class="error">${lastError}</span>` : status;
}
