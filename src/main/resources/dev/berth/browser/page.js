// What Berth asks of a page, as one expression that gives an object of functions. It runs in a world of its own, where the
// page's changes to built-in objects are not seen.
(() => {
  const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD']);
  const SKIPPED_SELECTOR = [...SKIPPED].join();
  /** What they hold is a value, not a text. */
  const FIELDS = new Set(['SELECT', 'TEXTAREA', 'DATALIST']);
  const TEXT_TYPES = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number', 'date', 'time', 'datetime-local',
    'month', 'week', 'color', 'range', '']);
  const view = node => (node.ownerDocument ?? node).defaultView;
  const clean = text => (text ?? '').replace(/\s+/g, ' ').trim();
  /** In the tree as it is painted: through slots and open shadow roots. */
  const parent = node => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;

  /** The element's root, and all open shadow roots and same-origin documents below it. */
  function* roots(root) {
    yield root;
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) yield* roots(element.shadowRoot);
    }
  }

  // Selectors

  /** At spaces that are descendant combinators. */
  function descendants(css) {
    const parts = [];
    let part = '', depth = 0, quote = '', glued = false, escaped = false;
    for (const c of css) {
      // A hexadecimal escape ends with a space of its own: whoever writes one means no descendant.
      if (escaped && /[0-9a-f]/i.test(c)) return [];
      if (escaped || c === '\\') {
        escaped = !escaped;
        part += c;
        continue;
      }
      const top = !quote && !depth;
      if (top && c === ',') return [];
      if (top && /\s/.test(c)) {
        if (part && !glued) part = (parts.push(part), '');
        continue;
      }
      if (top && '>+~'.includes(c) && !part) part = parts.pop() ?? '';
      glued = top && '>+~'.includes(c);
      if (quote) quote = c === quote ? '' : quote;
      else if (c === '"' || c === "'") quote = c;
      else if ('[('.includes(c)) depth++;
      else if ('])'.includes(c)) depth--;
      part += c;
    }
    return part ? [...parts, part] : parts;
  }

  /** Ancestors may stand outside the shadow root that the element is in. */
  function* acrossRoots(parts) {
    const last = parts[parts.length - 1];
    for (const root of roots(document)) {
      for (const element of root.querySelectorAll(last)) {
        let left = parts.length - 2;
        for (let at = parent(element); at && left >= 0; at = parent(at)) if (at.matches(parts[left])) left--;
        if (left < 0) yield element;
      }
    }
  }

  function* byCss(css) {
    let found = false;
    for (const root of roots(document)) {
      for (const element of root.querySelectorAll(css)) {
        found = true;
        yield element;
      }
    }
    const parts = found ? [] : descendants(css);
    if (parts.length > 1) yield* acrossRoots(parts);
  }

  /** In shadow roots only what may stand anywhere: they are no document that a path could start from. */
  function* byXPath(xpath) {
    for (const root of roots(document)) {
      const contexts = root === document ? [document] : xpath.startsWith('//') ? root.children : [];
      const path = root === document ? xpath : 'descendant-or-self::' + xpath.slice(2);
      for (const context of contexts) {
        const found = document.evaluate(path, context, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
        for (let i = 0; i < found.snapshotLength; i++) {
          const node = found.snapshotItem(i);
          const holder = node.nodeType === Node.ELEMENT_NODE ? node : node.ownerElement ?? node.parentElement;
          if (holder) yield holder;
        }
      }
    }
  }

  /** Without what is in its scripts, which often have all of a page's texts. */
  function readable(element) {
    if (!element.querySelector(SKIPPED_SELECTOR)) return element.textContent;
    return [...element.childNodes].map(node => node.nodeType === Node.TEXT_NODE ? node.data
      : node.nodeType === Node.ELEMENT_NODE && !SKIPPED.has(node.tagName) ? readable(node) : '').join('');
  }

  const ownText = element => ['submit', 'button', 'reset'].includes(element.type) && element.tagName === 'INPUT'
    ? clean(element.value) : clean(readable(element));

  /** The innermost elements whose text has it: in any case, or exactly where it is quoted. */
  function* byText(text) {
    const quoted = /^(["'])(.*)\1$/s.exec(text.trim());
    const wanted = clean(quoted ? quoted[2] : text);
    if (!wanted) throw new Error('text= needs a text');
    const matches = quoted ? element => ownText(element) === wanted
      : element => ownText(element).toLowerCase().includes(wanted.toLowerCase());
    for (const root of roots(document)) {
      for (const element of root.querySelectorAll('*')) {
        if (SKIPPED.has(element.tagName) || !matches(element)) continue;
        if (![...element.children].some(child => !SKIPPED.has(child.tagName) && matches(child))) yield element;
      }
    }
  }

  function* candidates(selector) {
    const [, engine, rest] = /^\s*(?:(css|xpath|text)=)?(.*)$/s.exec(selector);
    if (engine === 'text') yield* byText(rest);
    else if (engine === 'xpath' || /^\(*\/\//.test(rest)) yield* byXPath(rest);
    else yield* byCss(rest);
  }

  // States

  function visible(element) {
    if (!element.isConnected) return false;
    const style = view(element).getComputedStyle(element);
    if (style.display === 'contents') {
      return [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE ? clean(node.data) : node.tagName && visible(node));
    }
    const box = element.getBoundingClientRect();
    return style.visibility === 'visible' && box.width > 0 && box.height > 0
      && element.checkVisibility({contentVisibilityAuto: false});
  }

  function disabled(element) {
    for (let at = element; at; at = parent(at)) {
      if (at.getAttribute('aria-disabled') === 'true' || at.matches(':disabled')) return true;
    }
    return false;
  }

  /** The next picture; a page that is not painted has none. */
  const frame = element => Promise.race([
    new Promise(done => view(element).requestAnimationFrame(done)), new Promise(done => setTimeout(done, 100))]);

  /** From one picture to the next: the first may be about to be made. */
  async function moving(element) {
    const a = element.getBoundingClientRect(), since = performance.now();
    await frame(element);
    if (performance.now() - since < 12) await frame(element);
    const b = element.getBoundingClientRect();
    return a.x !== b.x || a.y !== b.y || a.width !== b.width || a.height !== b.height;
  }

  function topmost(root, x, y) {
    let hit = root.elementFromPoint(x, y);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  }

  const name = element => `<${element.localName}${element.id ? ' id="' + element.id + '"' : ''}${
    element.classList.length ? ' class="' + [...element.classList].join(' ') + '"' : ''}>`;

  function within(element, hit) {
    for (let at = hit; at; at = parent(at)) if (at === element) return true;
    return hit.closest('label')?.control === element;
  }

  /** What would get the click instead; null for nothing, undefined for a point outside the viewport. */
  function cover(element, x, y) {
    const hit = topmost(element.ownerDocument, x, y);
    if (!hit) return undefined;
    if (!within(element, hit)) return hit;
    const owner = view(element).frameElement;
    if (!owner) return null;
    const box = owner.getBoundingClientRect(), style = view(owner).getComputedStyle(owner);
    return cover(owner, x + box.left + owner.clientLeft + parseFloat(style.paddingLeft),
      y + box.top + owner.clientTop + parseFloat(style.paddingTop));
  }

  /** The middle of what can be seen of the element's first box. */
  function middle(element) {
    const box = [...element.getClientRects()].find(rect => rect.width > 0 && rect.height > 0) ?? element.getBoundingClientRect();
    const {innerWidth, innerHeight} = view(element);
    const clip = (from, size, limit) => (Math.max(0, from) + Math.min(limit, from + size)) / 2;
    return {x: clip(box.left, box.width, innerWidth), y: clip(box.top, box.height, innerHeight), left: box.left, top: box.top};
  }

  function hit(element, point) {
    const {innerWidth, innerHeight} = view(element);
    if (point.x < 0 || point.y < 0 || point.x >= innerWidth || point.y >= innerHeight) return undefined;
    return cover(element, point.x, point.y);
  }

  /** A point at which the element gets the mouse; else `{why: …}`. Each try scrolls it to another place. */
  async function reach(element, tries) {
    let point = middle(element), found = hit(element, point);
    if (found !== null) {
      const block = ['center', 'end', 'start', 'nearest'][tries % 4];
      element.scrollIntoView({block, inline: block, behavior: 'instant'});
      await frame(element);
      point = middle(element);
      found = hit(element, point);
    }
    if (found === null) return point;
    return {why: found ? 'is covered by ' + name(found) : 'is outside of the viewport, even scrolled'};
  }

  // Fields

  const isField = element => element.isContentEditable || element.matches('input, textarea, select');
  const control = element => isField(element) ? element : element.control ?? element.closest('label')?.control ?? element;
  const secret = element => element.type === 'password' || /cc-|one-time-code|password/.test(element.autocomplete ?? '');

  function focus(element) {
    const root = element.getRootNode();
    if (element.contains(root.activeElement) && root.activeElement !== element.ownerDocument.body) return;
    element.focus();
    if (element.isContentEditable) {
      element.ownerDocument.getSelection().selectAllChildren(element);
      element.ownerDocument.getSelection().collapseToEnd();
    } else if (typeof element.value === 'string' && element.setSelectionRange) {
      try { element.setSelectionRange(element.value.length, element.value.length); } catch { /* numbers and dates have none */ }
    }
    if (!element.matches(':focus-within')) throw new Error('it can not take the focus: ' + name(element));
  }

  function tell(element, value) {
    element.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true, inputType: 'insertReplacementText', data: value}));
    element.dispatchEvent(new Event('change', {bubbles: true}));
  }

  function requireText(element) {
    if (element.tagName === 'TEXTAREA') return;
    if (element.tagName === 'INPUT' && TEXT_TYPES.has(element.type)) return;
    const instead = {checkbox: 'click', radio: 'click', file: 'upload', select: 'select'}[element.type ?? element.localName]
      ?? (element.tagName === 'SELECT' ? 'select' : null);
    throw new Error(`${name(element)} is no field for text${instead ? '; use ' + instead : ''}`);
  }

  function fill(element, value) {
    if (element.isContentEditable) {
      element.focus();
      element.ownerDocument.getSelection().selectAllChildren(element);
      return {insert: true};
    }
    requireText(element);
    element.focus();
    // The setter of the prototype: frameworks put one of their own on the element, to see what scripts set.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value').set.call(element, value);
    if (element.value !== value && !['text', 'search', 'tel', 'password', 'email', 'url', 'color', 'textarea'].includes(element.type)) {
      throw new Error(`'${value}' is no value for a field of type ${element.type}`);
    }
    tell(element, value);
    return {secret: secret(element)};
  }

  function options(element, values) {
    const all = [...element.options];
    return values.map(value => all.find(o => o.value === value) ?? all.find(o => clean(o.label) === clean(value)));
  }

  function select(element, values) {
    if (element.tagName !== 'SELECT') throw new Error(name(element) + ' is no select element');
    if (values.length > 1 && !element.multiple) throw new Error('only one option can be selected there');
    const chosen = options(element, values), missing = values.find((value, i) => !chosen[i]);
    if (missing !== undefined) return {why: `has no option '${missing}'`};
    if (chosen.some(option => option.disabled)) return {why: 'has that option disabled'};
    element.focus();
    for (const option of element.options) option.selected = chosen.includes(option);
    tell(element, null);
    return {values: [...element.selectedOptions].map(option => option.value)};
  }

  function scroll(element, x, y) {
    element.scrollBy({left: x, top: y, behavior: 'instant'});
    return {x: element.scrollLeft ?? element.scrollX, y: element.scrollTop ?? element.scrollY};
  }

  // Contents

  const children = node => node.shadowRoot ? node.shadowRoot.childNodes
    : node.tagName === 'SLOT' && node.assignedNodes().length ? node.assignedNodes() : node.childNodes;

  function inner(iframe) {
    try { return iframe.contentDocument?.body; } catch { return null; }
  }

  /** A copy of what can be seen, shadow roots and same-origin iframes put in their places. */
  function shown(node, into) {
    if (node.nodeType === Node.TEXT_NODE) return into.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName) || FIELDS.has(node.tagName)) return;
    const style = view(node).getComputedStyle(node);
    if (style.display === 'none' || (style.visibility !== 'visible' && !node.children.length)) return;
    const copy = document.implementation.createHTMLDocument('').createElement(node.localName === 'iframe' ? 'div' : node.localName);
    for (const attribute of ['href', 'src', 'alt', 'title', 'colspan', 'start', 'type', 'checked']) {
      if (node.hasAttribute(attribute)) copy.setAttribute(attribute, node[attribute] ?? node.getAttribute(attribute));
    }
    const body = node.tagName === 'IFRAME' ? inner(node) : null;
    if (body) shown(body, copy);
    else if (style.visibility === 'visible' || node.children.length) for (const child of children(node)) shown(child, copy);
    into.append(copy);
  }

  function shownHtml() {
    const root = document.implementation.createHTMLDocument('').createElement('div');
    if (document.body) shown(document.body, root);
    return root.innerHTML;
  }

  /** As a reader sees it: blocks on lines of their own. */
  function shownText(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const holder = node.parentElement ?? node.getRootNode().host;
      const style = view(holder).getComputedStyle(holder);
      if (style.visibility !== 'visible') return '';
      return /^(pre|break-spaces)/.test(style.whiteSpace) ? node.data : node.data.replace(/\s+/g, ' ');
    }
    if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName) || FIELDS.has(node.tagName)) return '';
    const {display} = view(node).getComputedStyle(node);
    if (display === 'none') return '';
    if (node.tagName === 'BR') return '\n';
    const body = node.tagName === 'IFRAME' ? inner(node) : null;
    const text = body ? shownText(body) : [...children(node)].map(shownText).join('');
    if (display.startsWith('table-cell')) return text.trim() + '\t';
    return /^(inline|contents|ruby)/.test(display) ? text : `\n${text}\n${node.tagName === 'P' || /^H\d$/.test(node.tagName) ? '\n' : ''}`;
  }

  /** Where it has more than `max` bytes in UTF-8, their number; at least that of its characters where these are more than `most`. */
  function content(format, max, most) {
    const text = read(format);
    if (text.length > most) return text.length;
    // No halves of characters, which have no UTF-8.
    const whole = text.toWellFormed?.() ?? text;
    const bytes = whole.length * 3 > max ? new TextEncoder().encode(whole).length : whole.length;
    return bytes > max ? bytes : whole;
  }

  function read(format) {
    if (format === 'markdown') return shownHtml();
    if (format === 'text') {
      const lines = (document.body ? shownText(document.body) : '').split('\n').map(line => line.replace(/[ \t]+$/, '').replace(/^ +/, ''));
      return lines.join('\n').replace(/\n{3,}/g, '\n\n').trim();
    }
    const doctype = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + '\n' : '';
    return doctype + (document.documentElement?.outerHTML ?? '');
  }

  return {
    /** The first that can be seen, else the first; undefined where there is none. */
    find(selector) {
      let first;
      for (const element of candidates(selector)) {
        if (visible(element)) return element;
        first ??= element;
      }
      return first;
    },

    visible,

    /** `{why: it is not ready}`, or the point to click. */
    async ready(element, {attached, enabled, still, pointed, tries}) {
      if (!element.isConnected) return {why: 'has left the document'};
      if (attached) return {};
      if (!visible(element)) return {why: 'is not visible'};
      if (enabled && disabled(element)) return {why: 'is disabled'};
      if (still && await moving(element)) return {why: 'is moving'};
      return pointed ? reach(element, tries) : {};
    },

    focus(element) {
      focus(element);
      return {secret: secret(element)};
    },

    fill(element, value) {
      const field = control(element);
      if (field.readOnly) return {why: 'is read-only'};
      return fill(field, value);
    },

    select: (element, values) => select(control(element), values),
    scroll: (element, x, y) => scroll(element, x, y),
    intoView(element) {
      element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
      return {};
    },
    scrollPage: (x, y) => scroll(document.scrollingElement ?? document.documentElement, x, y),
    file(element) {
      const field = control(element);
      if (field.tagName !== 'INPUT' || field.type !== 'file') throw new Error(name(field) + ' is no file input');
      return {multiple: field.multiple};
    },
    control,
    box(element) {
      const {left, top, width, height} = element.getBoundingClientRect();
      return {left, top, width, height, x: left + view(element).scrollX, y: top + view(element).scrollY};
    },
    content,
  };
})()
