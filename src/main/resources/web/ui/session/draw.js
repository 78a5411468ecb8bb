/** Draws the timeline. Only drawing: what is where, and what a person does with it, is the element's. */
import { DRIVERS, clock, shortUrl, timeOfDay } from "../format.js";
import { GUTTER, cut, drawLane } from "./lane.js";
import { drawSteps, stepsHeight } from "./steps.js";

const NAMES = { ...DRIVERS, cdp: "CDP" };
const STEPS = [100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000];
const TICK_PIXELS = 90;

/** The rows of the timeline, one below the other. */
export function rows(model) {
  const list = [{ name: "time", label: "", height: 20 }];
  if (model.hasPictures) {
    list.push({ name: "film", label: "Pictures", height: 50 });
  }
  if (model.steps.length > 0) {
    list.push({ name: "steps", label: "Steps", height: stepsHeight(model) });
  }
  for (const driver of model.lanes(Object.keys(DRIVERS))) {
    list.push({ name: "lane", driver, label: NAMES[driver], height: driver === "ai" ? 34 : 20 });
  }
  list.push({ name: "pages", label: "Pages", height: 20 });
  list.push({ name: "network", label: "Network", height: 24 });
  list.push({ name: "console", label: "Console", height: 24 });
  if (model.artifacts.length > 0) {
    list.push({ name: "files", label: "Files", height: 18 });
  }
  if (model.timeline?.usage?.length > 1) {
    list.push({ name: "usage", label: "", height: 30 });
  }
  let top = 0;
  for (const row of list) {
    row.top = top;
    top += row.height + 2;
  }
  return list;
}

export class Drawing {
  constructor(context, width, model, colors) {
    this.context = context;
    this.width = width;
    this.model = model;
    this.colors = colors;
    [this.from, this.to] = model.span;
    this.scale = (width - GUTTER - 8) / (this.to - this.from);
  }

  x(millis) {
    return GUTTER + (millis - this.from) * this.scale;
  }

  /** @param film pictures by their places, as they have come so far */
  all(list, film) {
    const { context } = this;
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    for (const row of list) {
      context.fillStyle = row.name === "time" ? "transparent" : this.colors.sunken;
      context.fillRect(GUTTER, row.top, this.width - GUTTER, row.height);
      context.save();
      context.beginPath();
      context.rect(GUTTER - 2, row.top - 1, this.width - GUTTER + 2, row.height + 2);
      context.clip();
      this[row.name](row, film);
      context.restore();
      this.label(row);
    }
    this.end(list);
  }

  label(row) {
    const { context } = this;
    context.fillStyle = row.driver ? this.colors[row.driver] : this.colors.muted;
    context.textAlign = "left";
    context.fillText(row.label, row.driver ? 12 : 0, row.top + row.height / 2, GUTTER - 8);
    if (row.name === "usage") {
      // The names have the colours of the lines.
      context.fillStyle = this.colors.accent;
      context.fillText("Memory", 0, row.top + row.height / 2 - 7);
      context.fillStyle = this.colors.live;
      context.fillText("Processor", 0, row.top + row.height / 2 + 7);
    }
    if (row.driver) {
      context.fillRect(0, row.top + row.height / 2 - 4, 8, 8);
    }
  }

  time(row) {
    const { context, model } = this;
    const wished = ((this.to - this.from) * TICK_PIXELS) / (this.width - GUTTER);
    const step = STEPS.find((each) => each >= wished) ?? STEPS.at(-1);
    context.fillStyle = this.colors.muted;
    context.textAlign = "left";
    for (let at = Math.ceil(this.from / step) * step; at <= this.to; at += step) {
      const text = model.wall ? timeOfDay(model.origin + at).slice(0, step < 1000 ? 12 : 8) : clock(at, step < 1000);
      context.fillRect(this.x(at), row.top + 12, 1, 8);
      context.fillText(text, this.x(at) + 4, row.top + 9);
    }
  }

  film(row, film) {
    for (const { at, picture } of film) {
      const width = (row.height * picture.width) / picture.height;
      this.context.drawImage(picture, this.x(at), row.top, width, row.height);
    }
  }

  lane(row) {
    drawLane(this, row);
  }

  steps(row) {
    drawSteps(this, row);
  }

  pages(row) {
    const { context, model } = this;
    let free = GUTTER;
    model.navigations.forEach((navigation, place) => {
      const from = this.x(model.since(navigation.timestamp));
      const next = model.navigations[place + 1];
      const to = next ? this.x(model.since(next.timestamp)) : this.x(model.length);
      context.fillStyle = this.colors.accent;
      context.fillRect(from, row.top, 2, row.height);
      const room = to - Math.max(from, free) - 8;
      if (room > 24) {
        context.fillStyle = this.colors.text;
        context.textAlign = "left";
        context.fillText(cut(context, navigation.title || shortUrl(navigation.url), room), Math.max(from, GUTTER) + 6, row.top + row.height / 2);
        free = to;
      }
    });
  }

  network(row) {
    const { timeline } = this.model;
    if (timeline) {
      this.bars(row, timeline, [
        [timeline.network.failed, this.colors.bad],
        [timeline.network.total.map((count, place) => count - timeline.network.failed[place]), this.colors.mcp],
      ]);
    }
  }

  console(row) {
    const { timeline } = this.model;
    if (timeline) {
      const { error, warn, other } = timeline.console;
      this.bars(row, timeline, [[error, this.colors.bad], [warn, this.colors.warn], [other, this.colors.bus]]);
    }
  }

  /** Counts as bars on each other, the first at the bottom; the root of a count, as few errors must be seen beside many lines. */
  bars(row, timeline, parts) {
    const first = this.model.since(timeline.from);
    const sums = parts[0][0].map((_, place) => parts.reduce((sum, [counts]) => sum + counts[place], 0));
    const most = Math.sqrt(sums.reduce((max, sum) => Math.max(max, sum), 1));
    const width = Math.max(2, timeline.bucketMillis * this.scale - 0.5);
    sums.forEach((sum, place) => {
      const x = this.x(first + place * timeline.bucketMillis);
      if (sum === 0 || x > this.width || x + width < GUTTER) {
        return;
      }
      const high = (Math.sqrt(sum) / most) * (row.height - 2);
      let bottom = row.top + row.height;
      for (const [counts, color] of parts) {
        const part = counts[place] === 0 ? 0 : Math.max(2, (high * counts[place]) / sum);
        this.context.fillStyle = color;
        this.context.fillRect(x, bottom - part, width, part);
        bottom -= part;
      }
    });
  }

  files(row) {
    const { context, model } = this;
    for (const artifact of model.artifacts) {
      const from = this.x(model.since(artifact.startedAt ?? artifact.timestamp));
      context.fillStyle = this.colors.good;
      if (artifact.type === "recording") {
        const to = artifact.endedAt ? this.x(model.since(artifact.endedAt)) : artifact.state === "pending" ? this.x(model.length) : from + 4;
        context.globalAlpha = 0.5;
        context.fillRect(from, row.top + 6, Math.max(4, to - from), 6);
        context.globalAlpha = 1;
      } else {
        context.beginPath();
        context.arc(from, row.top + row.height / 2, 4, 0, 7);
        context.fill();
      }
    }
  }

  usage(row) {
    const { usage } = this.model.timeline;
    this.line(row, usage, "memoryMiB", this.colors.accent);
    this.line(row, usage, "cpu", this.colors.live);
  }

  line(row, samples, name, color) {
    const { context, model } = this;
    const most = samples.reduce((max, sample) => Math.max(max, sample[name] ?? 0), 0) || 1;
    context.strokeStyle = color;
    context.lineWidth = 1.25;
    context.beginPath();
    for (const sample of samples) {
      context.lineTo(this.x(model.since(sample.timestamp)), row.top + row.height - 2 - ((sample[name] ?? 0) / most) * (row.height - 5));
    }
    context.stroke();
  }

  end(list) {
    const { context, model } = this;
    const { startedAt } = model.session;
    if (startedAt && this.x(model.since(startedAt)) > GUTTER + 3) {
      // Before this it waited for its Chrome.
      context.fillStyle = this.colors.good;
      context.fillRect(this.x(model.since(startedAt)), 0, 1, list.at(-1).top + list.at(-1).height);
    }
    if (model.live) {
      return;
    }
    const x = this.x(model.length);
    if (x <= this.width) {
      context.fillStyle = model.session.status === "failed" ? this.colors.bad : this.colors.muted;
      context.fillRect(x, 0, 2, list.at(-1).top + list.at(-1).height);
    }
  }
}
