/** How tests ended, as people read it: words, badges, a bar of counts. */
import { html, nothing, svg } from "lit";
import { link } from "../router.js";

/** In the order in which people look: `[words, kind of the badge, sign]`. */
export const VERDICTS = {
  failed: ["Failed", "bad", "✕"],
  flaky: ["Flaky", "warn", "!"],
  interrupted: ["Interrupted", "warn", "–"],
  running: ["Running", "running", "…"],
  unknown: ["No result", "", "?"],
  skipped: ["Skipped", "", "–"],
  passed: ["Passed", "good", "✓"],
};

export function verdictBadge(verdict) {
  const [text, kind] = VERDICTS[verdict] ?? VERDICTS.unknown;
  return html`<span class="badge ${kind}">${text}</span>`;
}

/** "2 failed, 1 flaky, 9 passed" above a bar of the same. @param verdicts counts by verdict */
export function verdictBar(verdicts) {
  const all = Object.keys(VERDICTS).map((name) => [name, verdicts[name] ?? 0]).filter(([, number]) => number > 0);
  const whole = all.reduce((sum, [, number]) => sum + number, 0) || 1;
  let left = 0;
  return html`<div class="verdicts"><span>${all.map(([name, number], place) => html`${place ? ", " : nothing}<span class="of-${name}">${number}
      ${VERDICTS[name][0].toLowerCase()}</span>`)}</span>
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">${all.map(([name, number]) => {
      const x = left;
      left += (number / whole) * 100;
      return svg`<rect class="of-${name}" x=${x} width=${(number / whole) * 100} height="4"></rect>`;
    })}</svg></div>`;
}

/** The labels by which people know a run, such as branch and commit. */
export function runLabels(labels, most = 4) {
  const all = Object.entries(labels ?? {});
  return html`${all.slice(0, most).map(([name, value]) => html`<span class="badge" title="${name}: ${value}">${name}: ${value.slice(0, 40)}</span> `)}`;
}

export const runUrl = (run) => link(`runs/${encodeURIComponent(run)}`);

export const testUrl = ({ project, file, title }) => link("test", { project, file, title });

/** "shop.spec.ts · desktop" of a test. */
export const whereOf = ({ project, file }) => [file, project].filter(Boolean).join(" · ");
