/** A session in the list: what it shows, what it is, how it ended. */
import { html, nothing } from "lit";
import { statusBadge, webLink } from "../elements.js";
import { ago, briefUrl, count, dateTime, duration, reason } from "../format.js";
import { link } from "../router.js";
import "./thumbnail.js";

const LABELS = 6;

/** What to call a session: its page's title, else its URL. */
export function nameOf(session) {
  return session.title || briefUrl(session.currentUrl, 60) || (session.status === "creating" ? "New session" : "Empty page");
}

export function isLive({ status }) {
  return status === "creating" || status === "running";
}

/** The switch between the sessions of one's own and those of all users, for administrators. @param shown "" or "all" */
export function whose(shown) {
  const choice = (name, text) => html`<a href=${link(name)} aria-current=${name === shown ? "page" : nothing}>${text}</a>`;
  return html`<nav class="whose" aria-label="Whose sessions">${choice("", "Yours")}${choice("all", "All users")}</nav>`;
}

/** @param on `{select, label}`: called with what a person chose */
export function sessionCard(session, { me, selected, on }) {
  const url = link(`session/${session.sessionId}`);
  return html`<li class="session card ${selected ? "selected" : ""}" data-id=${session.sessionId}>
    ${isLive(session) ? html`<a class="shot" href=${url} tabindex="-1" aria-hidden="true">${shot(session)}</a>` : nothing}
    <div class="session-head">
      <input type="checkbox" aria-label="Select ${nameOf(session)}" .checked=${selected} @change=${(e) => on.select(e.target.checked)}>
      <h2><a href=${url} title=${session.title || session.sessionId}>${nameOf(session)}</a></h2>
      ${statusBadge(waits(session) ? "waiting" : session.status)}
    </div>
    <p class="session-url">${session.currentUrl
      ? webLink(session.currentUrl, briefUrl(session.currentUrl, 120))
      : html`<span class="muted">no page yet</span>`}</p>
    ${remark(session)}
    <p class="muted facts" title="Created ${dateTime(session.createdAt)}">${facts(session, me)}</p>
    ${labels(session, on)}
  </li>`;
}

function shot(session) {
  if (session.status === "running") {
    return html`<berth-thumbnail .sessionId=${session.sessionId}></berth-thumbnail>`;
  }
  return html`<span class="no-shot">${waits(session) ? "Waits for a place" : "Starting …"}</span>`;
}

function waits(session) {
  return session.status === "creating" && session.queuePosition;
}

function remark(session) {
  if (waits(session)) {
    return html`<p class="remark warn">Number ${session.queuePosition} in the queue. ${session.queueReason ?? "All places are taken."}</p>`;
  }
  if (session.endReason) {
    return html`<p class="remark ${session.status === "failed" ? "bad" : "muted"}">Ended: ${reason(session.endReason)}.</p>`;
  }
  return nothing;
}

function facts(session, me) {
  const lived = isLive(session) ? "" : `, lived ${duration(session.duration)}`;
  const done = session.actionCount ? ` · ${count(session.actionCount, "action")}` : "";
  return `${ago(session.createdAt)}${lived} · by ${me?.user ?? "you"}${done} · ${session.machineId}`;
}

function labels(session, on) {
  const all = Object.entries(session.metadata ?? {});
  return all.length === 0
    ? nothing
    : html`<ul class="labels" aria-label="Labels">
        ${all.slice(0, LABELS).map(
          ([key, value]) => html`<li><button type="button" class="chip" title="List only sessions with ${key}=${value}"
            @click=${() => on.label(key, value)}>${key}=${value}</button></li>`,
        )}
        ${all.length > LABELS ? html`<li class="muted">and ${all.length - LABELS} more</li>` : nothing}
      </ul>`;
}
