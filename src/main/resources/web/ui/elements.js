/** What the pages are made of. Elements render into the page itself, not into shadow roots: one stylesheet holds for all. */
import { LitElement, html, nothing } from "lit";
import { ApiError } from "/ui/api.js";

export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    /** Aborts when the element leaves the page: for requests, streams and listeners that it began. */
    this.life = new AbortController();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.life.abort();
  }

  /** Calls again and again while the element is on a page that is seen; the next call begins when the last one is over. */
  async every(millis, work) {
    const { signal } = this.life;
    while (!signal.aborted) {
      if (!document.hidden) {
        await work(signal);
      }
      await new Promise((done) => {
        const timer = setTimeout(done, millis);
        signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
      });
    }
  }
}

const STATUS = { creating: "Starting", running: "Running", completed: "Completed", failed: "Failed", cancelled: "Cancelled" };

export function statusBadge(status) {
  return html`<span class="badge ${status}">${STATUS[status] ?? status}</span>`;
}

export function loading(what) {
  return html`<p class="state" role="status"><span class="spinner" aria-hidden="true"></span>Loading ${what} …</p>`;
}

/** Where there is nothing yet: what would be here, and how to get it. */
export function empty(title, hint = nothing) {
  return html`<div class="state empty"><h2>${title}</h2><p>${hint}</p></div>`;
}

/** What went wrong, for a person: what, why, and what to do. */
export function failure(error, again) {
  const hint = error instanceof ApiError ? error.hint : "";
  return html`<div class="state failure" role="alert">
    <h2>${error.message}</h2>
    ${hint ? html`<p>${hint}</p>` : nothing}
    ${error.requestId ? html`<p class="muted">Request ${error.requestId}</p>` : nothing}
    ${again ? html`<button type="button" @click=${again}>Try again</button>` : nothing}
  </div>`;
}

/** Says a line to people, seen and heard: "Copied", "3 sessions ended". */
export function say(text, kind = "") {
  dispatchEvent(new CustomEvent("berth-say", { detail: { text, kind } }));
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    say("This browser does not let the page copy. Select the text and copy it yourself.", "bad");
  }
}

/** A button that copies a text. */
export function copyButton(text, label = "Copy") {
  return html`<button type="button" class="quiet" @click=${() => copy(text)}>${label}</button>`;
}
