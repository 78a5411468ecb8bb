/** What a key may use, in words: for the list of keys, and for the form. */
import { count, usd } from "../format.js";

/** In the order in which people read them: `[label, how a value reads, step of the number]`. */
export const LIMITS = {
  sessions: ["Sessions at once", (value) => `${count(value, "session")} at once`, 1],
  createsPerMinute: ["New sessions a minute", (value) => `${count(value, "new session")} a minute`, 1],
  requestsPerSecond: ["Requests a second", (value) => `${count(value, "request")} a second`, 1],
  storedMib: ["Kept, MiB", (value) => `${value.toLocaleString("en")} MiB kept`, 1],
  trafficMibPerMonth: ["Traffic a month, MiB", (value) => `${value.toLocaleString("en")} MiB of traffic a month`, 1],
  aiUsdPerMonth: ["AI a month, USD", (value) => `${usd(value)} of AI a month`, "any"],
};

/** One text for each limit that a key has. */
export function limitsOf(limits) {
  return Object.keys(LIMITS)
    .filter((name) => typeof limits?.[name] === "number")
    .map((name) => LIMITS[name][1](limits[name]));
}
