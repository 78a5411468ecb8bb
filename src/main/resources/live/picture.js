// Draws the latest frame, as large as fits, and maps points of the screen to points of the page.

export class Picture {
  /** The page that the picture is of, and its viewport in CSS pixels. */
  pageId = null;
  width = 1280;
  height = 720;
  #next = null;
  #drawing = false;

  constructor(stage, frame, canvas) {
    this.stage = stage;
    this.frame = frame;
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    frame.classList.add('blank');
    new ResizeObserver(() => this.#fit()).observe(stage);
  }

  /** A frame that was not drawn when the next one comes is left out. */
  show(frame) {
    this.#next = frame;
    if (!this.#drawing) {
      this.#draw();
    }
  }

  async #draw() {
    this.#drawing = true;
    while (this.#next) {
      const frame = this.#next;
      this.#next = null;
      try {
        const bitmap = await createImageBitmap(frame.jpeg);
        this.#paint(frame, bitmap);
        bitmap.close();
      } catch {
        // A broken picture: the next one will do.
      }
    }
    this.#drawing = false;
  }

  #paint(frame, bitmap) {
    if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
    }
    this.context.drawImage(bitmap, 0, 0);
    const resized = this.width !== frame.width || this.height !== frame.height;
    this.pageId = frame.pageId;
    this.width = frame.width;
    this.height = frame.height;
    this.frame.classList.remove('blank');
    if (resized || this.frame.style.width === '') {
      this.#fit();
    }
  }

  /** Keeps the aspect ratio. Enlarges at most to twice the size, beyond which it would only be blurred. */
  #fit() {
    const { clientWidth, clientHeight } = this.stage;
    const scale = Math.min(clientWidth / this.width, clientHeight / this.height, 2);
    this.frame.style.width = `${centred(this.width * scale, clientWidth)}px`;
    this.frame.style.height = `${centred(this.height * scale, clientHeight)}px`;
    this.onfit?.();
  }

  /** The point of the page under a point of the window. */
  pointOf(clientX, clientY) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: within(((clientX - box.left) / box.width) * this.width, this.width),
      y: within(((clientY - box.top) / box.height) * this.height, this.height),
    };
  }

  /** How many pixels of the window one of the page has. */
  get scale() {
    return this.canvas.getBoundingClientRect().width / this.width || 1;
  }
}

/** A size in whole pixels that leaves as many on both sides. */
function centred(size, room) {
  const whole = Math.floor(size);
  return whole - ((room - whole) % 2);
}

function within(value, size) {
  return Math.round(Math.min(Math.max(value, 0), size - 1) * 100) / 100;
}
