/** Text for a shell: commands as a person pastes them, whatever a page put into them. */

const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Curl makes these itself, or they are of one connection. */
const OWN = new Set(["host", "content-length", "connection", "accept-encoding"]);

/** A word of a POSIX shell; with control characters, which could act on a terminal, as `$'…'` of bash, zsh and others. */
export function quote(text) {
  if (!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) {
    return `'${text.replace(/'/g, "'\\''")}'`;
  }
  const escaped = text.replace(/[\\'\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => {
    const code = char.charCodeAt(0);
    return char === "\\" || char === "'" ? `\\${char}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `$'${escaped}'`;
}

/** A request as a curl command; null for one that curl can't send. Secrets in it are redacted, as in the log. */
export function curlOf(request) {
  if (!/^https?:\/\//i.test(request.url) || !/^[A-Za-z]+$/.test(request.method)) {
    return null;
  }
  const parts = ["curl --globoff", quote(request.url)];
  if (request.method !== "GET") {
    parts.push(`-X ${request.method}`);
  }
  for (const [name, value] of Object.entries(request.requestHeaders ?? {})) {
    if (HEADER.test(name) && !OWN.has(name.toLowerCase())) {
      parts.push(`-H ${quote(`${name}: ${value}`)}`);
    }
  }
  if (typeof request.requestBody === "string") {
    parts.push(`--data-raw ${quote(request.requestBody)}`);
  }
  return parts.join(" \\\n  ");
}
