// Tells what a person, or a program that uses mouse and keys as a person does, does in a document: each act with the element that it
// meets, named before the page hears of it. Runs in Berth's isolated world. One expression: a function that takes what page.js is, made
// when it is first needed, and what takes the texts that it tells. Acts of scripts are not trusted events, and none of its business, but for
// the files that they give.
(library, tell) => {
  'use strict';
  /** What the log takes of a text, and of that what says how much is missing. */
  const MAX_TEXT = 4_096, MARK = 40;
  const MAX_VALUES = 100;
  /** Fields that scripts give files, so many within this time. */
  const MAX_GIVEN = 5, GIVEN_MILLIS = 5_000;
  /** A hand that clicks shakes, and a finger more: CSS pixels. */
  const STILL = 5, STILL_FINGER = 15;
  const BUTTONS = ['left', 'middle', 'right', 'back', 'forward'];
  const MODIFIER_KEYS = new Set(['Alt', 'AltGraph', 'Control', 'Meta', 'Shift', 'CapsLock', 'NumLock', 'Fn', 'Process', 'Dead',
    'Unidentified']);
  /** What these do in a field, its value tells. */
  const EDITING = new Set(['Backspace', 'Delete', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);
  const LINES = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']);
  const CLIPBOARD = new Set(['a', 'c', 'v', 'x', 'y', 'z', 'insert']);
  const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']);

  let made;
  const lib = () => made ??= library();
  const isTop = window === top;
  /** A page must go on whatever it is made of. */
  const guarded = act => (...told) => { try { return act(...told); } catch { return undefined; } };

  /** The press of the mouse that is under way, and then the latest one. */
  let press = null;
  /** The single finger that touches. */
  let finger = null;
  /** An Enter that may only break a line. */
  let enter = null;
  /** When what is told now happened: a page whose scripts are busy hears of it later. */
  let since = performance.now();
  /** What is filled in, or scrolled, keeps the name that it began with. */
  const names = new WeakMap();

  const inner = event => event.composedPath()[0] ?? event.target;
  const isNothing = element => !element?.matches || element.matches('html, body, canvas, iframe, frame, embed, object');
  const isEditable = element => element.isContentEditable
    || (element.matches('input, textarea') && !NO_TEXT.has(element.type) && !element.readOnly);
  const isMultiline = element => element.isContentEditable || element.localName === 'textarea';

  function once(element) {
    if (!names.has(element)) names.set(element, lib().described(element));
    return names.get(element);
  }

  /** A text that is cut ends as the log ends one, which exported scripts know. */
  function bounded(text) {
    if (text.length <= MAX_TEXT) return text;
    const kept = text.slice(0, MAX_TEXT - MARK).replace(/[\ud800-\udbff]$/, '');
    return `${kept}… (${text.length - kept.length} more characters)`;
  }

  /** @param element described; undefined for what has no element */
  function say(type, element, more) {
    if (enter) flushEnter();
    tell(JSON.stringify({type, element, age: Math.floor(performance.now() - since), ...more}));
  }

  function flushEnter() {
    const {element, key} = enter;
    enter = null;
    say('press', element, {key});
  }

  const held = event => ['Alt', 'Control', 'Meta', 'Shift'].filter(key => event[(key === 'Control' ? 'ctrl' : key.toLowerCase()) + 'Key']);
  const at = event => isTop ? {point: {x: event.clientX, y: event.clientY}, viewport: {width: innerWidth, height: innerHeight}} : {};

  /** What has no element that stands for it is named by its point: in an iframe, whose place on the page may not be known, by the point
    * in the canvas or document. */
  function sayAt(type, first, {x, y}, to, more) {
    if (isTop) return say(type, undefined, {x, y, ...(to && {toX: to.x, toY: to.y}), ...more});
    const element = first?.matches ? first : document.documentElement, box = element.getBoundingClientRect();
    say(type, lib().described(element), {position: {x: x - box.x, y: y - box.y}, ...(to && {by: {x: to.x - x, y: to.y - y}}), ...more});
  }

  // The mouse

  function down(event) {
    if (!event.isPrimary) return;
    const first = inner(event), element = isNothing(first) ? null : lib().target(first);
    press = {first, element, named: element && lib().described(element), x: event.clientX, y: event.clientY, selection: selection(),
      ...at(event)};
  }

  function selection() {
    const {anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed} = getSelection();
    return isCollapsed ? [] : [anchorNode, anchorOffset, focusNode, focusOffset];
  }

  /** Whether the mouse has selected something since it was pressed. */
  const hasSelected = () => selection().some((part, i) => part !== press.selection[i]);

  function up(event) {
    if (!press || press.dragged || Math.hypot(event.clientX - press.x, event.clientY - press.y) <= STILL) return;
    press.dragged = true;
    const {first, element, named, x, y, point, viewport} = press;
    if (press.changed) return;
    const selects = element?.localName === 'select' || hasSelected() || isText(element);
    if (!element || selects) return sayAt('drag', first, press, {x: event.clientX, y: event.clientY});
    say('drag', named, {by: {x: event.clientX - x, y: event.clientY - y}, point, viewport});
  }

  function touchstart(event) {
    const [{clientX: x, clientY: y}] = event.touches;
    finger = event.touches.length === 1 ? {first: inner(event), x, y, latest: event} : null;
  }

  function touchmove(event) {
    if (finger && !finger.latest.defaultPrevented) finger.latest = event;
  }

  /** A finger that moves scrolls, unless the page has taken its touch; a finger that rests becomes a click. */
  function touchend(event) {
    if (!finger) return;
    const {first, x, y, latest} = finger, [{clientX, clientY}] = event.changedTouches;
    finger = null;
    if (Math.hypot(clientX - x, clientY - y) <= STILL_FINGER) return;
    if (latest.defaultPrevented) sayAt('drag', first, {x, y}, {x: clientX, y: clientY});
    else scroll(first, x - clientX, y - clientY);
  }

  const isText = element => element?.matches('input, textarea') && !NO_TEXT.has(element.type);

  function drop(event) {
    if (!press?.named || press.dragged) return;
    press.dragged = true;
    const end = inner(event), {named, point, viewport} = press;
    say('drag', named, isNothing(end) ? {by: {x: event.clientX - press.x, y: event.clientY - press.y}, point, viewport}
      : {toElement: lib().described(end), point, viewport});
  }

  /** What a checkbox or radio button is after a click, also on its label, which is heard before. */
  function checked(element, first) {
    const box = element.localName === 'label' ? element.control : element;
    if (!box?.matches('input[type=checkbox], input[type=radio]')) return {};
    return {checked: first === box ? box.checked : box.type === 'radio' || !box.checked};
  }

  function click(event) {
    // By the keyboard, or by a label: what led to it is told.
    if (!event.detail || press?.dragged || press?.clicked) return;
    const {named, element: pressed} = press ?? {};
    const button = BUTTONS[event.button], clickCount = Math.min(event.detail, 3), first = inner(event);
    if (press) press.clicked = true;
    if (isNothing(first)) return sayAt('click', first, {x: event.clientX, y: event.clientY}, null, {button, clickCount});
    const element = lib().target(first);
    // What it chooses or opens, a change tells.
    if (element.matches('select, option, input[type=file]') || (press?.changed && element === pressed)) return;
    const modifiers = held(event);
    say('click', element === pressed ? named : lib().described(element),
      {button, clickCount, ...checked(element, first), ...(modifiers.length ? {modifiers} : {}), ...at(event)});
  }

  /** The nearest element that scrolls, which may be the document of an iframe; null for the page. */
  function scroller(element) {
    for (let at = element; at && !at.matches('html, body'); at = at.parentElement ?? at.getRootNode().host) {
      const {overflowX, overflowY} = getComputedStyle(at);
      if ((at.scrollHeight > at.clientHeight && /auto|scroll/.test(overflowY))
        || (at.scrollWidth > at.clientWidth && /auto|scroll/.test(overflowX))) return at;
    }
    const root = document.scrollingElement;
    return isTop || !root || (root.scrollHeight <= root.clientHeight && root.scrollWidth <= root.clientWidth) ? null : root;
  }

  function scroll(first, x, y) {
    const box = scroller(first?.matches ? first : null);
    say('scroll', box ? once(box) : undefined, {x, y});
  }

  function wheel(event) {
    if (event.ctrlKey) return;
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? innerHeight : 1;
    scroll(inner(event), event.deltaX * unit, event.deltaY * unit);
  }

  // Fields

  function host(element) {
    let at = element;
    while (at.isContentEditable && at.parentElement?.isContentEditable) at = at.parentElement;
    return at;
  }

  const secrets = new WeakSet();

  function fill(element) {
    // A password that is shown as text stays one.
    if (lib().secret(element)) secrets.add(element);
    const secret = secrets.has(element);
    const value = secret ? '' : element.isContentEditable ? element.innerText : element.value;
    say('fill', once(element), {value: bounded(value), secret});
  }

  const isFilled = element => element.isContentEditable || element.matches('textarea')
    || (element.localName === 'input' && (element.type === 'range' || element.type === 'color' || !NO_TEXT.has(element.type)));

  function input(event) {
    if (/^insert(LineBreak|Paragraph)$/.test(event.inputType)) enter = null;
    const first = inner(event);
    if (!first?.matches) return;
    const element = host(first);
    if (element === press?.element) press.changed = true;
    if (isFilled(element)) fill(element);
  }

  function change(event) {
    const element = inner(event);
    if (element?.localName === 'select') chosen(element);
    else if (isFileField(element)) {
      files.set(element, element.files);
      const names = [...element.files].slice(0, MAX_VALUES).map(file => file.name);
      say('upload', lib().described(element), {files: names, ...(event.isTrusted ? {} : {scripted: true})});
    }
  }

  /** The FileList of each field at its last `upload`, so that a repeated change event is not logged again. */
  const files = new WeakMap();
  let given = 0, givenSince = -Infinity;
  const isFileField = element => element?.localName === 'input' && element.type === 'file';

  /** A script gives a field files, as Playwright's setInputFiles does. A page may repeat the event for files that were told. */
  function isGiven(event) {
    const element = inner(event);
    return event.type === 'change' && isFileField(element) && element.files.length > 0 && files.get(element) !== element.files
      && mayGive(event.timeStamp);
  }

  /** A page can raise such events by itself: they must not use up the room of what a client does. */
  function mayGive(now) {
    if (now - givenSince > GIVEN_MILLIS) {
      givenSince = now;
      given = 0;
    }
    return given++ < MAX_GIVEN;
  }

  /** A list has these options selected now, or a field has another value, by a picker of Berth. */
  function chosen(element) {
    since = performance.now();
    if (element.localName !== 'select') return fill(element);
    const values = [...element.selectedOptions].slice(0, MAX_VALUES).map(option => bounded(option.value));
    say('select', lib().described(element), {values});
  }

  /**
   * A page is about to hear that a person pastes a text. The result is to be called after that, with whether the page left the text to the
   * browser to insert. An editor that inserts the text by {@code execCommand} fills its field: then that is told, and no paste.
   *
   * @param element that has the focus
   */
  function pasting(element, text, secret) {
    const listening = new AbortController();
    let fills = false;
    // The recorder of an iframe is in a world of its own: so the window of the field is asked here.
    (element?.ownerDocument.defaultView ?? window).addEventListener('input', guarded(event => {
      if (event.isTrusted && isFilled(host(inner(event)))) fills = true;
    }), {capture: true, passive: true, signal: listening.signal});
    return guarded(left => {
      listening.abort();
      if (left || fills) return;
      since = performance.now();
      const hidden = secret || secrets.has(element) || lib().secret(element);
      say('paste', lib().described(element), {text: hidden ? '' : bounded(text), secret: hidden});
    });
  }

  // Keys

  function keydown(event) {
    const {key} = event, element = inner(event);
    if (event.isComposing || MODIFIER_KEYS.has(key) || !element?.matches) return;
    const editable = isEditable(element), lines = isMultiline(element), isCharacter = [...key].length === 1;
    const chord = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
    if (isCharacter && !chord && editable) return;
    const edits = editable && (EDITING.has(key) || (lines && LINES.has(key)) || (chord && CLIPBOARD.has(key.toLowerCase())));
    if (edits || event.repeat) return;
    const shift = event.shiftKey && (chord || !isCharacter);
    const named = isNothing(element) ? undefined : lib().described(lines ? host(element) : element);
    const keys = [...held(event).filter(each => each !== 'Shift'), ...(shift ? ['Shift'] : []), key].join('+');
    if (enter) flushEnter();
    if (key === 'Enter' && !chord && editable && lines) enter = {element: named, key: keys};
    else say('press', named, {key: keys});
  }

  function keyup() {
    if (enter) flushEnter();
  }

  const LISTENERS = {pointerdown: down, mouseup: up, touchstart, touchmove, touchend, drop, click, auxclick: click, wheel, input, change,
    keydown, keyup,
    pointercancel() { if (!press?.dragging) press = null; },
    dragstart() { if (press) press.dragging = true; },
    focusin(event) { names.delete(inner(event)); },
  };
  const over = new AbortController();
  const listeners = Object.entries(LISTENERS).map(([type, hear]) =>
    [type, guarded(event => { if (event.isTrusted || isGiven(event)) { since = event.timeStamp; hear(event); } })]);
  /** May be called again: a listener that is there already is not added twice. */
  const listen = () => {
    for (const [type, hear] of listeners) addEventListener(type, hear, {capture: true, passive: true, signal: over.signal});
  };
  listen();
  // document.open takes all listeners from the window, and all nodes from the document. It leaves observers.
  const opened = new MutationObserver(listen);
  opened.observe(document, {childList: true});
  return {chosen: guarded(chosen), pasting: guarded(pasting), stop: () => { over.abort(); opened.disconnect(); }};
}
