/** A session in a list, as a card and as a row of a table: what it is called, how its work ended, what went wrong, how it looks. */
import { html, nothing } from "lit";
import { outcomeBadge, webLink } from "../elements.js";
import { DRIVERS, OUTCOMES, ago, briefUrl, count, dateTime, duration, nameOf, reason } from "../format.js";
import { link } from "../router.js";
import "./last-picture.js";
import "./thumbnail.js";

const LABELS = 3;

export function isLive({ status }) {
  return status === "creating" || status === "running";
}

/** The switch between the sessions of one's own and those of all users, for administrators. @param shown "" or "all" */
export function whose(shown) {
  const choice = (name, text) => html`<a href=${link(name)} aria-current=${name === shown ? "page" : nothing}>${text}</a>`;
  return html`<nav class="whose" aria-label="Whose sessions">${choice("", "Yours")}${choice("all", "All users")}</nav>`;
}

/**
 * @param asks whether an AI task in it waits for a person
 * @param node whether to tell on which node it is
 * @param on `{select, label}`: called with what a person chose
 */
export function sessionCard(session, { selected, asks, node, on }) {
  const url = link(`session/${session.sessionId}`);
  return html`<li class="session card ${selected ? "selected" : ""}" data-id=${session.sessionId}>
    <a class="shot" href=${url} tabindex="-1" aria-hidden="true">${shot(session)}</a>
    <div class="session-head">${checkbox(session, selected, on)}
      <h2><a href=${url} title=${nameOf(session)}><bdi>${nameOf(session)}</bdi></a></h2>
      ${badges(session, asks)}
    </div>
    ${pageOf(session)} ${remark(session)} ${errors(session)}
    <p class="muted facts">${time(session)}${isLive(session) ? nothing : html`<span>${duration(session.duration)}</span>`}${session.actionCount
      ? html`<span>${count(session.actionCount, "action")}</span>` : nothing}${session.drivers?.length
      ? html`<span>${drivers(session)}</span>` : nothing}${node ? html`<span>${session.machineId}</span>` : nothing}</p>
    ${labels(session, on)}
  </li>`;
}

export const SESSION_COLUMNS = ["Name", "Result", "Errors", "Started", "Length", "Driver", "Labels"];

/** In the order of SESSION_COLUMNS. */
export function sessionRow(session, { selected, asks, on }) {
  return html`<tr class=${selected ? "selected" : ""} data-id=${session.sessionId}>
    <td class="tick">${checkbox(session, selected, on)}</td>
    <th scope="row"><a href=${link(`session/${session.sessionId}`)}><bdi>${nameOf(session)}</bdi></a>${remark(session)}</th>
    <td>${badges(session, asks)}</td><td>${errors(session)}</td><td>${time(session)}</td>
    <td class="number">${isLive(session) ? "" : duration(session.duration)}</td><td>${drivers(session)}</td><td>${labels(session, on)}</td></tr>`;
}

function checkbox(session, selected, on) {
  return html`<input type="checkbox" aria-label="Select ${nameOf(session)}" .checked=${selected} @change=${(e) => on.select(e.target.checked)}>`;
}

function badges(session, asks) {
  return html`<span class="badges">${asks ? html`<span class="badge warn">Asks you</span>` : nothing}${outcomeBadge(session)}</span>`;
}

function shot(session) {
  if (session.status === "running") {
    return html`<berth-thumbnail .sessionId=${session.sessionId}></berth-thumbnail>`;
  }
  return isLive(session)
    ? html`<span class="no-shot">${session.queuePosition ? "Waiting for a free place" : "Starting …"}</span>`
    : html`<berth-last-picture .sessionId=${session.sessionId} ?failed=${["failed", "timedOut"].includes(session.outcome)}></berth-last-picture>`;
}

/** Where it is, if its name does not tell. */
function pageOf(session) {
  if (!session.currentUrl || (!session.name && !session.title)) {
    return nothing;
  }
  return html`<p class="session-url">${session.name && session.title ? html`<bdi>${session.title}</bdi> · ` : nothing}${webLink(
    session.currentUrl, briefUrl(session.currentUrl, 120))}</p>`;
}

function remark(session) {
  if (session.status === "creating" && session.queuePosition) {
    return html`<p class="remark warn">Number ${session.queuePosition} in the queue. ${session.queueReason ?? "All places are taken."}</p>`;
  }
  const bad = OUTCOMES[session.outcome]?.[1] === "bad";
  if (session.outcomeReason) {
    return html`<p class="remark ${bad ? "bad" : "muted"}" title=${session.outcomeReason}><bdi>${session.outcomeReason.split("\n", 1)[0].slice(0, 300)}</bdi></p>`;
  }
  return session.endReason && session.endReason !== "client" && !session.outcome
    ? html`<p class="remark ${session.status === "failed" ? "bad" : "muted"}">Ended: ${reason(session.endReason)}.</p>` : nothing;
}

/** How much went wrong, and of what kind. */
function errors({ errors: counts }) {
  const all = [[counts?.actions, "failed action"], [counts?.console, "console error"], [counts?.requests, "failed request"]]
    .filter(([number]) => number > 0);
  return all.length ? html`<p class="errors">${all.map(([number, what]) => html`<span>${count(number, what)}</span>`)}</p>` : nothing;
}

/** Who acted in it, the first one first. */
function drivers({ drivers: sources = [] }) {
  return sources.map((source) => DRIVERS[source] ?? DRIVERS.unknown).join(", ");
}

function time({ createdAt }) {
  return html`<time datetime=${createdAt} title=${dateTime(createdAt)}>${ago(createdAt)}</time>`;
}

function labels(session, on) {
  const all = Object.entries(session.metadata ?? {}).filter(([, value]) => !(session.name ?? "").includes(value));
  return all.length === 0
    ? nothing
    : html`<ul class="labels" aria-label="Labels">
        ${all.slice(0, LABELS).map(
          ([key, value]) => html`<li><button type="button" class="chip" title="Show only sessions with ${key}=${value}"
            @click=${() => on.label(key, value)}>${key}=${value}</button></li>`,
        )}
        ${all.length > LABELS ? html`<li class="muted" title=${all.slice(LABELS).map((each) => each.join("=")).join("\n")}>+${all.length - LABELS}</li>` : nothing}
      </ul>`;
}
