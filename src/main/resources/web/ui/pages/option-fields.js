/**
 * The fields of the form for a new session, in groups. `name` is the field's path in the request, by which the server names it
 * in errors, too. `hint` is the line that explains it; where it depends on the server's limits, a function of them.
 */
import { duration } from "../format.js";

const DEVICES = [
  "iPhone 15", "iPhone 15 Pro Max", "iPhone SE", "Pixel 7", "Galaxy S9+", "iPad Mini", "iPad Pro 11", "Galaxy Tab S4",
  "Desktop Chrome", "Desktop Chrome HiDPI",
];
const LOCALES = ["en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pl-PL", "pt-BR", "tr-TR", "ja-JP", "ko-KR", "zh-CN"];

/** @param standard the server's default in milliseconds, by its limits */
function seconds(name, label, least, text, standard) {
  const hint = (limits) => `${text} Default: ${duration(standard(limits))}.`;
  return { name: `options.timeouts.${name}`, label, type: "seconds", least, hint };
}

function longestVideo(limits) {
  return limits?.maxRecordingMillis ? `; the longest video has ${duration(limits.maxRecordingMillis)}` : "";
}

export const GROUPS = [
  {
    title: "Screen and place",
    open: true,
    fields: [
      { name: "options.device", label: "Device", type: "text", choices: DEVICES, placeholder: "a desktop",
        hint: "One of Playwright's devices: pages get its viewport, pixel ratio, touch and user agent. What is given beside it holds in its place." },
      { name: "options.viewport.width", label: "Width", type: "number", least: 1, most: 7680, placeholder: "1280",
        hint: "CSS pixels. By default the device's, else 1280 by 720." },
      { name: "options.viewport.height", label: "Height", type: "number", least: 1, most: 7680, placeholder: "720",
        hint: "Goes with the width: both, or neither." },
      { name: "options.locale", label: "Language", type: "text", choices: LOCALES, placeholder: "Chrome's own",
        hint: "Such as de-DE: for Accept-Language, navigator.language and the forms of numbers and dates." },
      { name: "options.timezone", label: "Time zone", type: "text", choices: Intl.supportedValuesOf("timeZone"), placeholder: "the server's",
        hint: "An IANA name, such as Europe/Berlin." },
      { name: "options.userAgent", label: "User agent", type: "text", placeholder: "Chrome's own",
        hint: "In place of Chrome's own, or the device's, in headers and for scripts." },
    ],
  },
  {
    title: "What is kept",
    open: true,
    fields: [
      { name: "options.recording", label: "Record a video", type: "check",
        hint: (limits) => `Of the active page, from the session's start to its end${longestVideo(limits)}.` },
      { name: "options.recording.pointer", label: "Draw the mouse and its clicks into videos", type: "check", on: true, needs: "options.recording",
        hint: "They are never in screenshots or the live view." },
      { name: "options.flightRecorder", label: "Flight recorder", type: "check",
        hint: "Remember what the last 30 s looked like: it becomes a video if the session fails, or when asked for." },
      { name: "options.bodies", label: "Bodies of requests and responses", type: "check",
        hint: "Keep what requests send and what responses of text, JSON and the like contain, up to 1 MiB each. "
          + "Passwords and tokens in JSON and forms are redacted." },
    ],
  },
  {
    title: "Logins",
    open: true,
    fields: [
      { name: "options.profile.name", label: "Profile", type: "text", placeholder: "none",
        hint: "Begin with the logins and stored data that an earlier session saved under this name. A new name begins empty." },
      { name: "options.profile.save", label: "Save it at the end", type: "text", choices: ["always", "onSuccess", "never"], placeholder: "always",
        needs: "options.profile.name", hint: "always, onSuccess (where the session is completed), or never: then others may use it meanwhile." },
    ],
  },
  {
    title: "When it ends",
    fields: [
      seconds("idle", "Unused for", 1, "Seconds without an action, a message of a CDP client or a person's input.",
        (limits) => limits?.idleTimeoutMillis ?? 600_000),
      seconds("lifetime", "Lifetime", 1, "Seconds from its creation, used or not.", (limits) => limits?.lifetimeMillis ?? 3_600_000),
      seconds("reconnect", "Client away for", 0, "Seconds after its last CDP client left without coming back.",
        (limits) => limits?.reconnectMillis ?? 30_000),
    ],
  },
  {
    title: "Network",
    fields: [
      { name: "options.ignoreHttpsErrors", label: "Ignore invalid certificates", type: "check",
        hint: "Open pages of servers with self-signed or expired certificates, too." },
      { name: "options.headers", label: "Headers", type: "pairs", key: "Name", value: "Value", secret: true,
        hint: "Sent with every request of the session's pages, to whichever server. Values are secrets: they are not shown again." },
      { name: "options.httpCredentials", label: "Passwords of sites", type: "credentials",
        hint: "Sent where a server of the origin asks for a user name and password, and to no other origin. Never shown again." },
    ],
  },
];

export const METADATA = { name: "metadata", label: "Labels", type: "pairs", key: "Key", value: "Value",
  hint: "Of your own, by which sessions can be found: team = qa." };

export const NAMES = ["initialPrompt", METADATA.name, ...GROUPS.flatMap((group) => group.fields.map((field) => field.name))];
