/** Draws what one driver did: its actions, and of the AI what they cost. */

/** Left of it the rows have their names. */
export const GUTTER = 84;
const LEAST_PIXELS = 4;
/** How high the line of costs is. */
const COST_PIXELS = 13;

export function drawLane(drawing, row) {
  let drawn = -10;
  for (const action of drawing.model.actions) {
    const from = drawing.x(action.at);
    const width = Math.max(LEAST_PIXELS, (action.duration ?? 0) * drawing.scale);
    const chosen = action.actionId === drawing.model.actionId;
    const seen = action.source === row.driver && from <= drawing.width && from + width >= GUTTER;
    // Of many in one place, one is drawn; a failure always is.
    if (seen && (from - drawn >= 1 || !action.success || chosen)) {
      drawn = from;
      mark(drawing, row, action, { from, width, chosen });
    }
  }
  if (row.driver === "ai") {
    cost(drawing, row);
  }
}

function mark({ context, colors }, row, action, { from, width, chosen }) {
  const height = row.driver === "ai" ? 14 : row.height - 6;
  context.fillStyle = action.success ? colors[row.driver] : colors.bad;
  context.globalAlpha = action.success && !chosen ? 0.8 : 1;
  context.beginPath();
  context.roundRect(from, row.top + 3, width, height, 2);
  context.fill();
  context.globalAlpha = 1;
  if (!action.success) {
    flag(context, from + 2, row.top, height);
  }
  if (chosen) {
    context.strokeStyle = colors.text;
    context.lineWidth = 2;
    context.strokeRect(from - 1, row.top + 2, width + 2, height + 2);
  }
}

/** A failure is told by a form, not by colour alone. */
function flag(context, x, top, height) {
  context.beginPath();
  context.moveTo(x - 5, top);
  context.lineTo(x + 5, top);
  context.lineTo(x, top + 3 + height / 2);
  context.fill();
}

/** What the AI has spent so far, against the budget of its tasks where that is known. */
function cost(drawing, row) {
  const { context, model, colors } = drawing;
  const steps = model.actions.filter((action) => action.source === "ai");
  const spent = steps.reduce((sum, action) => sum + (action.cost?.usd ?? 0), 0);
  const most = Math.max(spent, model.budget);
  if (!most) {
    return;
  }
  const bottom = row.top + row.height - 1;
  const y = (usd) => bottom - (usd / most) * COST_PIXELS;
  context.strokeStyle = colors.ai;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(drawing.x(0), bottom);
  let sum = 0;
  for (const action of steps) {
    const x = drawing.x(action.at + (action.duration ?? 0));
    context.lineTo(x, y(sum));
    sum += action.cost?.usd ?? 0;
    context.lineTo(x, y(sum));
  }
  context.stroke();
  if (model.budget) {
    dashed(context, colors.muted, y(model.budget), drawing.width);
  }
}

function dashed(context, color, y, width) {
  context.setLineDash([3, 3]);
  context.strokeStyle = color;
  context.beginPath();
  context.moveTo(GUTTER, y);
  context.lineTo(width, y);
  context.stroke();
  context.setLineDash([]);
}

/** A text with an ellipsis where there is no room for the rest. */
export function cut(context, text, room) {
  let end = Math.min(text.length, Math.floor(room / 5));
  while (end > 0 && context.measureText(text.slice(0, end)).width > room) {
    end--;
  }
  return end < text.length ? `${text.slice(0, Math.max(0, end - 1))}…` : text;
}
