// The AI task that works in the session: what it does, what it asks, and how it ended.

import { button, element } from './popups.js';

const ENDED = ['completed', 'failed', 'timeout', 'cancelled'];
const CANCEL = 'Cancel task';
const STATES = {
  starting: 'Task starting',
  pending: 'Task queued',
  running: 'Task running',
  waiting: 'Task asks you',
  completed: 'Task finished',
  failed: 'Task failed',
  timeout: 'Task timed out',
  cancelled: 'Task cancelled',
};

export class Task {
  /** Whether this person may answer and cancel. */
  leads = false;
  #tasks = new Map();
  #shown = null;

  /**
   * @param panel where it is shown
   * @param send sends a message
   */
  constructor(panel, send) {
    this.panel = panel;
    this.send = send;
    this.state = element('span', 'state');
    this.step = element('span', 'step');
    this.question = element('p', 'question');
    this.cancel = button(CANCEL, () => this.#cancel());
    this.close = button('Close', () => this.#forget());
    this.answer = this.#form();
    const row = element('div', 'row');
    const told = element('div', 'told');
    told.setAttribute('role', 'status');
    told.append(this.state, this.step, this.question);
    row.append(told, this.cancel, this.close);
    panel.append(row, this.answer);
  }

  #form() {
    const form = element('form', 'row');
    this.text = element('textarea');
    this.text.rows = 1;
    this.text.maxLength = 10_000;
    this.text.placeholder = 'Your answer';
    this.text.setAttribute('aria-label', 'Answer to the task');
    this.text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    const answer = button('Answer', () => {}, true);
    answer.type = 'submit';
    form.append(this.text, answer);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.text.value.trim();
      if (text) {
        this.send({ type: 'answerTask', taskId: this.#shown, text });
      }
    });
    return form;
  }

  /** @param message what the session tells of a task */
  tell(message) {
    this.#tasks.set(message.taskId, message);
    this.#render();
  }

  /** The server tells anew of those that have not ended. */
  clear() {
    this.#tasks.clear();
    this.#render();
  }

  /** One that asks, or else the one that was told of last. */
  #pick() {
    const tasks = [...this.#tasks.values()].reverse();
    return tasks.find((task) => task.question) ?? tasks.find((task) => !ENDED.includes(task.status)) ?? tasks[0];
  }

  #render() {
    const task = this.#pick();
    this.panel.hidden = !task;
    if (!task) {
      this.#shown = null;
      return;
    }
    const ended = ENDED.includes(task.status);
    if (this.#shown !== task.taskId) {
      this.#calm();
    }
    this.#shown = task.taskId;
    this.panel.dataset.status = task.status;
    put(this.state, STATES[task.status] ?? task.status);
    put(this.step, task.question || task.status === 'cancelled' ? '' : (task.error ?? describe(task.step)));
    put(this.question, task.question ?? '');
    if (!task.question) {
      this.text.value = '';
    }
    this.answer.hidden = !task.question || !this.leads;
    this.cancel.hidden = ended || !this.leads;
    this.close.hidden = !ended;
  }

  /** A session that was made for the task ends with it: asks once more. */
  #cancel() {
    if (this.cancel.classList.contains('main')) {
      this.send({ type: 'cancelTask', taskId: this.#shown });
      this.#calm();
    } else {
      this.cancel.classList.add('main');
      this.cancel.textContent = 'Confirm cancel';
      this.cancel.focus();
      this.cancel.addEventListener('blur', () => this.#calm(), { once: true });
    }
  }

  #calm() {
    this.cancel.classList.remove('main');
    this.cancel.textContent = CANCEL;
  }

  #forget() {
    this.#tasks.delete(this.#shown);
    this.#render();
  }
}

function describe(step) {
  if (!step) {
    return '';
  }
  const what = `Step ${step.number}: ${step.tool.replaceAll('_', ' ')}`;
  const failed = step.success ? '' : ', which failed';
  return `${what}${failed}${step.reason ? ` (${step.reason})` : ''}`;
}

/** A screen reader reads aloud what changes: what stays is left alone. */
function put(place, text) {
  if (place.textContent !== text) {
    place.textContent = text;
  }
  place.hidden = text === '';
}
