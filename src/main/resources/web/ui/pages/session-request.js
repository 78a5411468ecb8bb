/** The request that the form for a new session stands for. */
import { SERVER } from "../api.js";
import { singleQuoted } from "../shell.js";

const DOTS = "••••";

/** Puts what the fields hold at their paths; what is empty, or as it is by default, is left out. @param values by field name */
export function requestOf(values) {
  const request = {};
  for (const [name, value] of Object.entries(values)) {
    const given = valueInRequest(name, value, values);
    if (given !== undefined) {
      put(request, name.split("."), given);
    }
  }
  return request;
}

function valueInRequest(name, value, values) {
  if (name === "options.recording.pointer") {
    return undefined;
  }
  if (name === "options.recording") {
    return recording(value, values["options.recording.pointer"] !== false);
  }
  if (Array.isArray(value)) {
    return name === "options.httpCredentials" ? credentials(value) : pairs(value);
  }
  if (typeof value === "number") {
    return name.startsWith("options.timeouts.") ? Math.round(value * 1000) : value;
  }
  return value === "" || value === false || value === undefined ? undefined : value;
}

/** @param kept "always", "onFailure", "off", or "" for the server's default */
function recording(kept, pointer) {
  if (!kept) {
    return undefined;
  }
  const always = kept === "always";
  return kept === "off" ? false : pointer ? (always ? true : kept) : { pointer, ...(always ? {} : { keep: kept }) };
}

function pairs(rows) {
  const given = rows.filter(({ key }) => key.trim() !== "");
  return given.length ? Object.fromEntries(given.map(({ key, value }) => [key.trim(), value])) : undefined;
}

function credentials(rows) {
  const given = rows.filter(({ origin, username }) => origin.trim() !== "" || username !== "");
  return given.length ? given : undefined;
}

function put(object, [first, ...rest], value) {
  if (rest.length === 0) {
    object[first] = value;
  } else {
    put((object[first] ??= {}), rest, value);
  }
}

/** The request with dots in place of what the form does not show as it is typed. @returns the request itself where it has no secret */
export function withoutSecrets(request) {
  const { headers, httpCredentials } = request.options ?? {};
  if (!headers && !httpCredentials) {
    return request;
  }
  const options = { ...request.options };
  if (headers) {
    options.headers = Object.fromEntries(Object.keys(headers).map((name) => [name, DOTS]));
  }
  if (httpCredentials) {
    options.httpCredentials = httpCredentials.map((each) => ({ ...each, password: DOTS }));
  }
  return { ...request, options };
}

/** The same request, for a shell. */
export function curlToCreate(request) {
  return `curl -X POST ${SERVER}/api/sessions \\
  -H "Authorization: Bearer $BERTH_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d ${singleQuoted(JSON.stringify(request, null, 2))}`;
}

/** What is wrong with the field, under the label by which people know it. */
export function wrongWith(name, label, { message, hint }) {
  return `${label}${message.slice(name.length)}${hint ? `. ${hint}` : ""}`;
}

/** The field that an error of the server is about: its message begins with the field's path. @returns "" where it is none of these */
export function fieldOf(message, names) {
  const about = names.filter((name) => message.startsWith(name) && !/^[A-Za-z0-9_]/.test(message.slice(name.length)));
  return about.reduce((longest, name) => (name.length > longest.length ? name : longest), "");
}
