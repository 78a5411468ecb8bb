// Finds elements by what assistive technology tells of them: role, name, label and states, near enough to Chrome's accessibility
// tree, but without building it. One expression: a function that takes what it needs of page.js, and returns selectors' engines, and what
// names an element.
({roots, children, parent, clean, view, disabled}) => {
  const HEADER_OF_PAGE = ':not(:is(article, aside, main, nav, section) *)';
  /** The elements that have a role without saying so. */
  const IMPLICIT = {
    article: 'article', banner: 'header' + HEADER_OF_PAGE, blockquote: 'blockquote',
    button: 'button, summary, input:is([type=button], [type=submit], [type=reset], [type=image], [type=file])',
    caption: 'caption', cell: 'td', checkbox: 'input[type=checkbox]:not([switch])', code: 'code',
    columnheader: 'th:not([scope=row], [scope=rowgroup])', combobox: 'select:not([multiple], [size]), select[size="1"], input[list]',
    complementary: 'aside', contentinfo: 'footer' + HEADER_OF_PAGE, definition: 'dd', deletion: 'del', dialog: 'dialog',
    emphasis: 'em', figure: 'figure', form: 'form:is([aria-label], [aria-labelledby], [title])',
    group: 'fieldset, details, optgroup, address, hgroup', heading: 'h1, h2, h3, h4, h5, h6', img: 'img:not([alt=""]), svg',
    insertion: 'ins', link: 'a[href], area[href]', list: 'ul, ol, menu', listbox: 'select[multiple], select[size]:not([size="1"]), datalist',
    listitem: 'li', main: 'main', mark: 'mark', math: 'math', meter: 'meter', navigation: 'nav', option: 'option', paragraph: 'p',
    presentation: 'img[alt=""]', progressbar: 'progress', radio: 'input[type=radio]',
    region: 'section:is([aria-label], [aria-labelledby], [title])', row: 'tr', rowgroup: 'thead, tbody, tfoot',
    rowheader: 'th:is([scope=row], [scope=rowgroup])', search: 'search', searchbox: 'input[type=search]:not([list])', separator: 'hr',
    slider: 'input[type=range]', spinbutton: 'input[type=number]', status: 'output', strong: 'strong', subscript: 'sub',
    superscript: 'sup', switch: 'input[type=checkbox][switch]', table: 'table', term: 'dt, dfn',
    textbox: 'textarea, [contenteditable=""], [contenteditable=true], [contenteditable=plaintext-only], input:not([list], [type=button],'
      + ' [type=submit], [type=reset], [type=image], [type=file], [type=checkbox], [type=radio], [type=range], [type=number],'
      + ' [type=search], [type=hidden], [type=color])',
    time: 'time',
  };
  const ROLES = new Set([...Object.keys(IMPLICIT), 'alert', 'alertdialog', 'application', 'directory', 'document', 'feed', 'generic',
    'grid', 'gridcell', 'log', 'marquee', 'menu', 'menubar', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'none', 'note',
    'radiogroup', 'scrollbar', 'tab', 'tablist', 'tabpanel', 'timer', 'toolbar', 'tooltip', 'tree', 'treegrid', 'treeitem']);
  /** Whose content is their name. */
  const NAMED_BY_CONTENT = new Set(['button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link', 'menuitem',
    'menuitemcheckbox', 'menuitemradio', 'option', 'radio', 'row', 'rowheader', 'switch', 'tab', 'tooltip', 'treeitem']);
  const LABELLED = 'input:not([type=hidden]), textarea, select, button, meter, output, progress, [aria-label], [aria-labelledby]';
  const ATTRIBUTE = new RegExp('^\\s*\\[\\s*([\\w-]+)\\s*(?:=\\s*('
    + '"(?:[^"\\\\]|\\\\.)*"\\s*[is]?|\'(?:[^\'\\\\]|\\\\.)*\'\\s*[is]?|/(?:[^/\\\\]|\\\\.)+/[a-z]*|[^\\]"\'/]+?))?\\s*\\]\\s*', 'is');

  function* all(css, scope) {
    for (const root of roots(scope)) yield* root.querySelectorAll(css);
  }

  // Names

  const hidden = (node, style) => style.display === 'none' || style.visibility !== 'visible'
    || node.getAttribute('aria-hidden') === 'true';

  /** What an element that has no content, or whose content is a value, adds to the name that it is part of. */
  function substitute(node) {
    const label = clean(node.getAttribute('aria-label'));
    if (label) return label;
    switch (node.localName) {
      case 'img': case 'area': return node.alt;
      case 'input': return ['password', 'checkbox', 'radio', 'hidden', 'file'].includes(node.type) ? '' : node.value;
      case 'textarea': return node.value;
      case 'select': return [...node.selectedOptions].map(option => option.label).join(' ');
      case 'svg': return node.querySelector(':scope > title')?.textContent ?? '';
      case 'br': return ' ';
      default: return null;
    }
  }

  const STRINGS = /"((?:[^"\\]|\\.)*)"/g;
  /** Icon fonts draw these as pictures. */
  const ICONS = /[\ue000-\uf8ff]/g;

  /** The text that a style puts before or after the content, or its alternative behind a slash. */
  function generated(element, side) {
    const style = view(element).getComputedStyle(element, side);
    if (!style.content.includes('"') || hidden(element, style)) return '';
    const [shown, instead] = style.content.split(/\/(?=\s*")/);
    const made = [...(instead ?? shown).matchAll(STRINGS)].map(([, made]) => made.replace(/\\(.)/g, '$1')).join('').replace(ICONS, '');
    return style.display === 'inline' ? made : ` ${made} `;
  }

  /** The text of an element's content, as it is read out. */
  const content = (element, except) => generated(element, '::before')
    + [...children(element)].map(child => text(child, except)).join('') + generated(element, '::after');

  function text(node, except) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node === except) return '';
    const style = view(node).getComputedStyle(node);
    if (hidden(node, style)) return '';
    const inner = substitute(node) ?? content(node, except);
    const read = clean(inner) ? inner : node.getAttribute('title') ?? inner;
    return /^(inline$|contents)/.test(style.display) ? read : ` ${read} `;
  }

  function labelledBy(element) {
    const ids = clean(element.getAttribute('aria-labelledby')).split(' ').filter(id => id);
    return ids.map(id => element.getRootNode().getElementById?.(id)).filter(other => other)
      .map(other => clean(other.getAttribute('aria-label')) || clean(substitute(other) ?? content(other)));
  }

  /** The texts that label an element. */
  function labels(element) {
    const others = labelledBy(element).filter(label => label);
    if (others.length) return others;
    const own = clean(element.getAttribute('aria-label'));
    return [own, ...[...element.labels ?? []].map(label => clean(content(label, element)))].filter(label => label);
  }

  /** The name that HTML gives by itself. */
  function nativeName(element) {
    const part = css => [...element.children].filter(child => child.matches(css)).map(child => content(child))[0] ?? '';
    switch (element.localName) {
      case 'input': return {submit: element.value || 'Submit', reset: element.value || 'Reset', button: element.value,
        image: element.alt || element.value || 'Submit'}[element.type] ?? '';
      case 'img': case 'area': return element.alt;
      case 'optgroup': return element.label;
      case 'fieldset': return part('legend');
      case 'table': return part('caption');
      case 'figure': return part('figcaption');
      case 'svg': return substitute(element);
      default: return '';
    }
  }

  function name(element, role) {
    const others = labelledBy(element).filter(label => label);
    return others.length ? others.join(' ') : clean(element.getAttribute('aria-label'))
      || labels(element).join(' ')
      || clean(nativeName(element))
      || (NAMED_BY_CONTENT.has(role) && clean(content(element)))
      || clean(element.getAttribute('title')) || clean(element.getAttribute('placeholder'));
  }

  // States

  const aria = (element, attribute) => ({true: true, false: false, mixed: 'mixed'})[element.getAttribute('aria-' + attribute)];

  function checked(element) {
    if (element.matches('input[type=checkbox], input[type=radio]')) return element.indeterminate ? 'mixed' : element.checked;
    return aria(element, 'checked') ?? false;
  }

  const STATES = {
    checked,
    disabled,
    expanded: element => element.localName === 'summary' ? element.parentElement?.open : aria(element, 'expanded'),
    pressed: element => aria(element, 'pressed') ?? false,
    selected: element => element.localName === 'option' ? element.selected : aria(element, 'selected') ?? false,
    level: element => Number(element.getAttribute('aria-level') ?? /^h([1-6])$/.exec(element.localName)?.[1]),
  };

  // Selectors

  /** What a text must be: contain `text`, or `"text"i`, in upper or lower case; be `"text"s`, and `"text"` if `whole`; match `/…/`. */
  function wanted(given, whole, of) {
    const [, pattern, flags] = /^\/(.+)\/([a-z]*)$/s.exec(given) ?? [];
    if (pattern) {
      const regex = new RegExp(pattern, flags.replace(/[gy]/g, ''));
      return {fits: value => regex.test(value), equals: () => false};
    }
    const quoted = /^(["'])(.*)\1\s*([isIS]?)$/s.exec(given);
    const wish = clean(quoted ? quoted[2].replace(/\\(.)/gs, '$1') : given), lower = wish.toLowerCase();
    if (!wish) throw new Error(of + '= needs a text');
    const suffix = quoted?.[3].toLowerCase(), exact = quoted && (suffix === 's' || (whole && suffix !== 'i'));
    return {
      fits: exact ? value => value === wish : value => value.toLowerCase().includes(lower),
      equals: value => value.toLowerCase() === lower,
    };
  }

  function state(attribute, value) {
    if (attribute === 'level') {
      if (/^\d+$/.test(value)) return Number(value);
      throw new Error('[level=…] needs a number, such as role=heading[level=2]');
    }
    const known = {true: true, false: false, ...(['checked', 'pressed'].includes(attribute) ? {mixed: 'mixed'} : {})};
    const given = value ?? 'true';
    if (Object.hasOwn(known, given)) return known[given];
    throw new Error(`[${attribute}=…] is one of ${Object.keys(known).join(', ')}`);
  }

  /** Reads `button[name="Save"][disabled=false]`. */
  function parse(given) {
    const [start, role] = /^\s*([a-z]*)\s*/i.exec(given), query = {role: role.toLowerCase().replace(/^image$/, 'img'), states: {}};
    if (!ROLES.has(query.role)) throw new Error(`'${role}' is no role: use an ARIA role such as button, link, textbox or heading`);
    for (let left = given.slice(start.length); left;) {
      const [read, attribute, value] = ATTRIBUTE.exec(left) ?? [];
      if (!read) throw new Error('a role may be followed by attributes in brackets only, such as role=button[name="Save"][disabled=false]');
      const key = attribute.toLowerCase();
      if (key === 'name') query.name = wanted(value ?? '', false, 'name');
      else if (Object.hasOwn(STATES, key)) query.states[key] = state(key, value);
      else throw new Error(`a role has no attribute '${attribute}', but name, ${Object.keys(STATES).join(', ')}`);
      left = left.slice(read.length);
    }
    return query;
  }

  /** The first role of the attribute that is one; undefined for an element that has none, so that its implicit one holds. */
  const explicit = element => clean(element.getAttribute('role')).toLowerCase().split(' ').find(role => ROLES.has(role));

  function hasRole(element, role) {
    const own = explicit(element)?.replace(/^none$/, 'presentation');
    return own ? own === role.replace(/^none$/, 'presentation') : Object.hasOwn(IMPLICIT, role) && element.matches(IMPLICIT[role]);
  }

  /** The role of an element; undefined for one that has none. */
  const roleOf = element => explicit(element) ?? Object.keys(IMPLICIT).find(role => element.matches(IMPLICIT[role]));

  /** Whether assistive technology does not hear of it, although it may be visible. */
  function concealed(element) {
    for (let at = element; at; at = parent(at)) if (at.getAttribute('aria-hidden') === 'true') return true;
    return false;
  }

  const inState = (element, states) => Object.entries(states).every(([key, value]) => STATES[key](element) === value);

  /** An engine: which elements it finds, and which of these are exactly what was asked for. */
  const role = given => {
    const query = parse(given);
    const css = Object.hasOwn(IMPLICIT, query.role) ? '[role], ' + IMPLICIT[query.role] : '[role]';
    return {
      * find(scope) {
        for (const element of all(css, scope)) {
          if (hasRole(element, query.role) && inState(element, query.states)
            && (!query.name || query.name.fits(name(element, query.role))) && !concealed(element)) yield element;
        }
      },
      exact: query.name && (element => query.name.equals(name(element, query.role))),
    };
  };

  const texts = (given, of, css, read) => {
    const wish = wanted(given.trim(), true, of);
    return {
      * find(scope) {
        for (const element of all(css, scope)) if (read(element).some(wish.fits)) yield element;
      },
      exact: element => read(element).some(wish.equals),
    };
  };

  const attribute = key => element => [clean(element.getAttribute(key))];

  const testid = given => {
    const id = given.trim().replace(/^(["'])(.*)\1$/s, '$2');
    if (!id) throw new Error('testid= needs the value of a data-testid attribute');
    return {
      * find(scope) {
        for (const element of all('[data-testid]', scope)) if (element.getAttribute('data-testid') === id) yield element;
      },
    };
  };

  /** How many elements a document has, at the most, that may have this role, or be labelled. */
  const candidates = ({ownerDocument}, role) =>
    ownerDocument.querySelectorAll(role ? [IMPLICIT[role] ?? [], `[role~=${role}]`].flat().join() : LABELLED).length;

  const engines = {
    role,
    label: given => texts(given, 'label', LABELLED, labels),
    placeholder: given => texts(given, 'placeholder', '[placeholder]', attribute('placeholder')),
    testid,
  };
  return {engines, roleOf, nameOf: name, candidates, labels};
}
