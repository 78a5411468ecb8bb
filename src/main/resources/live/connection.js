// The socket to the session: opens it, opens it again when it is lost, and tells why it is over.

const REASONS = {
  client: 'Ended by a request.',
  admin: 'Ended by an administrator.',
  task_finished: 'Its task finished.',
  task_failed: 'Its task failed.',
  task_cancelled: 'Its task was cancelled.',
  idle_timeout: 'Idle timeout.',
  max_lifetime: 'Lifetime reached.',
  client_disconnected: 'The connected program disconnected.',
  browser_crashed: 'Chrome crashed.',
  driver_crashed: 'chromedriver crashed.',
  launch_failed: 'Chrome did not start.',
  node_drained: 'The server was shut down.',
  node_lost: 'The server was lost.',
  budget_exhausted: 'Budget used up.',
  out_of_memory: 'Memory limit exceeded.',
  disk_full: 'Disk limit exceeded, or disk full.',
};
const ENDED = 4010;
const REFUSED = [4003, 1008];
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 10_000;

export class Connection extends EventTarget {
  #path;
  #socket = null;
  #pause = FIRST_PAUSE;
  #over = false;
  #frame = null;
  #reason = null;

  /** @param path of the socket, with the token */
  constructor(path) {
    super();
    this.#path = path;
    document.addEventListener('visibilitychange', () => this.#hurry());
    window.addEventListener('online', () => this.#hurry());
  }

  open() {
    if (this.#socket !== null) {
      return; // two questions may have been on their way
    }
    const socket = new WebSocket(this.#path.replace(/^http/, 'ws'));
    socket.binaryType = 'blob';
    socket.onopen = () => {
      this.#pause = FIRST_PAUSE;
      this.#tell('state', { state: 'live' });
    };
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = (event) => this.#closed(event);
    this.#socket = socket;
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(message instanceof Blob ? message : JSON.stringify(message));
    }
  }

  #hear(data) {
    if (data instanceof Blob) {
      this.#tell('frame', { ...this.#frame, jpeg: data });
      return;
    }
    const message = JSON.parse(data);
    if (message.type === 'frame') {
      this.#frame = message;
    } else if (message.type === 'ended') {
      this.#reason = message.reason;
    } else {
      this.#tell(message.type, message);
    }
  }

  #closed(event) {
    this.#socket = null;
    if (this.#over) {
      return;
    }
    if (event.code === ENDED) {
      this.#end('The session has ended', REASONS[this.#reason] ?? event.reason, true);
    } else if (REFUSED.includes(event.code)) {
      this.#end('The live view was closed', sentence(event.reason));
    } else {
      this.#tell('state', { state: 'lost' });
      this.#again();
    }
  }

  #again() {
    this.timer = setTimeout(() => this.#ask(), this.#pause * (0.8 + 0.4 * Math.random()));
    this.#pause = Math.min(this.#pause * 1.7, LONGEST_PAUSE);
  }

  #hurry() {
    if (this.#socket === null && !this.#over && !document.hidden) {
      clearTimeout(this.timer);
      this.#ask();
    }
  }

  /** A script does not learn why a WebSocket was refused: asks by HTTP. */
  async #ask() {
    try {
      const answer = await fetch(this.#path, { cache: 'no-store', referrerPolicy: 'no-referrer' });
      const error = answer.ok ? null : (await answer.json()).error;
      if (answer.ok) {
        this.open();
      } else if (answer.status === 410) {
        this.#end('The session has ended', REASONS[error.message.split(': ')[1]] ?? sentence(error.message), true);
      } else if (answer.status === 401 || answer.status === 404) {
        this.#end('This link does not work', 'It has expired, was revoked, or is wrong.');
      } else {
        this.#tell('state', { state: 'lost', why: sentence(error.message) });
        this.#again();
      }
    } catch {
      this.#again();
    }
  }

  begin() {
    this.#ask();
  }

  /** @param ended whether it is the session that is over, not only this view of it */
  #end(title, text, ended = false) {
    this.#over = true;
    this.#tell('over', { title, text, ended });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function sentence(text) {
  return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : '';
}
