// What a person's mouse and keys meet on a page. Runs in Berth's own world of the page's main frame, and sees iframes of the same
// process. Results are plain values.
(() => {
  'use strict';
  const MAX_OPTIONS = 1000, MAX_CHARS = 300, MAX_COPIED = 1 << 20;

  /** The document within an iframe; empty if it is not accessible. */
  function inner(element) {
    try { return element.tagName === 'IFRAME' ? element.contentDocument : null; } catch { return null; }
  }

  /** The innermost element at a point of the viewport, and where its own viewport begins. */
  function at(x, y) {
    let root = document, element = null, left = 0, top = 0;
    for (;;) {
      const next = root.elementFromPoint(x - left, y - top);
      if (!next || next === element) return {element, left, top};
      element = next;
      const within = inner(element);
      if (within) {
        const box = element.getBoundingClientRect();
        left += box.left + element.clientLeft;
        top += box.top + element.clientTop;
      }
      if (!within && !element.shadowRoot) return {element, left, top};
      root = within ?? element.shadowRoot;
    }
  }

  /** The element that has the focus; an iframe itself if its document is not accessible. */
  function focused() {
    let element = document.activeElement;
    for (;;) {
      const next = element?.shadowRoot?.activeElement ?? (element && inner(element)?.activeElement);
      if (!next) return element;
      element = next;
    }
  }

  const cut = text => String(text).slice(0, MAX_CHARS);
  const isSecret = element => !element || element.tagName === 'IFRAME' || element.type === 'password'
    || /cc-|one-time-code|password/.test(element.autocomplete ?? '') || /password/i.test(element.getAttribute?.('autocomplete') ?? '');
  const isList = element => element?.tagName === 'SELECT' && !element.multiple && element.size <= 1 && !element.matches(':disabled');

  const hasPicker = element => element?.tagName === 'INPUT' && /^(date|time|datetime-local|month|week|color)$/.test(element.type)
    && !element.matches(':disabled, :read-only:not([type=color])');

  function place(element, left, top) {
    const box = element.getBoundingClientRect();
    return {x: left + box.left, y: top + box.top, width: box.width, height: box.height};
  }

  function describePicker(input, left, top) {
    const {type, value, min, max, step} = input;
    return {options: [], selected: [], place: place(input, left, top),
      field: {type, value: cut(value), min: cut(min), max: cut(max), step: cut(step)}};
  }

  function describe(select, left, top) {
    const options = [...select.options].slice(0, MAX_OPTIONS);
    return {
      options: options.map(option => ({
        label: cut(option.label),
        disabled: option.matches(':disabled'),
        group: option.parentElement?.tagName === 'OPTGROUP' ? cut(option.parentElement.label) : null,
      })),
      selected: options.flatMap((option, index) => option.selected ? [index] : []),
      place: place(select, left, top),
    };
  }

  /** Has the page hear the event as its own, with this text as clipboard; whether it left the rest to the browser. */
  function clipboard(type, data) {
    const event = new ClipboardEvent(type, {clipboardData: data, bubbles: true, cancelable: true, composed: true});
    return (focused() ?? document.body ?? document).dispatchEvent(event);
  }

  function selected() {
    const field = focused();
    if (field && /^(INPUT|TEXTAREA)$/.test(field.tagName)) {
      try { return isSecret(field) ? '' : field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0); } catch { return ''; }
    }
    return String((field?.ownerDocument ?? document).getSelection() ?? '');
  }

  return {
    /**
     * The mouse is about to press: if it presses a list of options or a field with a picker, that stays shut, since no picture would
     * show it. The page hears the mouse all the same.
     */
    press(x, y, id) {
      globalThis.berthSelect?.shut?.abort();
      const {element, left, top} = at(x, y);
      if (hasPicker(element)) {
        const shut = new AbortController();
        globalThis.berthSelect = {id, select: element, shut};
        element.ownerDocument.defaultView.addEventListener('click', event => event.composedPath().includes(element) && event.preventDefault(),
          {capture: true, once: true, signal: shut.signal});
        return describePicker(element, left, top);
      }
      const select = element?.closest?.('select');
      if (!isList(select)) return null;
      globalThis.berthSelect = {id, select};
      const view = select.ownerDocument.defaultView;
      view.addEventListener('mousedown', event => event.preventDefault(), {capture: true, once: true});
      select.focus();
      return describe(select, left, top);
    },

    choose(id, indexes, value) {
      const {select} = globalThis.berthSelect?.id === id ? globalThis.berthSelect : {};
      if (!select?.isConnected) return 'the list is not there any more';
      if (select.tagName === 'INPUT') {
        if (select.value === value) return '';
        select.value = value ?? '';
        if (select.value !== value) return 'the field does not take this value';
      } else {
        const option = select.options[indexes.at(-1)];
        if (!option || option.matches(':disabled')) return 'the list has no such option to choose';
        if (option.selected) return '';
        option.selected = true;
      }
      globalThis.berthRecorder?.chosen(select);
      select.dispatchEvent(new Event('input', {bubbles: true, composed: true}));
      select.dispatchEvent(new Event('change', {bubbles: true}));
      return '';
    },

    cursor(x, y) {
      const {element} = at(x, y);
      const name = element ? getComputedStyle(element).cursor.split(',').at(-1).trim() : 'default';
      return name !== 'auto' ? name : element.isContentEditable || element.matches('input, textarea') ? 'text' : 'default';
    },

    /** The right button of the mouse is about to press there: from then on, {@code menu} tells what came of it. */
    watchMenu(x, y) {
      globalThis.berthMenu?.over.abort();
      const {element} = at(x, y);
      const menu = globalThis.berthMenu = {element, x, y, over: new AbortController()};
      (element?.ownerDocument.defaultView ?? window).addEventListener('contextmenu', event => { menu.event = event; },
        {capture: true, once: true, signal: menu.over.signal});
      return null;
    },

    /** The menu that the browser itself would show; null if the page prevents that, or the button was pressed elsewhere since. */
    menu(x, y) {
      const {element, event, ...at} = globalThis.berthMenu ?? {};
      if (!event || event.defaultPrevented || at.x !== x || at.y !== y) return null;
      return {editable: element.isContentEditable || element.matches('input, textarea'), selected: selected() !== ''};
    },

    /** Whether the page left it to the browser to insert the text. */
    paste(text) {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      const field = focused(), pasted = globalThis.berthRecorder?.pasting(field, text, isSecret(field));
      const left = clipboard('paste', data);
      pasted?.(left);
      return left;
    },

    copy() {
      const data = new DataTransfer();
      return ((clipboard('copy', data) ? '' : data.getData('text/plain')) || selected()).slice(0, MAX_COPIED);
    },
  };
})()
