// The functions that Berth calls in a page, as one expression that returns an object of them. Runs in an isolated world, which the
// page's changes to built-in objects do not reach. `roles` is what roles.js is, and `naming` what names.js is.
(() => {
  const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD']);
  const SKIPPED_SELECTOR = [...SKIPPED].join();
  /** Elements whose content is a value, and not text of the page. */
  const FIELDS = new Set(['SELECT', 'TEXTAREA', 'DATALIST']);
  const TEXT_TYPES = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number', 'date', 'time', 'datetime-local',
    'month', 'week', 'color', 'range', '']);
  const TURNED = 'is in an iframe that is rotated or skewed, where the mouse can not be aimed';
  const MAX_CANDIDATES = 1000;
  const MAX_BOXES = 10;
  /** Fractions of a box's width and height, the least likely to be covered first. */
  const PARTS = [.5, .25, .75, .1, .9];
  /** The types of fields that maxlength applies to. */
  const LIMITED = new Set(['text', 'search', 'url', 'tel', 'email', 'password', 'textarea']);
  const view = node => (node.ownerDocument ?? node).defaultView;
  const clean = text => (text ?? '').replace(/\s+/g, ' ').trim();
  /** The parent in the flat tree, that is through slots and open shadow roots. */
  const parent = node => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;

  /** The element's root, and all open shadow roots and same-origin documents below it. */
  function* roots(root) {
    yield root;
    if (root.shadowRoot) yield* roots(root.shadowRoot);
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) yield* roots(element.shadowRoot);
    }
  }

  // Selectors

  /** Splits at spaces that are descendant combinators. */
  function descendants(css) {
    const parts = [];
    let part = '', depth = 0, quote = '', glued = false, escaped = false;
    for (const c of css) {
      // The space that ends a hexadecimal escape is no combinator.
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

  /** Ancestors may be outside the shadow root of the element. */
  function* acrossRoots(parts, scope) {
    const last = parts[parts.length - 1];
    for (const root of roots(scope)) {
      for (const element of root.querySelectorAll(last)) {
        let left = parts.length - 2;
        for (let at = parent(element); at && left >= 0; at = parent(at)) if (at.matches(parts[left])) left--;
        if (left < 0) yield element;
      }
    }
  }

  function* byCss(css, scope) {
    let found = false;
    for (const root of roots(scope)) {
      for (const element of root.querySelectorAll(css)) {
        found = true;
        yield element;
      }
    }
    const parts = found ? [] : descendants(css);
    if (parts.length > 1) yield* acrossRoots(parts, scope);
  }

  /** In shadow roots, only for paths that start with `//`: a shadow root is no document that other paths could start from. */
  function* byXPath(xpath, scope) {
    const below = scope !== document && xpath.startsWith('/') ? '.' + xpath : xpath;
    for (const root of roots(scope)) {
      const contexts = root === scope ? [scope] : xpath.startsWith('//') ? root.children : [];
      const path = root === scope ? below : 'descendant-or-self::' + xpath.slice(2);
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

  /** Leaves out scripts, which often contain all texts of a page. */
  function readable(element) {
    if (!element.querySelector(SKIPPED_SELECTOR)) return element.textContent;
    return [...element.childNodes].map(node => node.nodeType === Node.TEXT_NODE ? node.data
      : node.nodeType === Node.ELEMENT_NODE && !SKIPPED.has(node.tagName) ? readable(node) : '').join('');
  }

  const ownText = element => ['submit', 'button', 'reset'].includes(element.type) && element.tagName === 'INPUT'
    ? clean(element.value) : clean(readable(element));

  const unquoted = text => text.replace(/^\s*(["'])(.*)\1\s*$/s, '$2');

  /** The innermost elements that contain the text: in upper or lower case, or exactly if it is quoted. */
  function* byText(text, scope) {
    const quoted = /^(["'])(.*)\1$/s.test(text.trim());
    const wanted = clean(unquoted(text));
    if (!wanted) throw new Error('text= needs a text');
    const matches = quoted ? element => ownText(element) === wanted
      : element => ownText(element).toLowerCase().includes(wanted.toLowerCase());
    for (const root of roots(scope)) {
      for (const element of root.querySelectorAll('*')) {
        if (SKIPPED.has(element.tagName) || !matches(element)) continue;
        if (![...element.children].some(child => !SKIPPED.has(child.tagName) && matches(child))) yield element;
      }
    }
  }

  const TO_CLICK = 'a[href], button, input:not([type=hidden]), select, textarea, summary, label, option,'
    + ' [contenteditable=""], [contenteditable=true], '
    + ['button', 'link', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'tab', 'option', 'checkbox', 'radio', 'switch', 'treeitem']
      .map(role => `[role=${role}]`).join();
  const CLICKABLE = TO_CLICK + ', [onclick], [tabindex]:not([tabindex="-1"])';

  /** Whether the element, or one that contains it, looks clickable to a user. */
  function clickable(element) {
    for (let at = element; at; at = parent(at)) if (at.matches(CLICKABLE)) return true;
    return view(element).getComputedStyle(element).cursor === 'pointer';
  }

  /** The best of the elements: a visible one, preferably with exactly the text that was asked for, preferably clickable. */
  function likeliest(elements, exact) {
    let best, bestScore = -1, seen = 0;
    for (const element of elements) {
      const score = (visible(element) ? 4 : 0) + (exact(element) ? 2 : 0) + (clickable(element) ? 1 : 0);
      if (score > bestScore) [best, bestScore] = [element, score];
      if (bestScore === 7 || ++seen === MAX_CANDIDATES) break;
    }
    return best;
  }

  function firstVisible(elements) {
    let first;
    for (const element of elements) {
      if (visible(element)) return element;
      first ??= element;
    }
    return first;
  }

  const roled = roles({roots, children: node => children(node), parent, clean, view, disabled});
  const ENGINE = /^\s*(?:([a-z]+)=)?(.*)$/s;
  /** By its prefix: finds elements within a scope; and `exact`, where some of them are a better answer than others. */
  const ENGINES = {
    css: css => ({find: scope => byCss(css, scope)}),
    xpath: xpath => ({find: scope => byXPath(xpath, scope)}),
    text: text => ({
      find: scope => byText(text, scope),
      exact: element => ownText(element).toLowerCase() === clean(unquoted(text)).toLowerCase(),
    }),
    ...roled.engines,
  };

  function engine(part) {
    const [, prefix, rest] = ENGINE.exec(part);
    if (!prefix || prefix === 'css') return ENGINES[/^\(*\/\//.test(rest) ? 'xpath' : 'css'](rest);
    if (Object.hasOwn(ENGINES, prefix)) return ENGINES[prefix](rest);
    if (prefix === 'ref') throw new Error('a ref is one of a snapshot, such as ref=e12, and stands alone');
    if (prefix === 'nth') throw new Error('nth= counts what a selector before it finds, such as .row >> nth=0');
    throw new Error(`there is no '${prefix}=', but ${[...Object.keys(ENGINES), 'nth'].map(known => known + '=').join(', ')}`);
  }

  /** Prefixes of texts, which may contain brackets and apostrophes. */
  const FREE = /^\s*(?:text|label|placeholder|testid)=\s*/;

  /** Splits at `>>`, except in quotes, in brackets, and at an end. */
  function chain(selector) {
    if (!selector.includes('>>')) return [selector];
    const parts = [];
    let part = '', quote = '', depth = 0;
    for (let i = 0; i < selector.length; i++) {
      const c = selector[i], free = FREE.exec(part)?.[0];
      const top = !quote && !depth;
      if (top && selector.startsWith('>>', i) && part.trim() && selector.slice(i + 2).trim()) {
        part = (parts.push(part), i++, '');
        continue;
      }
      if (quote) quote = c === quote ? '' : quote;
      else if ('"\''.includes(c) && (!free || free === part)) quote = c;
      else if (c === '/' && depth && part.endsWith('=')) quote = c;
      else if (!free && '[('.includes(c)) depth++;
      else if (!free && '])'.includes(c)) depth--;
      part += c === '\\' ? c + (selector[++i] ?? '') : c;
    }
    return [...parts, part];
  }

  /** The elements that a part of a selector finds within others, each once. */
  function* foundIn(scopes, {find}) {
    const seen = new Set();
    for (const scope of scopes) {
      for (const element of find(scope)) {
        if (seen.has(element)) continue;
        if (scopes.length > 1) seen.add(element);
        yield element;
      }
    }
  }

  function first(elements, most) {
    const taken = [];
    for (const element of elements) if (taken.push(element) === most) break;
    return taken;
  }

  /** What a part finds where others follow. */
  function narrowed(scopes, part) {
    const [, nth] = /^\s*nth=\s*(-?\d+)\s*$/.exec(part) ?? [];
    return nth && scopes[0] !== document ? [scopes.at(Number(nth))].filter(element => element)
      : first(foundIn(scopes, engine(part)), MAX_CANDIDATES);
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

  /** Waits for the next animation frame, or a while on a page that is not painted. */
  const frame = element => Promise.race([
    new Promise(done => view(element).requestAnimationFrame(done)), new Promise(done => setTimeout(done, 100))]);

  /** Waits from one animation frame to the next: the first may be imminent. */
  async function moving(element) {
    const a = element.getBoundingClientRect(), since = performance.now();
    await frame(element);
    if (performance.now() - since < 12) await frame(element);
    const b = element.getBoundingClientRect();
    return a.x !== b.x || a.y !== b.y || a.width !== b.width || a.height !== b.height;
  }

  /** The slot that shows the host's own text at a point: for its document, the hit element is the host itself. */
  function slotOfText(host, x, y) {
    for (const child of host.childNodes) {
      if (child.nodeType !== Node.TEXT_NODE || !child.assignedSlot) continue;
      const range = host.ownerDocument.createRange();
      range.selectNode(child);
      const rects = [...range.getClientRects()];
      if (rects.some(box => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)) return child.assignedSlot;
    }
    return null;
  }

  /** What is painted on top at a point of the element's document, also in the shadow roots, closed or not, that the element is in. */
  function topmost(element, x, y) {
    const around = new Map();
    for (let root = element.getRootNode(); root.host; root = root.host.getRootNode()) around.set(root.host, root);
    const rootOf = host => host?.shadowRoot ?? around.get(host);
    let hit = element.ownerDocument.elementFromPoint(x, y);
    while (rootOf(hit)) {
      const inner = rootOf(hit).elementFromPoint(x, y);
      if (!inner || inner === hit) return slotOfText(hit, x, y) ?? hit;
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

  /** The box of an iframe, the top left of its content, and how much larger that is shown than its own document says. */
  function inside(iframe) {
    const {left, top, width, height} = iframe.getBoundingClientRect(), style = view(iframe).getComputedStyle(iframe);
    const scaleX = width / iframe.offsetWidth || 1, scaleY = height / iframe.offsetHeight || 1;
    return {left, top, width, height, scaleX, scaleY, x: left + (iframe.clientLeft + parseFloat(style.paddingLeft)) * scaleX,
      y: top + (iframe.clientTop + parseFloat(style.paddingTop)) * scaleY};
  }

  /** The point of an iframe's document as one of the document that holds the iframe. */
  function outside(iframe, x, y) {
    const origin = inside(iframe);
    return {...origin, x: origin.x + x * origin.scaleX, y: origin.y + y * origin.scaleY};
  }

  /** Whether an element, or one that contains it, is rotated or skewed: its box does not tell where a point of it is then. */
  function turned(element) {
    for (let at = element; at; at = parent(at)) {
      const {transform, rotate} = view(at).getComputedStyle(at);
      const matrix = transform === 'none' ? null : new DOMMatrixReadOnly(transform);
      if (rotate !== 'none' || (matrix && (!matrix.is2D || matrix.b || matrix.c))) return true;
    }
    return false;
  }

  /** The element that would get the click instead; null if none, undefined for a point outside the viewport. */
  function cover(element, x, y) {
    const hit = topmost(element, x, y);
    if (!hit) return undefined;
    if (!within(element, hit)) return hit;
    const owner = view(element).frameElement;
    if (!owner) return null;
    const at = outside(owner, x, y);
    return cover(owner, at.x, at.y);
  }

  /** The boxes of the element, or those of its content if it has none itself. */
  function boxes(element) {
    const own = [...element.getClientRects()].filter(box => box.width > 0 && box.height > 0);
    if (own.length > 0) return own;
    const range = element.ownerDocument.createRange();
    range.selectNodeContents(element);
    return [...range.getClientRects()].filter(box => box.width > 0 && box.height > 0);
  }

  /** Visible points of the element, the least likely to be covered first: the centres of its boxes, then a grid over each. */
  function* points(element) {
    const {innerWidth, innerHeight} = view(element);
    const all = boxes(element), {left, top, width, height} = all[0] ?? element.getBoundingClientRect(), seen = [];
    for (const box of all.slice(0, MAX_BOXES)) {
      const x = Math.max(0, box.left), y = Math.max(0, box.top);
      const width = Math.min(innerWidth, box.right) - x, height = Math.min(innerHeight, box.bottom) - y;
      if (width > 0 && height > 0) seen.push({x, y, width, height});
    }
    const at = (box, across, down) => ({x: box.x + box.width * across, y: box.y + box.height * down, left, top, width, height});
    for (const box of seen) yield at(box, .5, .5);
    for (const box of seen) for (const down of PARTS) for (const across of PARTS) yield at(box, across, down);
  }

  /** A point at which the element gets the mouse; otherwise the element that gets it at the first point, undefined if no point is in the viewport. */
  function free(element) {
    let first;
    for (const point of points(element)) {
      const over = cover(element, point.x, point.y);
      if (over === null) return {point};
      first ??= over;
    }
    return {over: first};
  }

  /** The point that lies so far from the top left of the element, inside of its border; its middle without a position. */
  function placed(element, position) {
    const box = boxes(element)[0] ?? element.getBoundingClientRect(), {left, top, width, height} = box;
    const {x, y} = position ? element.getBoundingClientRect() : box;
    return position ? {x: x + element.clientLeft + position.x, y: y + element.clientTop + position.y, left, top, width, height}
      : {x: left + width / 2, y: top + height / 2, left, top, width, height};
  }

  const inView = (element, {x, y}) => x >= 0 && y >= 0 && x < view(element).innerWidth && y < view(element).innerHeight;

  /** Where the middle of an element is that can be seen, and how large the viewport is. */
  function seen(element) {
    const {x, y} = placed(element), {innerWidth: width, innerHeight: height} = view(element);
    return {viewport: {width, height}, ...(visible(element) && inView(element, {x, y}) ? {at: {x, y}} : {})};
  }

  async function scrolledTo(element, tries) {
    const block = ['center', 'end', 'start', 'nearest'][tries % 4];
    element.scrollIntoView({block, inline: block, behavior: 'instant'});
    await frame(element);
  }

  /** The same point, scrolled into view, whatever else is there; `{why: …}` if it can't be seen. */
  async function exact(element, position, tries) {
    if (!inView(element, placed(element, position))) await scrolledTo(element, tries);
    const point = placed(element, position);
    return inView(element, point) ? point : {why: 'is outside of the viewport, even scrolled'};
  }

  /** The same; `{why: …}` if the element does not get the mouse there. */
  async function reachExact(element, position, tries) {
    let point = placed(element, position);
    if (cover(element, point.x, point.y) !== null) {
      await scrolledTo(element, tries);
      point = placed(element, position);
    }
    const over = cover(element, point.x, point.y);
    return over === null ? point : {why: over ? 'is covered by ' + name(over) : 'is outside of the viewport, even scrolled'};
  }

  /** A point at which the element gets the mouse; otherwise `{why: …}`. Each try scrolls the element to another place. */
  async function reach(element, tries) {
    let found = free(element);
    if (!found.point) {
      await scrolledTo(element, tries);
      found = free(element);
    }
    return found.point
      ?? {why: found.over ? 'is covered by ' + name(found.over) : 'is outside of the viewport, even scrolled'};
  }

  /** A point of the content of an iframe of another site, in the iframe's document; `{why: …}` if it does not get the mouse there. */
  async function through(iframe, x, y, force) {
    if (await moving(iframe)) return {why: 'is moving'};
    if (turned(iframe)) return {why: TURNED};
    const at = outside(iframe, x, y);
    const over = cover(iframe, at.x, at.y);
    if (over === null || (over && force)) return at;
    if (over) return {why: 'is covered by ' + name(over)};
    // Its own document can't scroll this one at once.
    iframe.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
    const {innerWidth, innerHeight} = view(iframe), moved = outside(iframe, x, y);
    view(iframe).scrollBy({left: moved.x - innerWidth / 2, top: moved.y - innerHeight / 2, behavior: 'instant'});
    return {why: 'is outside of the viewport, even scrolled'};
  }

  /** Whether a click downloads a file, although no page is left. */
  function givesFile(element) {
    for (let at = element; at; at = parent(at)) if (at.matches('a[download][href]')) return true;
    return false;
  }

  /** Its `end` describes what the mouse was released on instead of the element; empty if the element, or nothing known, got it. */
  function releases(element) {
    const window = view(element);
    let shown = element, strayed = '';
    // What is in a closed shadow root is not in an event's path.
    for (let root = shown.getRootNode(); root.mode === 'closed'; root = shown.getRootNode()) shown = root.host;
    const released = event => {
      const path = event.composedPath();
      if (!element.isConnected) strayed ||= 'another element, as it left the document when it was pressed';
      else if (!path.includes(shown) && !(path[0].tagName && within(element, path[0]))) strayed ||= path[0].tagName ? name(path[0]) : 'the page';
    };
    const end = () => (window.removeEventListener('mouseup', released, true), strayed);
    window.addEventListener('mouseup', released, true);
    // Where nobody asks: a forced click, or a page that hung.
    setTimeout(end, 10_000);
    return {end};
  }

  // Fields

  const isField = element => element.isContentEditable || element.matches('input, textarea, select');
  const control = element => isField(element) ? element : element.control ?? element.closest('label')?.control ?? element;
  const secret = element => element.type === 'password' || /cc-|one-time-code|password/.test(element.autocomplete ?? '');

  const readOnly = field => isField(field) && 'readOnly' in field ? field.readOnly : field.getAttribute('aria-readonly') === 'true';

  /** Whether it is visible apart from its size: editors take keys in a field without any. */
  const rendered = element => element.isConnected && element.checkVisibility({visibilityProperty: true, contentVisibilityAuto: false});

  /** The element that has the focus, through shadow roots and iframes; the iframe itself if its document is not accessible. */
  function focused() {
    let at = document.activeElement;
    for (;;) {
      const within = at?.shadowRoot?.activeElement ?? (at?.tagName === 'IFRAME' ? inner(at)?.ownerDocument.activeElement : null);
      if (!within) return at ?? document.documentElement;
      at = within;
    }
  }

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

  /** Tries the value on an element without a document: Chrome would log an invalid value in the page's console. */
  function requireFormat(element, value) {
    if (LIMITED.has(element.type) || element.type === 'color') return;
    const trial = document.implementation.createHTMLDocument('').createElement('input');
    for (const attribute of ['type', 'min', 'max', 'step']) {
      if (element.hasAttribute(attribute)) trial.setAttribute(attribute, element.getAttribute(attribute));
    }
    trial.value = value;
    if (trial.value !== value) throw new Error(`'${value}' is no value for a field of type ${element.type}`);
  }

  /** Cuts to what a user could enter, as maxlength does not apply to values set by scripts. */
  function fitting(element, value) {
    if (element.maxLength < 0 || !LIMITED.has(element.type)) return value;
    const line = element.tagName === 'TEXTAREA' ? value.replace(/\r\n?/g, '\n') : value.replace(/[\r\n]/g, '');
    if (line.length <= element.maxLength) return value;
    // Do not split a surrogate pair.
    return line.slice(0, element.maxLength).replace(/[\ud800-\udbff]$/, '');
  }

  function fill(element, value) {
    if (element.isContentEditable) {
      element.focus();
      element.ownerDocument.getSelection().selectAllChildren(element);
      return {insert: true};
    }
    requireText(element);
    element.focus();
    requireFormat(element, value);
    const fits = fitting(element, value);
    // The prototype's setter: frameworks define one on the element to notice values set by scripts.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value').set.call(element, fits);
    tell(element, fits);
    return {secret: secret(element),
      note: fits.length < value.length ? `the field takes ${element.maxLength} characters: the rest was left out` : ''};
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
    // Without focus: lists of pages' own, such as Selectric, open when their select gets it, and then cover what is below.
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

  /** The iframes that the last `content` could not read, as they are of other sites; and the mark that stands for each, before its number. */
  let closed = [], mark = '';
  const marked = iframe => `${mark}${closed.push(iframe) - 1};`;

  /** A copy of the visible content, with the content of shadow roots and same-origin iframes in place. */
  function shown(node, into) {
    if (node.nodeType === Node.TEXT_NODE) return into.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName) || FIELDS.has(node.tagName)) return;
    const style = view(node).getComputedStyle(node);
    if (style.display === 'none' || (style.visibility !== 'visible' && !node.children.length)) return;
    const copy = document.implementation.createHTMLDocument('').createElement(node.localName === 'iframe' ? 'div' : node.localName);
    for (const attribute of ['href', 'src', 'alt', 'title', 'colspan', 'start', 'type', 'checked']) {
      if (!node.hasAttribute(attribute)) continue;
      // SVG elements have objects here.
      const value = node[attribute] ?? '';
      copy.setAttribute(attribute, Object(value) === value || value === '' ? node.getAttribute(attribute) : value);
    }
    const body = node.tagName === 'IFRAME' ? inner(node) : null;
    if (body) shown(body, copy);
    else if (node.tagName === 'IFRAME') copy.append(marked(node));
    else if (style.visibility === 'visible' || node.children.length) for (const child of children(node)) shown(child, copy);
    if (node.tagName === 'A') separate(copy, style, into);
    else into.append(copy);
  }

  /** A link that is a box of its own stands on a line of its own; of two that touch in the source, margins separate what is seen. */
  function separate(link, {display}, into) {
    if (/^(inline|contents)/.test(display)) return into.append(into.lastChild?.localName === 'a' ? ' ' : '', link);
    const line = link.ownerDocument.createElement('div');
    line.append(link);
    into.append(line);
  }

  function shownHtml() {
    const root = document.implementation.createHTMLDocument('').createElement('div');
    if (document.body) shown(document.body, root);
    return root.innerHTML;
  }

  /** The text as a reader sees it, with blocks on lines of their own. */
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
    const text = body ? shownText(body) : node.tagName === 'IFRAME' ? `\n${marked(node)}\n` : [...children(node)].map(shownText).join('');
    if (display.startsWith('table-cell')) return text.trim() + '\t';
    return /^(inline|contents|ruby)/.test(display) ? text : `\n${text}\n${node.tagName === 'P' || /^H\d$/.test(node.tagName) ? '\n' : ''}`;
  }

  /** The text; or a number if it is too large: its bytes in UTF-8 if more than `max`, or its characters if more than `most`. */
  function content(format, max, most, iframes) {
    [closed, mark] = [[], iframes];
    const text = read(format);
    if (text.length > most) return text.length;
    // Lone surrogates have no form in UTF-8.
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

  /** Whether a selector finds this element, and no other that is as visible. */
  function only(selector, element) {
    const seen = visible(element);
    let found = false;
    for (const other of foundIn([element.ownerDocument], engine(selector))) {
      if (other === element) found = true;
      else if (!seen || visible(other)) return false;
    }
    return found;
  }

  const describing = naming({...roled, clean, only, view});
  /** What a click at an element is meant for: the control that contains it, or whose label does. */
  function target(element) {
    for (let at = element; at; at = parent(at)) {
      if (at.matches(TO_CLICK)) return at.localName === 'label' && at.control && visible(at.control) ? at.control : at;
    }
    return element;
  }

  /** What the action log says of the element; undefined where a page prevents that. */
  function described(element) {
    try { return describing.described(element); } catch { return undefined; }
  }

  /** The point to click, or else where it is; `{why: …}` if the element is not ready. */
  async function ready(element, {attached, focused, enabled, writable, still, pointed, tries, position, force}) {
    if (!element.isConnected) return {why: 'has left the document'};
    if (attached) return {};
    if (!(focused ? rendered(control(element)) : visible(element))) return {why: 'is not visible'};
    if (force) return pointed ? {...seen(element), ...await exact(element, position, tries), gives: givesFile(element)} : {};
    if (enabled && disabled(element)) return {why: 'is disabled'};
    if (writable && readOnly(control(element))) return {why: 'is read-only'};
    if (still && await moving(element)) return {why: 'is moving'};
    if (!pointed) return seen(element);
    return {...seen(element), ...await (position ? reachExact(element, position, tries) : reach(element, tries)), gives: givesFile(element)};
  }

  return {
    /** The first visible match, otherwise the first one; undefined if there is none. Several are an error where `strict` is last. */
    find(selector) {
      const parts = chain(selector), strict = parts.length > 1 && parts.at(-1).trim() === 'strict' && parts.pop();
      const last = parts.pop();
      let scopes = [document];
      for (const part of parts) scopes = narrowed(scopes, part);
      if (strict) {
        const all = [...new Set(narrowed(scopes, last))];
        if (all.length > 1) throw new Error(`strict: ${all.length} elements match: ${first(all, 3).map(name).join(', ')}`);
        return all[0];
      }
      if (/^\s*nth=/.test(last)) return narrowed(scopes, last)[0];
      const {find, exact} = engine(last), found = foundIn(scopes, {find});
      return exact ? likeliest(found, exact) : firstVisible(found);
    },

    visible,

    /** Why the mouse can't be aimed at it, as the frame that holds it is `skewed`; empty if it is only so itself. */
    unaimed: (element, skewed) => skewed && !turned(element) ? TURNED : '',

    /** See there; and the element as the action log names it, where it is ready. */
    async ready(element, need) {
      const found = await ready(element, need);
      return found.why ? found : {...found, element: described((need.pointed ? target : control)(element))};
    },

    /** Why the element is not under the mouse that has come to a point; otherwise, or where it is pressed anyway, what sees the release. */
    aimed(element, {x, y, anyway}) {
      if (anyway) return releases(element);
      if (!element.isConnected) return 'was replaced when the mouse came over it';
      const over = cover(element, x, y);
      return over === null ? releases(element) : (over ? 'is covered by ' + name(over) : 'moved away') + ' when the mouse comes over it';
    },

    focus(element) {
      focus(control(element));
      return {secret: secret(control(element))};
    },

    /** What typing would go to. An iframe that is not accessible counts as secret, as it may hold a password field. */
    focused() {
      const element = focused();
      const holds = element.tagName === 'IFRAME' || element.matches('html, body');
      return {secret: element.tagName === 'IFRAME' || secret(element), readOnly: readOnly(element),
        ...(holds ? {} : {element: described(element)})};
    },

    fill: (element, value) => fill(control(element), value),

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
      if (field.webkitdirectory) throw new Error(name(field) + ' takes a folder: let a script of the page set its files');
      return {multiple: field.multiple};
    },
    names: describing.names,
    described,
    target,
    secret,
    control,
    inside,
    through,
    box(element) {
      const {left, top, width, height} = element.getBoundingClientRect();
      return {left, top, width, height, x: left + view(element).scrollX, y: top + view(element).scrollY};
    },
    content,
    /** An iframe by the number after its mark. */
    closed: number => closed[number],
  };
})()
