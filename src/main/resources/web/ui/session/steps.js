/** Draws the steps that a client reported: the parts of a step below it, to a depth that there is room for. */
import { GUTTER, cut } from "./lane.js";

const BAR_PIXELS = 15;
const GAP_PIXELS = 1;
const MOST_LEVELS = 4;
const LEAST_PIXELS = 3;
/** A bar needs so much for a title. */
const TITLE_PIXELS = 30;

function levels(model) {
  const deepest = model.rows.reduce((most, entry) => (entry.stepId ? Math.max(most, entry.depth) : most), 0);
  return Math.min(MOST_LEVELS, deepest + 1);
}

export function stepsHeight(model) {
  return levels(model) * (BAR_PIXELS + GAP_PIXELS) + 2;
}

/** The steps of a height within the row. */
export function stepsAt(model, y) {
  const level = Math.min(levels(model) - 1, Math.max(0, Math.floor(y / (BAR_PIXELS + GAP_PIXELS))));
  return model.rows.filter((entry) => entry.stepId && entry.depth === level);
}

export function drawSteps(drawing, row) {
  const drawn = Array(MOST_LEVELS).fill(-10);
  for (const step of drawing.model.rows) {
    if (!step.stepId || step.depth >= MOST_LEVELS) {
      continue;
    }
    const from = drawing.x(step.at);
    const width = Math.max(LEAST_PIXELS, step.duration * drawing.scale - 1);
    const chosen = step.actionId === drawing.model.actionId;
    const seen = from <= drawing.width && from + width >= GUTTER;
    // Of many in one place, one is drawn; a failure always is.
    if (seen && (from - drawn[step.depth] >= 1 || !step.success || chosen)) {
      drawn[step.depth] = from;
      bar(drawing, step, { from, width, chosen, top: row.top + 1 + step.depth * (BAR_PIXELS + GAP_PIXELS) });
    }
  }
}

function bar({ context, colors, width: edge }, step, { from, width, chosen, top }) {
  context.fillStyle = step.success ? colors["accent-soft"] : colors["bad-soft"];
  context.beginPath();
  context.roundRect(from, top, width, BAR_PIXELS, 2);
  context.fill();
  // A failure is told by a form, not by colour alone.
  context.fillStyle = step.success ? colors.accent : colors.bad;
  context.fillRect(from, top, step.success ? 2 : Math.min(4, width), BAR_PIXELS);
  if (chosen) {
    context.strokeStyle = colors.text;
    context.lineWidth = 1.5;
    context.strokeRect(from, top, width, BAR_PIXELS);
  }
  const left = Math.max(from, GUTTER) + 6;
  const room = Math.min(from + width, edge) - left - 2;
  if (room > TITLE_PIXELS) {
    context.fillStyle = step.success ? colors.text : colors.bad;
    context.textAlign = "left";
    context.fillText(cut(context, `${step.success ? "" : "✕ "}${step.title}`, room), left, top + BAR_PIXELS / 2 + 0.5);
  }
}
