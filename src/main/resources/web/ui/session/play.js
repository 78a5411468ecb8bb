/** The playing of what was: a clock that moves the model's instant, whatever picture is shown for it. */

/** A pause longer than this is skipped, if a person wishes so, to this much before what follows. */
const IDLE_MILLIS = 3000;
const LEAD_MILLIS = 500;
/** While a tab is hidden no frames come; the clock does not jump over the time. */
const MAX_FRAME_MILLIS = 250;
export const SPEEDS = [0.5, 1, 1.5, 2, 4];

export class Player {
  constructor(model) {
    this.model = model;
  }

  toggle() {
    const { model } = this;
    if (model.playing) {
      model.set({ playing: false });
      return;
    }
    const ended = model.at === null || model.at >= model.length - 20;
    model.set({ playing: true, actionId: null, at: ended ? (model.range?.[0] ?? 0) : model.at });
    this.last = performance.now();
    requestAnimationFrame((now) => this.frame(now));
  }

  /** @param direction 1 faster, -1 slower */
  change(direction) {
    const place = SPEEDS.indexOf(this.model.speed) + direction;
    this.model.set({ speed: SPEEDS[Math.min(Math.max(0, place), SPEEDS.length - 1)] });
  }

  frame(now) {
    const { model } = this;
    if (!model.playing || this.over) {
      return;
    }
    const passed = Math.min(now - this.last, MAX_FRAME_MILLIS) * model.speed;
    this.last = now;
    model.at = this.skip(model.at + passed);
    if (model.at >= model.length) {
      model.at = model.live ? null : model.length;
      model.set({ playing: false });
      return;
    }
    if (model.view && model.at > model.view[1]) {
      model.show();
      model.tell("select");
    }
    model.tell("time");
    requestAnimationFrame((next) => this.frame(next));
  }

  skip(at) {
    if (!this.model.skipIdle) {
      return at;
    }
    const next = this.happenings().find((millis) => millis >= at) ?? this.model.length;
    const before = this.happenings().findLast((millis) => millis < at) ?? 0;
    const idle = next - at > IDLE_MILLIS && at - before > LEAD_MILLIS * 2;
    return idle ? next - LEAD_MILLIS : at;
  }

  /** The times at which something happened, in order. */
  happenings() {
    if (this.counted !== this.model.version) {
      this.counted = this.model.version;
      this.times = happenings(this.model);
    }
    return this.times;
  }
}

function happenings(model) {
  const times = model.actions.flatMap((action) => {
    const from = action.at;
    return [from, from + (action.duration ?? 0)];
  });
  times.push(...model.navigations.map((navigation) => model.since(navigation.timestamp)));
  const { timeline } = model;
  if (timeline) {
    const from = model.since(timeline.from);
    const counts = [timeline.network.total, timeline.console.error, timeline.console.warn, timeline.console.other];
    for (let bucket = 0; bucket < timeline.network.total.length; bucket++) {
      if (counts.some((each) => each[bucket] > 0)) {
        times.push(from + bucket * timeline.bucketMillis);
      }
    }
  }
  return times.sort((a, b) => a - b);
}
