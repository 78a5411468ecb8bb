// What a picture of a page does not show: JavaScript dialogs, file choosers and the lists of select elements.

const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 20;

export class Popups {
  #open = new Map();

  /**
   * @param send sends a message
   * @param notify shows a notice
   */
  constructor(place, picture, sink, send, notify) {
    this.place = place;
    this.picture = picture;
    this.sink = sink;
    this.send = send;
    this.notify = notify;
    this.shown = null;
    this.interactive = false;
    picture.onfit = () => this.#placeLists();
  }

  dialog(message) {
    this.#show(`dialog ${message.pageId}`, message, () => this.#dialog(message));
  }

  fileChooser(message) {
    this.#show(`files ${message.chooserId}`, message, () => this.#files(message));
  }

  select(message) {
    this.#show(`select ${message.selectId}`, message, () => this.#select(message));
  }

  /** Those of pages that are not shown wait. */
  showPage(pageId) {
    this.shown = pageId;
    for (const popup of this.#open.values()) {
      popup.element.hidden = popup.message.pageId !== pageId;
    }
  }

  clear() {
    this.#open.clear();
    this.place.replaceChildren();
  }

  #show(name, message, make) {
    const before = this.#open.get(name);
    before?.element.remove();
    this.#open.delete(name);
    if (message.open) {
      const element = make();
      element.hidden = this.shown !== null && message.pageId !== this.shown;
      this.#open.set(name, { element, message });
      this.place.append(element);
      this.#placeLists();
      if (this.interactive && !element.hidden) {
        const first = element.querySelector('[data-first]') ?? element;
        first.focus({ preventScroll: true });
        if (first instanceof HTMLInputElement) {
          first.select(); // the default text of a prompt, as browsers do
        }
      }
    } else if (before && !this.place.contains(document.activeElement)) {
      this.sink.focus({ preventScroll: true });
    }
  }

  // Dialogs

  #dialog(message) {
    const { pageId, dialogType } = message;
    const card = this.#card(dialogType === 'beforeunload' ? 'Leave this page?' : 'The page says');
    const text = element('p');
    text.textContent = dialogType === 'beforeunload' ? 'Changes you made may not be saved.' : message.message;
    card.append(text);
    const prompt = dialogType === 'prompt' ? this.#prompt(message.defaultPrompt) : null;
    if (prompt) {
      prompt.setAttribute('aria-label', message.message);
      card.append(prompt);
    }
    const answer = (accept) =>
      this.send({ type: 'dialog', pageId, accept, ...(prompt && accept ? { promptText: prompt.value } : {}) });
    const row = element('div', 'row');
    if (dialogType !== 'alert') {
      row.append(button(dialogType === 'beforeunload' ? 'Stay' : 'Cancel', () => answer(false)));
    }
    const ok = button(dialogType === 'beforeunload' ? 'Leave' : 'OK', () => answer(true), true);
    if (!prompt) {
      ok.dataset.first = '';
    }
    row.append(ok);
    this.#actions(card, row);
    card.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        answer(dialogType === 'alert');
      } else if (event.key === 'Enter' && event.target === prompt) {
        answer(true);
      }
    });
    return veil(card);
  }

  #prompt(value) {
    const input = element('input');
    input.type = 'text';
    input.value = value ?? '';
    input.dataset.first = '';
    return input;
  }

  // Files

  #files(message) {
    const { chooserId, pageId, multiple } = message;
    const card = this.#card(multiple ? 'The page asks for files' : 'The page asks for a file');
    const text = element('p');
    text.textContent = `Choose ${multiple ? 'files' : 'one'}, or drop ${multiple ? 'them' : 'it'} here.`;
    const input = element('input');
    input.type = 'file';
    input.multiple = multiple;
    input.accept = message.accept ?? '';
    input.hidden = true;
    const give = (files) => this.#give(pageId, chooserId, multiple ? [...files] : [...files].slice(0, 1));
    input.addEventListener('change', () => give(input.files));
    const row = element('div', 'row');
    const choose = button('Choose…', () => input.click(), true);
    choose.dataset.first = '';
    row.append(button('Cancel', () => this.send({ type: 'files', pageId, chooserId, files: [] })), choose);
    card.append(text, input);
    this.#actions(card, row);
    card.addEventListener('dragover', (event) => {
      event.preventDefault();
      card.classList.add('dropping');
    });
    card.addEventListener('dragleave', () => card.classList.remove('dropping'));
    card.addEventListener('drop', (event) => {
      event.preventDefault();
      card.classList.remove('dropping');
      give(event.dataTransfer.files);
    });
    return veil(card);
  }

  #give(pageId, chooserId, files) {
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    if (bytes > MAX_FILE_BYTES || files.length > MAX_FILES) {
      this.notify(`You can send at most ${MAX_FILES} files, 16 MiB in total.`);
      return;
    }
    const announced = files.map((file) => ({ name: file.name, bytes: file.size }));
    this.send({ type: 'files', pageId, chooserId, files: announced });
    files.filter((file) => file.size > 0).forEach((file) => this.send(file));
  }

  // Pickers

  /** The person's own browser picks. */
  #picker(message) {
    const { pageId, selectId, field } = message;
    const box = element('form', 'list picker');
    const input = element('input');
    input.type = field.type;
    for (const name of ['min', 'max', 'step', 'value']) {
      input[name] = field[name];
    }
    input.dataset.first = '';
    input.setAttribute('aria-label', 'Value');
    const cancel = () => this.send({ type: 'select', pageId, selectId, indexes: [] });
    const row = element('div', 'row');
    const set = button('Set', () => {}, true);
    set.type = 'submit';
    row.append(button('Cancel', cancel), set);
    box.append(input);
    this.#actions(box, row);
    box.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send({ type: 'select', pageId, selectId, indexes: [], value: input.value });
    });
    box.addEventListener('keydown', (event) => event.key === 'Escape' && this.interactive && cancel());
    return box;
  }

  // Lists

  #select(message) {
    if (message.field) {
      return this.#picker(message);
    }
    const { pageId, selectId, multiple } = message;
    const list = element('div', 'list');
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', 'Options');
    list.setAttribute('aria-multiselectable', String(multiple));
    list.tabIndex = -1;
    const chosen = new Set(message.selected);
    const tell = () => this.send({ type: 'select', pageId, selectId, indexes: [...chosen] });
    const choose = (index) => {
      if (!multiple) {
        chosen.clear();
      }
      if (multiple && chosen.has(index)) {
        chosen.delete(index);
      } else {
        chosen.add(index);
      }
      if (!multiple) {
        tell();
      }
    };
    this.#options(list, message, chosen, choose);
    if (multiple) {
      const row = element('div', 'row');
      row.append(button('Done', tell, true));
      this.#actions(list, row);
    }
    const cancel = () => this.send({ type: 'select', pageId, selectId, indexes: [] });
    list.addEventListener('keydown', (event) => this.#listKey(event, list, cancel));
    return list;
  }

  #options(list, message, chosen, choose) {
    let group = null;
    message.options.forEach((option, index) => {
      if (option.group && option.group !== group) {
        const head = element('div', 'group');
        head.textContent = option.group;
        list.append(head);
      }
      group = option.group;
      const item = element('button');
      item.type = 'button';
      item.setAttribute('role', 'option');
      item.textContent = option.label;
      item.setAttribute('aria-selected', String(chosen.has(index)));
      item.setAttribute('aria-disabled', String(option.disabled));
      if (chosen.has(index) && !list.querySelector('[data-first]')) {
        item.dataset.first = '';
      }
      if (!option.disabled && this.interactive) {
        item.addEventListener('click', () => {
          choose(index);
          item.setAttribute('aria-selected', String(chosen.has(index)));
        });
      }
      list.append(item);
    });
  }

  #listKey(event, list, cancel) {
    const items = [...list.querySelectorAll('[role=option]')];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      items[Math.min(Math.max(at + step, 0), items.length - 1)]?.focus();
    } else if (event.key === 'Escape' && this.interactive) {
      cancel();
    }
  }

  /** Below its element, or above where there is more room. */
  #placeLists() {
    const scale = this.picture.scale;
    const room = this.place.clientHeight;
    const picture = this.picture.canvas.getBoundingClientRect();
    const area = this.place.getBoundingClientRect();
    const [x, y] = [picture.left - area.left, picture.top - area.top];
    for (const { element: list, message } of this.#open.values()) {
      if (message.type !== 'select') {
        continue;
      }
      const top = y + message.y * scale;
      const bottom = y + (message.y + message.height) * scale;
      const below = room - bottom >= Math.min(list.scrollHeight + 10, top);
      list.style.left = `${Math.max(0, x + message.x * scale)}px`;
      list.style.minWidth = `${message.width * scale}px`;
      list.style.top = below ? `${bottom}px` : 'auto';
      list.style.bottom = below ? 'auto' : `${room - top}px`;
      list.style.maxHeight = `${Math.max(80, Math.min(320, below ? room - bottom : top))}px`;
    }
  }

  #card(title) {
    const card = element('div', 'card');
    card.setAttribute('role', 'alertdialog');
    card.setAttribute('aria-label', title);
    const head = element('h2');
    head.textContent = title;
    card.append(head);
    return card;
  }

  /** Who may only watch sees what is asked, not the buttons. */
  #actions(card, row) {
    if (this.interactive) {
      card.append(row);
    }
  }
}

export function element(name, className = '') {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function veil(card) {
  const made = element('div', 'veil');
  made.append(card);
  return made;
}

export function button(label, act, main = false) {
  const made = element('button', main ? 'button main' : 'button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', act);
  return made;
}
