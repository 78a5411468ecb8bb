/** What is known of a long list: some of its pages, its length, and why a page could not be read. */

const PAGE = 100;
const KEPT_PAGES = 12;

export class Paged {
  /** @param told is called after each answer, and each failure */
  constructor(told) {
    this.told = told;
    this.forget();
  }

  /** Another list: nothing of it is known. */
  forget() {
    this.close();
    this.turn = new AbortController();
    this.pages = new Map();
    this.asked = new Set();
    this.again = new Set();
    this.total = null;
    this.error = null;
  }

  close() {
    this.turn?.abort();
  }

  entry(place) {
    return this.pages.get(Math.floor(place / PAGE))?.[place % PAGE];
  }

  /** Asks for what is missing of some rows; after a failure nothing more, until a person or a change of the list asks. */
  want(source, first, last) {
    if (!this.error) {
      pagesOf(first, last).filter((page) => !this.pages.has(page)).forEach((page) => this.ask(source, page));
    }
  }

  /** Asks again for the pages of some rows, and drops the others: the list has changed. */
  renew(source, first, last) {
    const pages = pagesOf(first, Math.max(first, last));
    [...this.pages.keys()].filter((page) => !pages.includes(page)).forEach((page) => this.pages.delete(page));
    for (const page of pages) {
      if (this.asked.has(page)) {
        this.again.add(page);
      } else {
        this.ask(source, page);
      }
    }
  }

  /** A page that is on its way is not asked for twice. */
  async ask(source, page) {
    const { signal } = this.turn;
    if (this.asked.has(page)) {
      return;
    }
    this.asked.add(page);
    try {
      const answer = await source.page(page * PAGE, PAGE, signal);
      if (!signal.aborted) {
        this.put(page, answer);
      }
    } catch (e) {
      this.error = signal.aborted ? this.error : e;
    }
    if (!signal.aborted) {
      this.asked.delete(page);
      this.told();
      if (this.again.delete(page)) {
        this.ask(source, page);
      }
    }
  }

  put(page, { entries, total }) {
    this.error = null;
    this.total = total;
    this.pages.delete(page);
    this.pages.set(page, entries);
    if (this.pages.size > KEPT_PAGES) {
      this.pages.delete(this.pages.keys().next().value);
    }
  }
}

function pagesOf(first, last) {
  const from = Math.floor(first / PAGE);
  return last < first ? [] : Array.from({ length: Math.floor(last / PAGE) - from + 1 }, (_, at) => from + at);
}
