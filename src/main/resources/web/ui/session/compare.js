import { html } from "lit";
import { Element } from "/ui/elements.js";
customElements.define("berth-compare", class extends Element { render() { return html``; } });
