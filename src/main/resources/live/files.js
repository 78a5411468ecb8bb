// What a session gives: files that people download meanwhile, and what is left when it has ended.

import { button, element } from './popups.js';

const MAX_TOLD = 5;
const RENEWED_BEFORE_MILLIS = 30_000;
const KINDS = { recording: 'Recording', screenshot: 'Screenshot', pdf: 'PDF', download: 'Download', upload: 'Upload' };
const LOGS = [
  ['actions?limit=1000&', 'Actions'],
  ['console?limit=1000&', 'Console'],
  ['network?limit=1000&', 'Network'],
  ['har?', 'HAR'],
];

/** Notices of downloads, each until it is closed or its link has expired. */
export class Downloads {
  #notices = new Map();

  constructor(place) {
    this.place = place;
  }

  clear() {
    this.#notices.forEach((notice) => notice?.remove());
    this.#notices.clear();
  }

  /** @param artifact whose link only the owner of the session gets */
  tell(artifact) {
    const before = this.#notices.get(artifact.objectId);
    if (before === undefined) {
      this.#notices.set(artifact.objectId, null);
    } else if (!before?.isConnected) {
      return; // closed, and told once more when it is stored
    }
    const notice = element('div', 'notice kept');
    const text = element('span');
    text.textContent = artifact.publicUrl ? 'Downloaded ' : `Downloaded ${nameOf(artifact)}, ${sizeOf(artifact.size)}`;
    if (artifact.publicUrl) {
      text.append(link(artifact.publicUrl, nameOf(artifact)), `, ${sizeOf(artifact.size)}`);
      setTimeout(() => notice.remove(), Date.parse(artifact.expiresAt) - Date.now());
    }
    notice.append(text, button('Close', () => notice.remove()));
    if (before) {
      before.replaceWith(notice);
    } else {
      this.place.append(notice);
    }
    this.#notices.set(artifact.objectId, notice);
    const kept = this.place.querySelectorAll('.kept');
    if (kept.length > MAX_TOLD) {
      kept[0].remove();
    }
  }
}

/**
 * Links to the recording, the other files and the logs of a session that has ended; nothing for whom the session is not.
 *
 * @param base URL of the session's resources
 * @param token of its liveUrl
 */
export async function showLeft(place, base, token) {
  const query = `token=${encodeURIComponent(token)}`;
  const answer = await fetch(`${base}/artifacts?${query}`, { cache: 'no-store', referrerPolicy: 'no-referrer' }).catch(() => null);
  if (!answer?.ok) {
    place.replaceChildren();
    return;
  }
  const { artifacts } = await answer.json();
  const files = artifacts.filter((artifact) => artifact.publicUrl);
  const recordings = files.filter((file) => file.type === 'recording');
  const others = files.filter((file) => file.type !== 'recording');
  place.replaceChildren(
    ...group('Recording', recordings.map((file) => item(file.publicUrl, `From ${timeOf(file)}`, sizeOf(file.size)))),
    ...group('Files', others.map((file) => item(file.publicUrl, nameOf(file), sizeOf(file.size)))),
    ...group('Logs', LOGS.map(([path, name]) => item(`${base}/${path}${query}`, name, ''))),
  );
  const expires = Math.min(...files.map((file) => Date.parse(file.expiresAt)));
  if (Number.isFinite(expires)) {
    setTimeout(() => showLeft(place, base, token), Math.max(expires - Date.now() - RENEWED_BEFORE_MILLIS, RENEWED_BEFORE_MILLIS));
  }
}

function group(title, items) {
  if (items.length === 0) {
    return [];
  }
  const head = element('h2');
  head.textContent = title;
  const list = element('ul');
  list.append(...items);
  return [head, list];
}

function item(url, name, detail) {
  const made = element('li');
  const more = element('span');
  more.textContent = detail;
  made.append(link(url, name), more);
  return made;
}

function link(url, name) {
  const made = element('a');
  made.href = url;
  made.target = '_blank';
  made.rel = 'noopener noreferrer';
  made.textContent = name;
  return made;
}

function nameOf(file) {
  return file.fileName || `${KINDS[file.type] ?? file.type} ${timeOf(file)}`;
}

function timeOf(file) {
  return new Date(file.timestamp).toLocaleTimeString();
}

function sizeOf(bytes) {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** unit).toFixed(unit && bytes / 1000 ** unit < 10 ? 1 : 0)} ${units[unit]}`;
}
