/** What the pages are made of. Elements render into the page itself, not into shadow roots: one stylesheet holds for all. */
import { LitElement, html, nothing } from "lit";
import { ApiError } from "./api.js";
import { offerToCopy } from "./dialogs.js";
import { OUTCOMES, TASK_STATUS, isWebUrl } from "./format.js";

/**
 * Reactive properties get their first values in a constructor: a field of the class would stand before the property, and no change
 * of it would be seen.
 */
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

  /** Repeats the work while the element is in the page and the tab is shown. The pause begins when the work is over. */
  async every(millis, work) {
    const { signal } = this.life;
    while (!signal.aborted) {
      if (!document.hidden) {
        await work(signal);
      }
      await this.rest(millis);
    }
  }

  /**
   * Does the work while the page is seen: its signal aborts when the page is hidden, and it begins anew when it is seen again. For
   * streams: a browser has six connections to a server for all its tabs, and hidden ones are to hold none.
   */
  whileSeen(work) {
    const { signal } = this.life;
    let turn = new AbortController();
    const look = () => {
      turn.abort();
      if (!document.hidden && !signal.aborted) {
        turn = new AbortController();
        work(turn.signal);
      }
    };
    document.addEventListener("visibilitychange", look, { signal });
    signal.addEventListener("abort", look);
    look();
  }

  /** Waits this long, or until the page is shown again, the server is back, or the element is removed. */
  rest(millis) {
    return new Promise((done) => {
      const over = new AbortController();
      const end = () => (over.abort(), clearTimeout(timer), done());
      const timer = setTimeout(end, millis);
      document.addEventListener("visibilitychange", () => document.hidden || end(), over);
      addEventListener("berth-back", end, over);
      this.life.signal.addEventListener("abort", end, over);
    });
  }
}

/** A page that shows what the server answers to `ask(signal)`, and asks again every `period` milliseconds. */
export class Polled extends Element {
  static properties = { data: { state: true }, error: { state: true } };
  period = 5000;
  lastRequest = 0;

  connectedCallback() {
    super.connectedCallback();
    this.every(this.period, () => this.refresh());
  }

  /** Asks now. The answer is dropped if the page has asked again in the meantime. */
  async refresh() {
    const { signal } = this.life;
    const request = ++this.lastRequest;
    try {
      const data = await this.ask(signal);
      if (request === this.lastRequest) {
        this.data = data;
        this.error = null;
      }
    } catch (e) {
      if (request === this.lastRequest && !signal.aborted) {
        this.error = e;
      }
    }
  }

  /** The data of the last answer stay in view when a later request fails. That the server is away, the frame says. */
  shown(what, view) {
    if (!this.data) {
      return this.error ? failure(this.error, () => this.refresh()) : loading(what);
    }
    const showsError = this.error && this.error.code !== "offline";
    return html`${showsError ? failure(this.error, () => this.refresh()) : nothing}${view(this.data)}`;
  }
}

const STATUS = { creating: "Starting", waiting: "Waiting", running: "Running", completed: "Ended", failed: "Failed", cancelled: "Cancelled" };

/** What became of a session's Chrome. That it ended says nothing of the work in it. */
export function statusBadge(status) {
  return html`<span class="badge ${status === "completed" ? "" : status}">${STATUS[status] ?? status}</span>`;
}

/** How the work in a session ended where its client reported so, else what became of its Chrome. */
export function outcomeBadge(session) {
  const [text, kind] = OUTCOMES[session.outcome] ?? [];
  const live = session.status === "running" || session.status === "creating";
  const status = session.queuePosition ? "waiting" : session.status;
  return html`${live || !text ? statusBadge(status) : nothing}${text ? html` <span class="badge ${kind}">${text}</span>` : nothing}`;
}

export function taskBadge(status) {
  const kind = status === "starting" || status === "pending" ? "creating" : status;
  return html`<span class="badge ${kind}">${TASK_STATUS[status] ?? status}</span>`;
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
    <h2>${sentence(error.message)}</h2>
    ${hint ? html`<p>${sentence(hint)}</p>` : nothing}
    ${error.requestId ? html`<p class="muted">Request ${error.requestId}</p>` : nothing}
    ${again ? html`<button type="button" @click=${again}>Try again</button>` : nothing}
  </div>`;
}

/** The server's words begin small, so that they go into other sentences. */
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Says a line to people, seen and heard: "Copied", "3 sessions ended". */
export function say(text, kind = "") {
  dispatchEvent(new CustomEvent("berth-say", { detail: { text, kind } }));
}

/** Browsers have a clipboard only over HTTPS and on this machine, and some only right after a click. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    await offerToCopy(text);
  }
}

/** The URL of a page, as a link where it is of the web, else as text: pages choose their URLs. */
export function webLink(url, text = url) {
  return isWebUrl(url)
    ? html`<a class="web" href=${url} target="_blank" rel="noopener noreferrer" title=${url}>${text}</a>`
    : html`<span class="web" title=${url ?? ""}>${text}</span>`;
}

/** Text to copy, with its button. */
export function snippet(text, label) {
  return html`<div class="snippet"><pre tabindex="0" role="region" aria-label=${label}>${text}</pre>${copyButton(text)}</div>`;
}

/** Which part of a list is shown, and buttons for the parts before and after. @param turn is given the offset of another part */
export function pager({ limit, offset, total, hasMore }, turn) {
  if (offset === 0 && !hasMore) {
    return nothing;
  }
  return html`<nav class="pager" aria-label="Pages of the list">
    <button type="button" ?disabled=${offset === 0} @click=${() => turn(Math.max(0, offset - limit))}>Newer</button>
    <span class="muted">${offset + 1} to ${Math.min(total, offset + limit)} of ${total}</span>
    <button type="button" ?disabled=${!hasMore} @click=${() => turn(offset + limit)}>Older</button>
  </nav>`;
}

/** A button that copies a text. */
export function copyButton(text, label = "Copy") {
  return html`<button type="button" @click=${() => copy(text)}>${label}</button>`;
}
