/** Times, sizes and the server's words, as people read them. */

/** "350 ms", "4.2 s", "3 min 5 s", "2 h 10 min". */
export function duration(millis) {
  if (millis === null || millis === undefined || Number.isNaN(millis)) {
    return "–";
  }
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  if (millis < 60_000) {
    return `${(millis / 1000).toFixed(millis < 10_000 ? 1 : 0)} s`;
  }
  const minutes = Math.floor(millis / 60_000);
  if (minutes < 60) {
    return both(minutes, "min", Math.floor((millis % 60_000) / 1000), "s");
  }
  return both(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

function both(large, unit, small, smallUnit) {
  return small ? `${large} ${unit} ${small} ${smallUnit}` : `${large} ${unit}`;
}

/** "0:07.3", "12:05", "1:02:05": a place on a session's time. */
export function clock(millis, tenths = false) {
  const seconds = Math.max(0, millis) / 1000;
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  const fraction = tenths ? `.${Math.floor((Math.max(0, millis) % 1000) / 100)}` : "";
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}${fraction}` : `${minutes}:${rest}${fraction}`;
}

/** "just now", "5 min ago", "3 h ago", "2 days ago". */
export function ago(timestamp, now = Date.now()) {
  const seconds = (now - Date.parse(timestamp)) / 1000;
  if (seconds < 10) {
    return "just now";
  }
  if (seconds < 60) {
    return `${Math.floor(seconds)} s ago`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3600)} h ago`;
  }
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/** The time of day of a timestamp, where this browser is: "14:03:22.120". */
export function timeOfDay(timestamp) {
  const at = new Date(timestamp);
  return `${at.toLocaleTimeString("en-GB")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

/** Date and time of a timestamp, where this browser is. */
export function dateTime(timestamp) {
  return timestamp ? new Date(timestamp).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" }) : "–";
}

export function bytes(count) {
  if (count === null || count === undefined) {
    return "–";
  }
  if (count < 1024) {
    return `${count} B`;
  }
  if (count < 1024 * 1024) {
    return `${(count / 1024).toFixed(count < 10_240 ? 1 : 0)} KiB`;
  }
  return `${(count / 1024 / 1024).toFixed(1)} MiB`;
}

export function usd(amount) {
  if (!amount) {
    return "$0";
  }
  return amount < 0.01 ? `$${amount.toFixed(4)}` : `$${amount.toFixed(2)}`;
}

const REASONS = {
  client: "closed by a client",
  admin: "closed by an administrator",
  task_finished: "its AI task finished",
  task_failed: "its AI task failed",
  task_cancelled: "its AI task was cancelled",
  idle_timeout: "idle timeout",
  max_lifetime: "lifetime reached",
  client_disconnected: "its CDP client disconnected and did not come back",
  browser_crashed: "Chrome crashed",
  driver_crashed: "chromedriver crashed",
  launch_failed: "Chrome did not start",
  node_drained: "the server was shut down",
  node_lost: "the server was lost",
  budget_exhausted: "its AI task used up its budget",
  out_of_memory: "memory limit exceeded",
  disk_full: "disk limit exceeded, or disk full",
};

/** Why a session ended, in words. */
export function reason(endReason) {
  return REASONS[endReason] ?? "for a reason that this version does not know";
}

/** How the work in a session ended, as its client reported: the words, and the kind of the badge. */
export const OUTCOMES = {
  passed: ["Passed", "good"],
  failed: ["Failed", "bad"],
  timedOut: ["Timed out", "bad"],
  skipped: ["Skipped", ""],
  interrupted: ["Interrupted", "warn"],
};

/** What to call a session: its name, else its page's title or URL. */
export function nameOf(session) {
  return session.name || session.title || briefUrl(session.currentUrl, 60) || (session.status === "creating" ? "New session" : "Empty page");
}

/** Who did something: the drivers in the order of their lanes. The colours are `--driver-…` of the stylesheet. */
export const DRIVERS = {
  rest: "REST",
  cdp: "Puppeteer / Playwright",
  ai: "AI task",
  mcp: "MCP",
  live: "People",
  bus: "Event bus",
  unknown: "Unknown",
};

/** The states of AI tasks, in words. */
export const TASK_STATUS = {
  starting: "Starting",
  pending: "Queued",
  running: "Running",
  waiting: "Asks you",
  completed: "Completed",
  failed: "Failed",
  timeout: "Timed out",
  cancelled: "Cancelled",
};

const ENDED_TASKS = ["completed", "failed", "timeout", "cancelled"];

export function isTaskOver(status) {
  return ENDED_TASKS.includes(status);
}

/** A value of JSON for people: text as it is, all else as JSON. */
export function asText(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Whether a page's URL may be a link: `javascript:…` as a link would run in the dashboard. */
export function isWebUrl(url) {
  return /^https?:\/\//i.test(url ?? "");
}

/** The last part of an URL's path, with the query; for where there is little room. */
export function fileOf(url) {
  if (/^data:/i.test(url)) {
    return `${url.slice(0, 60)}…`;
  }
  const [path, query = ""] = url.split(/(?=\?)/);
  const name = path.replace(/\/$/, "").split("/").pop();
  return (name + query).slice(0, 160) || url.slice(0, 160);
}

/** An URL without its scheme, for where there is little room. */
export function shortUrl(url) {
  return (url ?? "").replace(/^https?:\/\//, "").replace(/\/$/, "");
}

/** An URL for where there is little room: no scheme, and not more characters than these. */
export function briefUrl(url, most = 80) {
  const text = shortUrl(url);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** "1 session", "3 sessions". */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
