// Draws the latest frame, as large as fits, and maps points of the screen to points of the page.

const MAX_ZOOM = 6;

export class Picture {
  /** The page that the picture is of, and its viewport in CSS pixels. */
  pageId = null;
  width = 1280;
  height = 720;
  #next = null;
  #drawing = false;
  /** How far the person has zoomed in, and by how many pixels the picture is moved. */
  #zoom = { scale: 1, x: 0, y: 0 };

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
    this.#move(this.#zoom);
  }

  /**
   * Two fingers have gone from one place to another.
   *
   * @param from the point between them in the window, and the distance of one from the other
   */
  pinch(from, to) {
    const { scale, x, y } = this.#zoom;
    const next = Math.min(Math.max(scale * (to.distance / from.distance), 1), MAX_ZOOM);
    const box = this.stage.getBoundingClientRect();
    const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    // What was between the fingers stays there.
    this.#move({
      scale: next,
      x: to.x - middle.x - ((from.x - middle.x - x) * next) / scale,
      y: to.y - middle.y - ((from.y - middle.y - y) * next) / scale,
    });
  }

  /** No further than the picture's edges. */
  #move({ scale, x, y }) {
    const across = Math.max(0, (this.frame.clientWidth * scale - this.stage.clientWidth) / 2);
    const down = Math.max(0, (this.frame.clientHeight * scale - this.stage.clientHeight) / 2);
    this.#zoom = { scale, x: Math.min(Math.max(x, -across), across), y: Math.min(Math.max(y, -down), down) };
    this.canvas.style.transform =
      scale === 1 ? '' : `translate(${this.#zoom.x}px, ${this.#zoom.y}px) scale(${scale})`;
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
