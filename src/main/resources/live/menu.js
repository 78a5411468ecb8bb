// The menu of a right click that the page leaves to the browser, whose own menu no picture shows.

import { button, element } from './popups.js';

export class Menu {
  #list = null;
  /** Whether the person may open DevTools. */
  inspectable = false;

  /**
   * @param place where popups are shown
   * @param acts what the entries do: `copy`, `paste`, `selectAll` and `inspect`, each called with the page's id, and `send`, which sends a message
   * @param leave gives the focus back to the page
   */
  constructor(place, picture, acts, leave) {
    this.place = place;
    this.picture = picture;
    this.acts = acts;
    this.leave = leave;
  }

  open({ pageId, x, y, editable, selected }) {
    this.close();
    const list = element('div', 'list menu');
    list.setAttribute('role', 'menu');
    list.setAttribute('aria-label', 'Page');
    const entry = (label, enabled, act) => {
      const made = button(label, () => {
        this.close();
        this.leave();
        act(pageId);
      });
      made.className = '';
      made.setAttribute('role', 'menuitem');
      made.disabled = !enabled;
      list.append(made);
    };
    entry('Copy', selected, this.acts.copy);
    entry('Paste', editable, this.acts.paste);
    entry('Select all', true, this.acts.selectAll);
    list.append(element('hr'));
    entry('Back', true, () => this.acts.send({ type: 'back', pageId }));
    entry('Reload', true, () => this.acts.send({ type: 'reload', pageId }));
    if (this.inspectable) {
      list.append(element('hr'));
      entry('DevTools', true, this.acts.inspect);
    }
    list.addEventListener('keydown', (event) => this.#key(event));
    list.addEventListener('focusout', (event) => !list.contains(event.relatedTarget) && this.close());
    list.addEventListener('contextmenu', (event) => event.preventDefault());
    this.#list = list;
    this.place.append(list);
    this.#put(x, y);
    list.querySelector(':enabled').focus({ preventScroll: true });
  }

  close() {
    const list = this.#list;
    this.#list = null; // to remove it takes the focus, which closes it
    list?.remove();
  }

  /** At the point of the click, or as near as it has room. */
  #put(x, y) {
    const { left, top } = this.picture.canvas.getBoundingClientRect();
    const area = this.place.getBoundingClientRect();
    const across = left - area.left + x * this.picture.scale;
    const down = top - area.top + y * this.picture.scale;
    this.#list.style.left = `${Math.max(0, Math.min(across, area.width - this.#list.offsetWidth))}px`;
    this.#list.style.top = `${Math.max(0, Math.min(down, area.height - this.#list.offsetHeight))}px`;
  }

  #key(event) {
    const entries = [...this.#list.querySelectorAll(':enabled')];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      entries.at(to % entries.length).focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      this.close();
      this.leave();
    }
  }
}
