/** What the timeline says of the place that the pointer is on. */
import { html, nothing } from "lit";
import { DRIVERS, bytes, clock, shortUrl, timeOfDay, usd } from "../format.js";
import { STEP_KINDS, firstLine, targetOf, took } from "./describe.js";

/** Words for what the pointer is on. @param found an action, a navigation, a file, or the row */
export function tipOf(model, found, at) {
  const time = model.wall ? timeOfDay(model.origin + at) : clock(at, true);
  if (found?.action?.stepId) {
    const step = found.action;
    return html`<b><bdi>${step.title.slice(0, 200)}</bdi></b><br>
      <span class="muted">${time} · ${STEP_KINDS[step.kind] ?? "Step"}${step.duration ? ` · ${took(step)}` : ""}</span>
      ${step.error ? html`<br><span class="error"><bdi>${firstLine(step.error)}</bdi></span>` : nothing}`;
  }
  if (found?.action) {
    return html`<b>${found.action.type}</b> ${targetOf(found.action)}<br>
      <span class="muted">${time} · ${DRIVERS[found.action.source]}${found.action.duration ? ` · ${took(found.action)}` : ""}${spent(found.action.cost)}</span>
      ${found.action.error ? html`<br><span class="error">${found.action.error}</span>` : nothing}`;
  }
  if (found?.navigation) {
    return html`<b>${found.navigation.title || "Page"}</b><br><span class="muted">${time} · ${shortUrl(found.navigation.url)}</span>`;
  }
  if (found?.file) {
    return html`<b>${found.file.type}</b> ${found.file.fileName ?? ""}<br><span class="muted">${time} · ${bytes(found.file.size)}</span>`;
  }
  return html`<span class="muted">${time}</span> ${countsOf(model, found?.row, at)}`;
}

function countsOf(model, row, at) {
  const { timeline } = model;
  if (!timeline || !["network", "console", "usage"].includes(row)) {
    return nothing;
  }
  const place = Math.floor((at - model.since(timeline.from)) / timeline.bucketMillis);
  if (row === "usage") {
    const sample = timeline.usage.findLast((each) => model.since(each.timestamp) <= at) ?? timeline.usage[0];
    return `${Math.round(sample?.memoryMiB ?? 0)} MiB, ${(sample?.cpu ?? 0).toFixed(2)} cores`;
  }
  const counts = Object.entries(timeline[row]).map(([name, each]) => [each[place] ?? 0, name]);
  return counts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name === "total" ? "requests" : name}`).join(", ");
}

function spent(cost) {
  return cost?.inputTokens ? ` · ${cost.inputTokens} + ${cost.outputTokens} tokens, ${usd(cost.usd)}` : "";
}
