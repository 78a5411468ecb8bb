/** A request as a command for a shell, as a person pastes it, whatever a page put into the request. */
import { quote } from "../shell.js";

const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Curl makes these itself, or they are of one connection. */
const OWN = new Set(["host", "content-length", "connection", "accept-encoding"]);

/** A request as a curl command; null for one that curl can't send. Secrets in it are redacted, as in the log. */
export function curlOf(request) {
  if (!/^https?:\/\//i.test(request.url) || !/^[A-Za-z]+$/.test(request.method)) {
    return null;
  }
  const parts = ["curl --globoff", quote(request.url)];
  if (request.method === "HEAD") {
    // With -X HEAD, curl would wait for a body.
    parts.push("--head");
  } else if (request.method !== "GET") {
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
