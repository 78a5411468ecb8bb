/** What the elements of the session page have in common: they read one model, and show what became of it. */
import { SERVER } from "../api.js";
import { Element } from "../elements.js";

export class View extends Element {
  static properties = { model: { attribute: false } };
  /** The events of the model after which the element shows itself anew. */
  static hears = ["change", "select"];

  connectedCallback() {
    super.connectedCallback();
    this.hear();
  }

  hear() {
    const heard = () => this.requestUpdate();
    for (const event of this.constructor.hears) {
      this.model?.addEventListener(event, heard, { signal: this.life.signal });
    }
  }
}

const OURS = /\/(?:artifacts|live)\/[^/]+$/;

/** A link of this server by the address at which this page reached it: it may know itself by another. */
export function here(link) {
  const url = new URL(link, location.origin);
  const [ours] = OURS.exec(url.pathname) ?? [];
  return ours ? SERVER + ours + url.search : url.href;
}
