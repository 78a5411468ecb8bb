// The page at a session's liveUrl: puts the parts together.

import { Connection } from './connection.js';
import { Downloads, showLeft } from './files.js';
import { Input } from './input.js';
import { Menu } from './menu.js';
import { Picture } from './picture.js';
import { button, element, Popups } from './popups.js';
import { Tabs } from './tabs.js';
import { Task } from './task.js';

const NOTICE_MILLIS = 5_000;
const $ = (id) => document.getElementById(id);

const [, base, session] = /^(.*)\/live\/([^/]+)$/.exec(location.pathname);
const resources = `${location.origin}${base}/api/sessions/${session}`;
const given = new URLSearchParams(location.search);
const token = given.get('token') ?? '';

const connection = new Connection(socketPath());
const send = (message) => connection.send(message);
const picture = new Picture($('stage'), $('frame'), $('picture'));
const tabs = new Tabs($('tabs'), $('pages'), $('address'), $('following'), send);
const popups = new Popups($('popups'), picture, $('sink'), send, notify);
const downloads = new Downloads($('notices'));
const task = new Task($('task'), send);
const input = new Input(picture, $('sink'), (message) => document.body.classList.contains('interactive') && send(message));

let toChrome = null;
const menu = new Menu($('popups'), picture, { copy: copyFrom, paste, selectAll, inspect, send }, () => input.focus());

/** The page is at …/live/<session>, the socket at …/api/sessions/<session>/live of the same server. */
function socketPath() {
  const query = new URLSearchParams({ token });
  if (given.has('interactive')) {
    query.set('interactive', given.get('interactive'));
  }
  return `${resources}/live?${query}`;
}

// What the session tells

const on = (type, handler) => connection.addEventListener(type, (event) => handler(event.detail));

on('view', (message) => {
  document.body.classList.toggle('interactive', message.interactive);
  $('watching').hidden = message.interactive;
  $('address').readOnly = !message.interactive;
  $('sink').disabled = !message.interactive;
  popups.interactive = message.interactive;
  // The server tells everything anew.
  popups.clear();
  task.leads = message.owner && message.interactive;
  menu.inspectable = task.leads;
  // Now, since a browser opens a tab only shortly after a click.
  toChrome = task.leads ? findChrome() : null;
  toChrome?.catch(() => {}); // told when it is asked for
  task.clear();
});
on('pages', (message) => {
  tabs.show(message);
  popups.showPage(message.shown);
});
on('frame', (frame) => picture.show(frame));
on('dialog', (message) => popups.dialog(message));
on('fileChooser', (message) => popups.fileChooser(message));
on('select', (message) => popups.select(message));
on('download', (message) => downloads.tell(message.artifact));
on('task', (message) => task.tell(message));
on('contextMenu', (message) => menu.open(message));
on('cursor', (message) => {
  $('picture').style.cursor = message.cursor;
});
on('error', (message) => notify(message.message));
on('copied', (message) => copy(message.text));

on('state', ({ state, why }) => {
  const names = { live: 'Live', lost: 'Reconnecting' };
  setStatus(state, names[state]);
  document.body.classList.toggle('stale', state === 'lost');
  if (why) {
    notify(why);
  }
});
on('over', ({ title, text, ended }) => {
  setStatus('over', 'Ended');
  document.body.classList.add('stale', 'over');
  document.body.classList.remove('interactive');
  $('sink').disabled = true;
  popups.clear();
  downloads.clear();
  task.clear();
  const head = document.createElement('h1');
  const why = document.createElement('p');
  why.setAttribute('role', 'alert');
  head.textContent = title;
  why.textContent = text;
  const box = document.createElement('div');
  const left = element('div', 'left');
  box.append(head, why, left);
  $('cover').replaceChildren(box);
  $('cover').hidden = false;
  if (ended) {
    showLeft(left, resources, token);
  }
});

function setStatus(state, name) {
  $('status').dataset.state = state;
  $('status').textContent = name;
}

// What the person asks for beside the picture

const shownPage = () => ({ pageId: tabs.shown ?? undefined });

$('bar').addEventListener('submit', (event) => {
  event.preventDefault();
  const url = $('address').value.trim();
  if (url && !$('address').readOnly) {
    send({ type: 'navigate', url, ...shownPage() });
    input.focus();
  }
});
for (const go of document.querySelectorAll('[data-go]')) {
  go.addEventListener('click', () => send({ type: go.dataset.go, ...shownPage() }));
}
$('open').addEventListener('click', () => {
  send({ type: 'openPage' });
  $('address').focus();
});
$('closing').addEventListener('click', () => send({ type: 'closePage', ...shownPage() }));
$('typing').addEventListener('click', () => input.focus());
$('copying').addEventListener('click', () => copyFrom(shownPage().pageId));
$('pasting').addEventListener('click', paste);
if (document.fullscreenEnabled) {
  $('filling').addEventListener('click', () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
  );
} else {
  $('filling').hidden = true;
}

/** Asks for the way to the session's Chrome, which those who lead the session get. */
async function findChrome() {
  const { connectUrl } = await (await fetch(`${resources}/live?${new URLSearchParams({ token })}`)).json();
  return new URL(connectUrl);
}

/** Opens Chrome's DevTools for the page, in a tab that shares nothing with this one. */
async function inspect(pageId) {
  try {
    const { protocol, host, pathname, search } = await toChrome;
    const socket = `${host}${pathname}/devtools/page/${pageId}${search}`;
    window.open(`${base}/devtools/inspector.html?${protocol.slice(0, -1)}=${encodeURIComponent(socket)}`, '_blank', 'noopener');
  } catch {
    notify('DevTools can’t be opened: the session has ended.');
  }
}

// Clipboard

function copyFrom(pageId) {
  send({ type: 'copy', pageId });
}

function selectAll(pageId) {
  const key = { type: 'key', pageId, key: 'a', code: 'KeyA', keyCode: 65, modifiers: 2 };
  send({ ...key, action: 'down' });
  send({ ...key, action: 'up' });
}

async function copy(text) {
  if (text === '') {
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
    notify('Copied.');
  } catch {
    // A frame or a plain-HTTP page may not: the person's own click on text can.
    offer('Copy this', text, 'Close', () => {});
  }
}

async function paste() {
  try {
    input.paste(await navigator.clipboard.readText());
    input.focus();
  } catch {
    offer('Paste your text here', '', 'Send to the page', (text) => input.paste(text));
  }
}

/** A field for text that goes from or to the clipboard by hand. */
function offer(title, text, label, done) {
  const veil = document.createElement('div');
  veil.className = 'veil';
  const card = document.createElement('div');
  card.className = 'card';
  card.setAttribute('role', 'dialog');
  card.setAttribute('aria-label', title);
  const head = document.createElement('h2');
  head.textContent = title;
  const field = document.createElement('textarea');
  field.rows = 5;
  field.value = text;
  field.setAttribute('aria-label', title);
  const row = document.createElement('div');
  row.className = 'row';
  const close = () => {
    veil.remove();
    input.focus();
  };
  row.append(
    button(label, () => {
      done(field.value);
      close();
    }, true),
  );
  card.append(head, field, row);
  card.addEventListener('keydown', (event) => event.key === 'Escape' && close());
  veil.append(card);
  $('popups').append(veil);
  field.focus();
  field.select();
}

function notify(text) {
  const notice = document.createElement('div');
  notice.className = 'notice';
  notice.textContent = text;
  $('notices').append(notice);
  const passing = $('notices').querySelectorAll('.notice:not(.kept)');
  if (passing.length > 3) {
    passing[0].remove();
  }
  setTimeout(() => notice.remove(), NOTICE_MILLIS);
}

connection.begin();
