/** How a page looked at an instant. The picture is made when its row is seen. */
import { html } from "lit";
import { Element } from "../elements.js";
import { screenshotAt } from "./frames.js";
import { here } from "./view.js";

const WIDTH = 120;
const WIDE = 640;

class ComparedPicture extends Element {
  static properties = { model: { attribute: false }, frames: { attribute: false }, at: { attribute: false }, wide: { attribute: false }, picture: { state: true } };

  firstUpdated() {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        observer.disconnect();
        this.take();
        this.model.addEventListener("change", () => this.takeAgain(), { signal: this.life.signal });
      }
    });
    observer.observe(this);
    this.life.signal.addEventListener("abort", () => observer.disconnect());
  }

  /** With new links, what could not be read may be read. */
  takeAgain() {
    if (this.renewals !== this.model.renewals && !(this.picture instanceof HTMLCanvasElement)) {
      this.take();
    }
  }

  async take() {
    this.renewals = this.model.renewals;
    this.picture = (await this.frames.at(this.at, this.wide ? WIDE : WIDTH)) ?? screenshotAt(this.model, this.at);
  }

  render() {
    const { picture } = this;
    if (!picture) {
      return html`<span class="blank"></span>`;
    }
    return picture instanceof HTMLCanvasElement
      ? picture
      : html`<img src=${here(picture.publicUrl)} alt="The page then" loading="lazy" @error=${() => this.model.tell("links-expired")}>`;
  }
}
customElements.define("berth-compared-picture", ComparedPicture);
