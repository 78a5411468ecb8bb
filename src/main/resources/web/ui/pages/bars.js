/** A chart of one bar a day. The table below a chart has the same numbers, for those who don't see it. */
import { html } from "lit";
import uPlot from "uplot";
import { Element } from "../elements.js";

const HEIGHT = 170;

class Bars extends Element {
  /** `format` gives a value in words, `brief` the same for the axis. */
  static properties = { label: {}, dates: {}, values: {}, format: {}, brief: {} };

  connectedCallback() {
    super.connectedCallback();
    const { signal } = this.life;
    this.size = new ResizeObserver(() => this.chart?.setSize({ width: this.clientWidth, height: HEIGHT }));
    this.size.observe(this);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw(), { signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.size.disconnect();
    this.chart?.destroy();
    this.chart = null;
  }

  updated() {
    this.draw();
  }

  draw() {
    this.chart?.destroy();
    const days = this.dates.map((date) => Date.parse(`${date}T00:00:00Z`) / 1000);
    this.chart = new uPlot(this.options(), [days, this.values], this.querySelector(".plot"));
  }

  /** A canvas knows no variables of the stylesheet: the colours are read from it. */
  options() {
    const style = getComputedStyle(this);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
    return {
      width: Math.max(200, this.clientWidth),
      height: HEIGHT,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      hooks: { setCursor: [({ cursor }) => this.tell(cursor.idx)] },
      scales: { x: { range: (u, from, to) => [from - 43_200, to + 43_200] }, y: { range: (u, from, to) => [0, to > 0 ? to * 1.1 : 1] } },
      axes: [{ ...axis, values: (u, all) => all.map(dayOf), space: 60 }, { ...axis, size: 56, values: (u, all) => distinct(all.map((value) => (this.brief ?? this.format)(value))) }],
      series: [
        {},
        {
          fill: colour("--accent"),
          stroke: colour("--accent"),
          paths: uPlot.paths.bars({ size: [0.7, 40] }),
          points: { show: false },
        },
      ],
    };
  }

  /** The day under the pointer. Written past Lit: another rendering would draw the chart anew. */
  tell(place) {
    const value = this.values[place];
    this.querySelector(".hovered").textContent = value === undefined ? "" : `${dayOf(Date.parse(`${this.dates[place]}T00:00:00Z`) / 1000)}: ${this.format(value)}`;
  }

  render() {
    return html`<p class="hovered muted" aria-hidden="true"></p><div class="plot" role="img" aria-label="${this.label} for each day, as in the table below"></div>`;
  }
}
customElements.define("berth-bars", Bars);

/** Of ticks that read the same, the first one. */
function distinct(texts) {
  return texts.map((text, place) => (texts.indexOf(text) === place ? text : ""));
}

/** "29 Nov", of UTC; nothing between two days. */
function dayOf(seconds) {
  return seconds % 86_400 ? "" : new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}
