// Names an element by what it is to people, so that it is found again in another document of the same site. One expression: a function
// that takes what it needs of page.js, and returns a function that gives an element's selectors, the best first. Each stands for this
// element only.
({only, roleOf, nameOf, labels, clean}) => {
  const MAX_CHARS = 200;
  const MAX_LEVELS = 20;
  /** Made anew by a framework for each document. */
  const GENERATED = /\d{3}|^[:\d]|^(?:ember|ext-|react|radix|headlessui|mui|mat-|cdk-)/i;

  const quoted = text => '"' + text.replace(/["\\]/g, '\\$&') + '"';
  const exact = text => quoted(text) + 's';

  function* byMeaning(element) {
    const id = element.getAttribute('data-testid');
    if (id && id === id.trim() && !/["']/.test(id)) yield `testid="${id}"`;
    const role = roleOf(element), name = role && nameOf(element, role);
    if (name) yield `role=${role}[name=${exact(name)}]`;
    for (const label of labels(element).slice(0, 1)) yield 'label=' + exact(label);
    const placeholder = clean(element.getAttribute('placeholder'));
    if (placeholder) yield 'placeholder=' + exact(placeholder);
  }

  /** By an attribute that its author gave it. */
  function* byAttribute(element) {
    if (element.id && !GENERATED.test(element.id)) yield '#' + CSS.escape(element.id);
    const name = element.getAttribute('name');
    if (name) yield `${element.localName}[name="${CSS.escape(name)}"]`;
  }

  /** Where it is in its root, from the nearest ancestor that has an id. */
  function path(element) {
    const steps = [];
    for (let at = element; at && steps.length < MAX_LEVELS; at = at.parentElement) {
      if (at.id && !GENERATED.test(at.id)) return ['#' + CSS.escape(at.id), ...steps].join(' > ');
      const same = at.parentElement ? [...at.parentElement.children].filter(other => other.localName === at.localName) : [at];
      steps.unshift(same.length > 1 ? `${at.localName}:nth-of-type(${same.indexOf(at) + 1})` : at.localName);
    }
    return steps.join(' > ');
  }

  /** Through the hosts of the shadow roots that it is in. */
  function position(element) {
    const host = element.getRootNode().host;
    return host ? `${position(host)} ${path(element)}` : path(element);
  }

  const stands = (selector, element) => selector.length <= MAX_CHARS && only(selector, element);

  return element => {
    const named = [...byMeaning(element), ...byAttribute(element)].filter(selector => stands(selector, element));
    // A position tells what was there, not what is: it is the last resort.
    return named.length ? named : [position(element)].filter(selector => stands(selector, element));
  };
}
