// Names an element by what it is to people, so that it is found again in another document of the same site. One expression: a function
// that takes what it needs of page.js, and returns functions: one that gives an element's selectors, the best first, of which each stands
// for this element only; and one that describes it for the action log.
({only, roleOf, nameOf, candidates, labels, clean, view}) => {
  const MAX_CHARS = 200, MAX_TEXT = 60;
  /** How many elements are named to find out whether one's role and name stand for it only, where a verb waits for that. */
  const MAX_NAMED = 150;
  /** How many elements a document may have whose texts are read for that. */
  const MAX_READ = 2_000;
  const MAX_LEVELS = 20;
  /** Made anew by a framework for each document. */
  const GENERATED = /\d{3}|^[:\d]|^(?:ember|ext-|react|radix|headlessui|mui|mat-|cdk-)/i;

  const quoted = text => '"' + text.replace(/["\\]/g, '\\$&') + '"';
  const exact = text => quoted(text) + 's';

  function* byMeaning(element, most) {
    const id = element.getAttribute('data-testid');
    if (id && id === id.trim() && !/["']/.test(id)) yield `testid="${id}"`;
    const role = roleOf(element), name = role && nameOf(element, role);
    if (name && candidates(element, role) <= most) yield `role=${role}[name=${exact(name)}]`;
    if (candidates(element) <= most) for (const label of labels(element).slice(0, 1)) yield 'label=' + exact(label);
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

  /** Its text, where that is short, and no value. */
  function short(element) {
    if (element.childElementCount > 3 || element.isContentEditable || element.matches('input, textarea, select')) return '';
    const text = clean(element.textContent);
    return text.length <= MAX_TEXT && !/["']/.test(text) ? text : '';
  }

  function* byText(element) {
    const text = short(element);
    if (text && element.ownerDocument.getElementsByTagName('*').length <= MAX_READ) yield `text="${text}"`;
  }

  function names(element, most = Infinity) {
    const found = selectors => [...selectors].filter(selector => stands(selector, element));
    const named = [...found(byMeaning(element, most)), ...found(byAttribute(element))];
    // A position tells what was there, not what is: it is the last resort.
    return named.length ? named : [...found(byText(element)), ...found([position(element)])].slice(0, 1);
  }

  /** The iframes that hold it, the outermost first, as far as they are accessible. */
  function holders(element) {
    const iframe = view(element)?.frameElement;
    return iframe ? [...holders(iframe), iframe] : [];
  }

  /** `outer` tells whether iframes that are not accessible hold it too. */
  function described(element) {
    const role = roleOf(element), iframes = holders(element);
    return {
      role, name: nameOf(element, role) || short(element), selectors: names(element, MAX_NAMED),
      frames: iframes.map(iframe => names(iframe)[0] ?? ''), outer: view(iframes[0] ?? element) !== top,
    };
  }

  return {names: element => names(element), described};
}
