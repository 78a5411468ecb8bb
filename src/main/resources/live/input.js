// What a person does with mouse, touch and keyboard on the picture, as messages to the session.

const BUTTONS = ['left', 'middle', 'right', 'back', 'forward'];
const MULTI_CLICK_MILLIS = 500;
const MULTI_CLICK_PIXELS = 5;
const LINE_PIXELS = 40;
const PASTE_CHARS = 15_000;
const MAX_PASTE_CHARS = 1_000_000;
const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
const NAMED_TEXT = { Enter: '\r' };

export class Input {
  #moved = null;
  #turned = null;
  #clicks = { count: 0, at: 0, x: 0, y: 0 };
  #pressed = new Map();
  /** Where two fingers were last; empty when one of them has left. */
  #pinched = null;

  /** @param send sends a message */
  constructor(picture, sink, send) {
    this.picture = picture;
    this.sink = sink;
    // Without a picture there is nothing to act on.
    this.send = (message) => picture.pageId !== null && send({ pageId: picture.pageId, ...message });
    this.#listenToPointer(picture.canvas);
    this.#listenToTouch(picture.canvas);
    this.#listenToKeys(sink);
  }

  focus() {
    this.sink.focus({ preventScroll: true });
  }

  // Mouse

  #listenToPointer(canvas) {
    const mouse = (handler) => (event) => {
      if (event.pointerType !== 'touch') {
        event.preventDefault();
        handler(event);
      }
    };
    canvas.addEventListener('pointermove', mouse((event) => this.#move(event)));
    canvas.addEventListener('pointerdown', mouse((event) => this.#down(event)));
    canvas.addEventListener('pointerup', mouse((event) => this.#up(event)));
    canvas.addEventListener('pointercancel', mouse((event) => this.#up(event)));
    // Moves while a button is held come as moves; further buttons too.
    canvas.addEventListener('mousedown', (event) => event.preventDefault());
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
    canvas.addEventListener('auxclick', (event) => event.preventDefault());
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  #mouse(action, event, more = {}) {
    return {
      type: 'mouse',
      action,
      ...this.picture.pointOf(event.clientX, event.clientY),
      buttons: event.buttons & 31,
      modifiers: modifiers(event),
      ...more,
    };
  }

  /** Once for each frame of this screen: more could not be seen. */
  #move(event) {
    if (event.button >= 0) {
      // A second button was pressed or released while another one is held.
      const bit = [1, 4, 2, 8, 16][event.button];
      if (event.buttons & bit) {
        this.#down(event);
      } else {
        this.#up(event);
      }
      return;
    }
    const waits = this.#moved !== null;
    this.#moved = this.#mouse('move', event, { button: held(event.buttons) });
    if (!waits) {
      requestAnimationFrame(() => this.#flushMove());
    }
  }

  #flushMove() {
    if (this.#moved) {
      this.send(this.#moved);
      this.#moved = null;
    }
  }

  #down(event) {
    this.#flushMove();
    this.picture.canvas.setPointerCapture(event.pointerId);
    this.#placeSink(event);
    this.focus();
    this.send(this.#mouse('down', event, { button: BUTTONS[event.button], clickCount: this.#count(event) }));
  }

  #up(event) {
    this.#flushMove();
    const button = BUTTONS[Math.max(event.button, 0)];
    this.send(this.#mouse('up', event, { button, clickCount: this.#clicks.count }));
  }

  #count(event) {
    const last = this.#clicks;
    const near =
      event.timeStamp - last.at < MULTI_CLICK_MILLIS &&
      Math.hypot(event.clientX - last.x, event.clientY - last.y) < MULTI_CLICK_PIXELS;
    const count = near ? Math.min(last.count + 1, 3) : 1;
    this.#clicks = { count, at: event.timeStamp, x: event.clientX, y: event.clientY };
    return count;
  }

  /** The window of an input method appears where the person typed last. */
  #placeSink(event) {
    const box = this.picture.frame.getBoundingClientRect();
    this.sink.style.left = `${event.clientX - box.left}px`;
    this.sink.style.top = `${event.clientY - box.top}px`;
  }

  #wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE_PIXELS : event.deltaMode === 2 ? this.picture.height : 1;
    const before = this.#turned;
    this.#turned = {
      type: 'wheel',
      ...this.picture.pointOf(event.clientX, event.clientY),
      deltaX: (before?.deltaX ?? 0) + event.deltaX * unit,
      deltaY: (before?.deltaY ?? 0) + event.deltaY * unit,
      modifiers: modifiers(event),
    };
    if (!before) {
      requestAnimationFrame(() => {
        this.send(this.#turned);
        this.#turned = null;
      });
    }
  }

  // Touch

  #listenToTouch(canvas) {
    const actions = { touchstart: 'start', touchmove: 'move', touchend: 'end', touchcancel: 'cancel' };
    for (const [name, action] of Object.entries(actions)) {
      canvas.addEventListener(name, (event) => this.#touch(event, action), { passive: false });
    }
  }

  /** One finger is the page's. Two zoom and move the picture, on a screen that is smaller than the page. */
  #touch(event, action) {
    event.preventDefault();
    if (event.touches.length > 1 || this.#pinched) {
      this.#pinch(event);
      return;
    }
    const points = [...event.touches].map((touch) => ({
      id: touch.identifier & 0xffff,
      ...this.picture.pointOf(touch.clientX, touch.clientY),
    }));
    this.send({ type: 'touch', action, points, modifiers: modifiers(event) });
  }

  #pinch(event) {
    if (!this.#pinched) {
      this.send({ type: 'touch', action: 'cancel', points: [], modifiers: modifiers(event) });
    }
    const [one, other] = event.touches;
    const now = other && {
      x: (one.clientX + other.clientX) / 2,
      y: (one.clientY + other.clientY) / 2,
      distance: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
    };
    if (now && this.#pinched?.distance && event.type === 'touchmove') {
      this.picture.pinch(this.#pinched, now);
    }
    // A finger that stays is not the page's before all have left.
    this.#pinched = event.touches.length === 0 ? null : (now ?? {});
  }

  // Keyboard

  #listenToKeys(sink) {
    sink.addEventListener('keydown', (event) => this.#key(event, 'down'));
    sink.addEventListener('keyup', (event) => this.#key(event, 'up'));
    sink.addEventListener('beforeinput', (event) => this.#typed(event));
    sink.addEventListener('compositionend', (event) => {
      this.text(event.data);
      sink.value = '';
    });
    sink.addEventListener('input', (event) => {
      if (!event.isComposing) {
        sink.value = '';
      }
    });
    sink.addEventListener('paste', (event) => {
      event.preventDefault();
      this.paste(event.clipboardData.getData('text/plain'));
    });
    sink.addEventListener('blur', () => this.#releaseAll());
    window.addEventListener('blur', () => (sink.tabIndex = 0));
  }

  #key(event, action) {
    // Text of an input method or of a screen keyboard comes as text; F6 is the way out of the page.
    if (event.isComposing || event.keyCode === 229 || event.key === 'Unidentified' || event.key === 'Dead') {
      return;
    }
    if (event.key === 'F6') {
      if (action === 'down') {
        event.preventDefault();
        // Tab then leads past the page, and out of the frame that this may stand in, instead of back into it.
        this.sink.tabIndex = -1;
        document.getElementById('address').focus();
      }
      return;
    }
    const command = event.ctrlKey !== event.metaKey && !event.altKey;
    const letter = event.key.toLowerCase();
    if (command && letter === 'v') {
      return; // pastes, and does not reach the page as a key
    }
    event.preventDefault();
    if (command && action === 'down' && (letter === 'c' || letter === 'x')) {
      this.send({ type: 'copy' });
    }
    this.#sendKey(event, action);
  }

  #sendKey(event, action) {
    const key = APPLE && event.key === 'Meta' ? 'Control' : event.key;
    const code = APPLE ? event.code.replace('Meta', 'Control') : event.code;
    const held = modifiers(event);
    const plain = !(held & 2) && !(held & 4);
    const text = plain && action === 'down' ? (NAMED_TEXT[key] ?? ([...key].length === 1 ? key : '')) : '';
    const keyCode = APPLE && event.key === 'Meta' ? 17 : event.keyCode;
    const message = { type: 'key', key, code, text, keyCode, location: event.location, modifiers: held };
    if (action === 'down') {
      this.#pressed.set(code || key, message);
      this.send({ ...message, action, repeat: event.repeat });
    } else {
      this.#pressed.delete(code || key);
      this.send({ ...message, action });
      if (APPLE && event.key === 'Meta') {
        this.#releaseAll(); // a Mac does not tell that keys are released while Command is held
      }
    }
  }

  /** A key that is held when the focus leaves would stay pressed for ever. */
  #releaseAll() {
    for (const message of this.#pressed.values()) {
      this.send({ ...message, action: 'up', text: '', modifiers: 0 });
    }
    this.#pressed.clear();
  }

  /** Screen keyboards send no keys, but say what they want to change. */
  #typed(event) {
    if (event.isComposing) {
      return;
    }
    if (event.inputType === 'insertText' && event.data) {
      this.text(event.data);
    } else if (event.inputType.startsWith('insertLineBreak') || event.inputType === 'insertParagraph') {
      this.press('Enter', 13, '\r');
    } else if (event.inputType.startsWith('delete')) {
      this.press(event.inputType.includes('Forward') ? 'Delete' : 'Backspace', event.inputType.includes('Forward') ? 46 : 8);
    } else {
      return;
    }
    event.preventDefault();
  }

  press(key, keyCode, text = '') {
    const message = { type: 'key', key, code: key, keyCode };
    this.send({ ...message, action: 'down', text });
    this.send({ ...message, action: 'up' });
  }

  text(text) {
    this.#inParts('text', text);
  }

  paste(text) {
    this.#inParts('paste', text);
  }

  /** A message has a limited size. */
  #inParts(type, text) {
    const characters = [...(text ?? '').slice(0, MAX_PASTE_CHARS)];
    for (let at = 0; at < characters.length; at += PASTE_CHARS) {
      this.send({ type, text: characters.slice(at, at + PASTE_CHARS).join('') });
    }
  }
}

/** As CDP counts them. On a Mac, Command does what Control does in the session. */
function modifiers(event) {
  if (event.getModifierState?.('AltGraph')) {
    return event.shiftKey ? 8 : 0; // Windows tells of AltGr as Control and Alt
  }
  const control = event.ctrlKey || (APPLE && event.metaKey);
  const meta = event.metaKey && !APPLE;
  return (event.altKey ? 1 : 0) | (control ? 2 : 0) | (meta ? 4 : 0) | (event.shiftKey ? 8 : 0);
}

function held(buttons) {
  return buttons & 1 ? 'left' : buttons & 2 ? 'right' : buttons & 4 ? 'middle' : 'none';
}
