// Describes the result of a client's script in a form that JSON can express, with its type. Calls a function first, and awaits a
// promise. Runs in the page's own world, to which the result belongs; the result is `this`.
async function berthEvaluate() {
  'use strict';
  const MAX_DEPTH = 900, MAX_LENGTH = 1e7, MAX_SHOWN = 100, MAX_CHARS = 300, MAX_RESULT = 32 << 20;
  const LISTS = new Set(['NodeList', 'HTMLCollection', 'Arguments', 'FileList', 'DOMTokenList', 'DOMRectList', 'StyleSheetList',
    'CSSRuleList', 'RadioNodeList', 'HTMLOptionsCollection', 'HTMLAllCollection', 'NamedNodeMap']);
  const KINDS = new Set(['Date', 'RegExp', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Promise', 'ArrayBuffer', 'DataView',
    'Generator']);

  const tag = value => {
    try { return Object.prototype.toString.call(value).slice(8, -1); } catch { return 'Object'; }
  };
  const isClass = value => /^class\b/.test(Function.prototype.toString.call(value));
  const isError = value => tag(value) === 'Error' || tag(value) === 'DOMException';
  const isTyped = value => ArrayBuffer.isView(value) && tag(value) !== 'DataView';
  const isList = value => Array.isArray(value) || isTyped(value) || LISTS.has(tag(value));

  /** The getter at the top of the prototype chain: a page may redefine Node, and a form's fields hide properties of the same name. */
  function getter(of, name) {
    let found;
    for (let at = of; (at = Object.getPrototypeOf(at)) !== null;) found = Object.getOwnPropertyDescriptor(at, name)?.get ?? found;
    return found;
  }
  const own = (node, name) => getter(node, name)?.call(node);
  // A page can't replace `document`; its getter throws for anything that is not a node.
  const typeOfNode = getter(document, 'nodeType');
  const isNode = value => {
    try { return typeof typeOfNode.call(value) === 'number'; } catch { return false; }
  };
  const TOO_LARGE = {};
  let size = 0;

  /** Bounded, as objects that refer to the same objects many times would grow without end. */
  function grow(chars) {
    if ((size += chars) > MAX_RESULT) throw TOO_LARGE;
  }

  const cut = text => text.length > MAX_CHARS ? text.slice(0, MAX_CHARS) + '…' : text;

  /** The JavaScript type, or a more precise name for an object. */
  function kind(value) {
    if (value === null) return 'null';
    if (typeof value !== 'object') return typeof value;
    try {
      if (isList(value)) return 'array';
      if (isNode(value)) return 'node';
      if (isError(value)) return 'error';
    } catch { /* of a window of another origin nothing can be asked */ }
    return KINDS.has(tag(value)) ? tag(value).toLowerCase() : 'object';
  }

  function form(value, above) {
    grow(typeof value === 'string' ? value.length + 2 : 1);
    switch (typeof value) {
      case 'undefined': return null;
      case 'number': return Number.isFinite(value) ? value : String(value);
      case 'bigint': return value + 'n';
      case 'symbol': return String(value);
      case 'function': return isClass(value) ? `class ${value.name}` : `ƒ ${value.name}()`;
      case 'object': return value === null ? null : object(value, above);
      default: return value;
    }
  }

  function object(value, above) {
    if (above.includes(value)) return '[Circular]';
    if (above.length === MAX_DEPTH) return '…';
    above.push(value);
    try {
      return isList(value) ? list(value, above) : text(value, above) ?? members(value, above);
    } catch (e) {
      if (e === TOO_LARGE) throw e;
      return `[object ${tag(value)}]`;
    } finally {
      above.pop();
    }
  }

  function list(value, above) {
    if (value.length > MAX_LENGTH) return `${tag(value)}(${value.length})`;
    const out = [];
    for (let i = 0; i < value.length; i++) out[i] = form(value[i], above);
    return out;
  }

  /** A value without a form in JSON, as the console shows it. */
  function text(value, above) {
    if (isNode(value)) return node(value);
    if (isError(value)) return `${value.name}: ${value.message}`;
    switch (tag(value)) {
      case 'Date': return isNaN(value) ? 'Invalid Date' : value.toISOString();
      case 'RegExp': return String(value);
      case 'Map': return entries(value, [...value].slice(0, MAX_SHOWN).map(([k, v]) => `${shown(k, above)} => ${shown(v, above)}`));
      case 'Set': return entries(value, [...value].slice(0, MAX_SHOWN).map(each => shown(each, above)));
      case 'Window': return '[object Window]';
    }
  }

  const shown = (value, above) => {
    const part = form(value, above);
    if (Object.is(part, -0)) return '-0';
    return typeof value === 'string' || typeof part !== 'string' ? JSON.stringify(part) : part;
  };
  const entries = (value, parts) =>
    `${tag(value)}(${value.size}) {${parts.join(', ')}${value.size > parts.length ? ', …' : ''}}`;

  function node(value) {
    const type = typeOfNode.call(value);
    if (type === 9) return `#document ${own(value, 'URL') ?? ''}`.trim();
    if (type !== 1) return cut(`${own(value, 'nodeName')} ${JSON.stringify(own(value, 'nodeValue') ?? '')}`);
    const attributes = [...own(value, 'attributes')].map(({name, value}) => ` ${name}="${value}"`);
    return cut(`<${own(value, 'localName')}${attributes.join('')}>`);
  }

  function members(value, above) {
    if (value instanceof Number || value instanceof String || value instanceof Boolean) return form(value.valueOf(), above);
    if (typeof value.toJSON === 'function') return form(value.toJSON(), above);
    const keys = Object.keys(value), proto = Object.getPrototypeOf(value);
    if (keys.length === 0 && proto !== null && tag(value) !== 'Object') return `[object ${tag(value)}]`;
    const out = {__proto__: null};
    for (const key of keys) {
      grow(key.length + 3);
      out[key] = form(got(value, key), above);
    }
    return out;
  }

  function got(value, key) {
    try { return value[key]; } catch { return '[threw]'; }
  }

  let value = this;
  if (typeof value === 'function' && !isClass(value)) value = value();
  value = await value;
  try {
    return {type: kind(value), value: form(value, [])};
  } catch (e) {
    if (e !== TOO_LARGE) throw e;
    return {tooLarge: true};
  }
}
