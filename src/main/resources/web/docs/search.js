// The search field: its index is loaded with the first use.

import {index, search, words} from './find.js';

const AROUND = 60;
const field = document.getElementById('search');
const list = document.getElementById('found');
const told = document.getElementById('told');
let sections;
let chosen = -1;

const lower = text => text.toLowerCase();

async function load() {
  const answer = await fetch('search.json');
  return index(await answer.json());
}

/** The text around the first word that it has. */
function excerpt(text, wanted) {
  const at = Math.max(0, Math.min(...wanted.map(word => lower(text).indexOf(word)).filter(place => place >= 0)));
  const from = Number.isFinite(at) ? Math.max(0, at - AROUND) : 0;
  return (from > 0 ? '…' : '') + text.slice(from, from + 3 * AROUND);
}

function marked(element, text, wanted) {
  const places = wanted.map(word => word.replace(/[.$/\\-]/g, '\\$&'));
  for (const [number, part] of text.split(new RegExp(`(${places.join('|')})`, 'i')).entries()) {
    const piece = number % 2 ? document.createElement('mark') : document.createTextNode('');
    piece.textContent = part;
    element.append(piece);
  }
  return element;
}

function option(section, number, wanted) {
  const item = document.createElement('li');
  item.id = `found-${number}`;
  item.role = 'option';
  const link = document.createElement('a');
  link.href = section.url;
  link.tabIndex = -1;
  const title = section.heading === section.page ? section.page : `${section.page} › ${section.heading}`;
  link.append(marked(document.createElement('b'), title, wanted));
  link.append(marked(document.createElement('span'), excerpt(section.text, wanted), wanted));
  item.append(link);
  return item;
}

function show(items, wanted) {
  list.replaceChildren(...items.map((section, number) => option(section, number, wanted)));
  list.hidden = items.length === 0;
  field.setAttribute('aria-expanded', String(!list.hidden));
  told.textContent = wanted.length === 0 ? '' : items.length === 0 ? 'No results' : `${items.length} found`;
  told.classList.toggle('nothing', wanted.length > 0 && items.length === 0);
  choose(-1);
}

function choose(number) {
  list.children[chosen]?.setAttribute('aria-selected', 'false');
  chosen = number;
  const item = list.children[chosen];
  item?.setAttribute('aria-selected', 'true');
  item?.scrollIntoView({block: 'nearest'});
  if (item) {
    field.setAttribute('aria-activedescendant', item.id);
  } else {
    field.removeAttribute('aria-activedescendant');
  }
}

async function look() {
  try {
    sections ??= await load();
  } catch {
    told.textContent = 'Could not load the search';
    told.classList.add('nothing');
    return;
  }
  const wanted = words(field.value);
  show(wanted.length === 0 ? [] : search(sections, wanted), wanted);
}

const keys = {
  ArrowDown: () => choose((chosen + 1) % Math.max(1, list.children.length)),
  ArrowUp: () => choose((chosen <= 0 ? list.children.length : chosen) - 1),
  Enter: () => list.children[Math.max(0, chosen)]?.querySelector('a').click(),
  Escape: () => {
    field.value = '';
    show([], []);
  },
};

field.addEventListener('input', look);
field.addEventListener('keydown', event => {
  if (event.key in keys && !event.isComposing) {
    event.preventDefault();
    keys[event.key]();
  }
});
list.addEventListener('click', () => {
  field.value = '';
  show([], []);
});
addEventListener('pointerdown', event => {
  if (!event.target.closest('.search')) {
    show([], []);
  }
});
addEventListener('keydown', event => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  }
});
field.disabled = false;
