/**
 * The API of this server, as the dashboard calls it: with the key that a person signed in with, or with the token of a shared
 * link. The key is kept for this tab only.
 */

/** Where the server is, without a slash at the end: at its root, or at the path that a proxy gave it. */
export const SERVER = new URL("..", import.meta.url).href.replace(/\/$/, "");

const KEY = "berth.key";

/** What the server said of a request that it refused, or `code` `offline` where no answer came. */
export class ApiError extends Error {
  constructor(status, error) {
    super(error.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = error.code ?? "unknown";
    this.hint = error.hint ?? "";
    this.requestId = error.requestId ?? "";
  }
}

let token = null;
let away = false;

/** Tells the frame when the server goes away (`berth-away`) and when it is back (`berth-back`). @param answered whether it answered */
function noteAnswer(answered) {
  if (away === answered) {
    away = !answered;
    dispatchEvent(new CustomEvent(away ? "berth-away" : "berth-back"));
  }
}

export function key() {
  return sessionStorage.getItem(KEY);
}

/** Keeps the key if the server takes it; else throws. */
export async function signIn(newKey) {
  if (!/^[\x21-\x7e]+$/.test(newKey)) {
    throw new ApiError(401, { message: "This is not a key: it has characters that keys never have." });
  }
  await send("GET", "/api/me", { headers: { Authorization: `Bearer ${newKey}` } });
  sessionStorage.setItem(KEY, newKey);
}

export function signOut() {
  sessionStorage.removeItem(KEY);
}

/** Reads with this token from now on, as the holder of a shared link. */
export function useToken(shared) {
  token = shared;
}

export function hasToken() {
  return token !== null;
}

let watches = false;

/** Takes the role of the key. */
export function useRole(role) {
  watches = role === "viewer";
}

/** Whether to offer more than reading, which is all that viewers, holders of links, and admins with sessions of other users may do. */
export function mayAct(session) {
  const live = session?.status === "creating" || session?.status === "running";
  return !token && !watches && !(live && !session.connectUrl);
}

/** The address of an operation. @param query values that are undefined, null or "" are left out */
export function address(path, query = {}) {
  const url = new URL(SERVER + path);
  for (const [name, value] of Object.entries({ ...query, ...(token ? { token } : {}) })) {
    if (value !== undefined && value !== null && value !== "") {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

async function send(method, path, { query, body, file, signal, headers = {} } = {}) {
  const all = { ...headers };
  if (!token && key()) {
    all.Authorization = `Bearer ${key()}`;
  }
  if (body !== undefined) {
    all["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(address(path, query), { method, signal, headers: all, body: file ?? (body === undefined ? undefined : JSON.stringify(body)) });
  } catch (e) {
    if (signal?.aborted) {
      throw e;
    }
    noteAnswer(false);
    throw new ApiError(0, { code: "offline", message: "The server does not answer.", hint: "Is it running, and is this machine online?" });
  }
  noteAnswer(true);
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

async function refusal(response) {
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    // The answer is no JSON, as those of a proxy in front of the server are: its status is all that is known.
  }
  if (response.status === 401 && !token) {
    dispatchEvent(new CustomEvent("berth-signed-out"));
  }
  return new ApiError(response.status, error);
}

/** The JSON that a GET answers. */
export async function get(path, query, signal) {
  return (await send("GET", path, { query, signal })).json();
}

/** The bytes that a GET answers, as a Blob. */
export async function getBlob(path, query, signal) {
  return (await send("GET", path, { query, signal })).blob();
}

/** A file that grows, as a Blob: of what is there already only the rest is asked for. @param tag of the file, for when it is another one */
export async function getGrown(path, had, tag, signal) {
  const headers = had.size ? { Range: `bytes=${had.size}-`, "If-Range": tag } : {};
  try {
    const response = await send("GET", path, { signal, headers });
    const blob = await response.blob();
    return response.status === 206 ? new Blob([had, blob], { type: blob.type }) : blob;
  } catch (e) {
    if (e.status === 416) {
      return had;
    }
    throw e;
  }
}

/** The text that a GET answers. */
export async function getText(path, query, signal) {
  return (await send("GET", path, { query, signal })).text();
}

/** @param body without it, the request has none */
export async function post(path, body, { query, headers } = {}) {
  const response = await send("POST", path, { body, query, headers });
  return response.status === 204 ? null : response.json();
}

export async function patch(path, body) {
  return (await send("PATCH", path, { body })).json();
}

export async function put(path, body = {}) {
  return (await send("PUT", path, { body })).json();
}

/** Sends a file as it is. */
export async function putFile(path, file) {
  return (await send("PUT", path, { file })).json();
}

export async function remove(path) {
  const response = await send("DELETE", path);
  return response.status === 204 ? null : response.json();
}

/**
 * Follows a stream of server-sent events, and opens it again where it breaks off, until it is over or aborted.
 *
 * @param take is given each event: `{id, type, data}`, `data` parsed
 * @param lastEventId from where on; "0" is the beginning, undefined is now
 * @returns when the stream is over (204), or the signal aborts; throws where it is refused
 */
export async function follow(path, { query, signal, lastEventId, take }) {
  let last = lastEventId;
  for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 8000)) {
    try {
      const response = await send("GET", path, {
        query,
        signal,
        headers: { Accept: "text/event-stream", ...(last === undefined ? {} : { "Last-Event-ID": last }) },
      });
      if (response.status === 204) {
        return;
      }
      for await (const event of events(response.body)) {
        wait = 500;
        last = event.id ?? last;
        take(event);
      }
    } catch (e) {
      if (signal.aborted) {
        return;
      }
      if (e instanceof ApiError && e.status !== 0 && e.status < 500 && e.status !== 429) {
        throw e;
      }
    }
    await pause(wait, signal);
  }
}

function pause(millis, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, millis);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}

async function* events(body) {
  let rest = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      rest += value;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const event = parse(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (event) {
          yield event;
        }
      }
    }
  } finally {
    // Who reads no further leaves no open stream behind: a user has few of them.
    reader.cancel().catch(() => {});
  }
}

function parse(text) {
  const event = { type: "message" };
  const data = [];
  for (const line of text.split("\n")) {
    const at = line.indexOf(":");
    const name = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? "" : line.slice(at + 1).replace(/^ /, "");
    if (name === "data") {
      data.push(value);
    } else if (name === "id") {
      event.id = value;
    } else if (name === "event") {
      event.type = value;
    }
  }
  if (data.length === 0) {
    return null;
  }
  event.data = JSON.parse(data.join("\n"));
  return event;
}
