// The pages of the session as tabs, and the address of the one that is shown.

export class Tabs {
  pages = [];
  shown = null;
  #buttons = new Map();

  /**
   * @param list the tabs
   * @param menu the same pages as a menu, for narrow windows
   * @param send sends a message
   */
  constructor(list, menu, address, following, send) {
    this.list = list;
    this.menu = menu;
    this.address = address;
    this.following = following;
    this.send = send;
    list.addEventListener('keydown', (event) => this.#arrow(event));
    menu.addEventListener('change', () => this.#choose(menu.value));
    following.addEventListener('click', () => this.#toggleFollowing());
    address.addEventListener('focus', () => !address.readOnly && address.select());
    address.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.#showAddress();
        address.select();
      }
    });
  }

  /** @param state the message that lists the pages */
  show(state) {
    const changed = this.shown !== state.shown;
    this.pages = state.pages;
    this.shown = state.shown;
    this.following.setAttribute('aria-pressed', String(state.follows));
    this.#render();
    if (changed || document.activeElement !== this.address || this.address.readOnly) {
      this.#showAddress();
    }
    document.title = `${this.page?.title || 'Live'} · Berth`;
  }

  get page() {
    return this.pages.find((page) => page.pageId === this.shown);
  }

  #showAddress() {
    const url = this.page?.url ?? '';
    this.address.value = url === 'about:blank' ? '' : url;
  }

  #toggleFollowing() {
    const follows = this.following.getAttribute('aria-pressed') === 'true';
    this.send(follows && this.shown ? { type: 'show', pageId: this.shown } : { type: 'follow' });
  }

  /** Keeps the elements of pages that stay, so that the focus stays too. */
  #render() {
    const open = new Set(this.pages.map((page) => page.pageId));
    for (const [pageId, tab] of this.#buttons) {
      if (!open.has(pageId)) {
        tab.remove();
        this.#buttons.delete(pageId);
      }
    }
    this.pages.forEach((page, place) => {
      const tab = this.#buttons.get(page.pageId) ?? this.#make(page.pageId);
      this.#describe(tab, page);
      if (this.list.children[place] !== tab) {
        this.list.insertBefore(tab, this.list.children[place] ?? null);
      }
    });
    const count = this.pages.length > 1 ? `${this.pages.length} · ` : '';
    this.menu.replaceChildren(
      ...this.pages.map((page) => {
        const shown = page.pageId === this.shown;
        return new Option(`${shown ? count : ''}${name(page)}`, page.pageId, shown, shown);
      }),
    );
  }

  #make(pageId) {
    const tab = document.createElement('div');
    tab.className = 'tab';
    const name = document.createElement('button');
    name.setAttribute('role', 'tab');
    name.setAttribute('aria-controls', 'stage');
    name.addEventListener('click', () => this.#choose(pageId));
    name.addEventListener('auxclick', (event) => event.button === 1 && this.send({ type: 'closePage', pageId }));
    const close = document.createElement('button');
    close.className = 'icon acts';
    close.innerHTML = '<svg><use href="#cross"/></svg>';
    close.addEventListener('click', () => this.send({ type: 'closePage', pageId }));
    tab.append(name, close);
    this.#buttons.set(pageId, tab);
    return tab;
  }

  #describe(tab, page) {
    const [label, close] = tab.children;
    const title = name(page);
    const shown = page.pageId === this.shown;
    tab.classList.toggle('shown', shown);
    tab.classList.toggle('active', page.active && this.pages.length > 1);
    label.textContent = title;
    label.title = page.url;
    label.tabIndex = shown ? 0 : -1;
    label.setAttribute('aria-selected', String(shown));
    close.setAttribute('aria-label', `Close ${title}`);
    close.title = 'Close';
  }

  /** Whoever may act chooses a tab as in a browser, and others may follow; whoever watches only looks. */
  #choose(pageId) {
    const acts = document.body.classList.contains('interactive');
    const follows = this.following.getAttribute('aria-pressed') === 'true';
    this.send(acts && follows ? { type: 'activatePage', pageId } : { type: 'show', pageId });
  }

  #arrow(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const names = [...this.list.querySelectorAll('[role=tab]')];
    const at = names.indexOf(document.activeElement);
    if (step && at >= 0) {
      event.preventDefault();
      names[(at + step + names.length) % names.length].focus();
    } else if (event.key === 'Delete' && at >= 0 && document.body.classList.contains('interactive')) {
      this.send({ type: 'closePage', pageId: this.pages[at].pageId });
    }
  }
}

function name(page) {
  return page.title || page.url || 'Untitled';
}
