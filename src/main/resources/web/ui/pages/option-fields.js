/**
 * The fields of the form for a new session, in groups. `name` is the field's path in the request, by which the server names it
 * in errors, too. Fields in a list of their own stand together; `choices` of a choice are `[value, label]`. `hint` is the line that explains it; where it depends on the server's limits, a function of them.
 */
import { duration } from "../format.js";

const DEVICES = [
  "iPhone 15", "iPhone 15 Pro Max", "iPhone SE", "Pixel 7", "Galaxy S9+", "iPad Mini", "iPad Pro 11", "Galaxy Tab S4",
  "Desktop Chrome", "Desktop Chrome HiDPI",
];
const named = (name) => [name, name];
const LOCALES = ["en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pl-PL", "pt-BR", "tr-TR", "ja-JP", "ko-KR", "zh-CN"];

/** @param standard the server's default in milliseconds, by its limits */
function seconds(name, label, least, text, standard) {
  const hint = (limits) => `${text} Default: ${duration(standard(limits))}.`;
  return { name: `options.timeouts.${name}`, label, type: "seconds", least, hint };
}

function longestVideo(limits) {
  return limits?.maxRecordingMillis ? ` A video is at most ${duration(limits.maxRecordingMillis)} long.` : "";
}

export const NAME = { name: "name", label: "Name", type: "text", placeholder: "checkout works on a phone",
  hint: "Shown as the title of the session. Optional." };

export const GROUPS = [
  {
    title: "Browser",
    open: true,
    fields: [
      { name: "options.device", label: "Device", type: "choice", choices: [["", "Desktop"], ...DEVICES.map(named)],
        hint: "Sets screen size, pixel ratio, touch and user agent. Values you set here override the device's." },
      [
        { name: "options.viewport.width", label: "Width", type: "number", least: 1, most: 7680, placeholder: "1280",
          hint: "CSS pixels" },
        { name: "options.viewport.height", label: "Height", type: "number", least: 1, most: 7680, placeholder: "720",
          hint: "Set both or neither" },
      ],
      { name: "options.locale", label: "Language", type: "text", choices: LOCALES, placeholder: "Chrome's default",
        hint: "Such as de-DE. Sets Accept-Language, navigator.language, and how numbers and dates look." },
      { name: "options.timezone", label: "Time zone", type: "text", choices: Intl.supportedValuesOf("timeZone"), placeholder: "The server's",
        hint: "An IANA name, such as Europe/Berlin." },
      { name: "options.userAgent", label: "User agent", type: "text", placeholder: "Chrome's or the device's",
        hint: "Sent in headers, and shown to scripts." },
    ],
  },
  {
    title: "Recording",
    open: true,
    fields: [
      { name: "options.recording", label: "Video", type: "choice",
        choices: [["", "The server's default"], ["always", "Record and keep"], ["onFailure", "Keep only if the session fails"], ["off", "Don't record"]],
        hint: (limits) => `Records the active page from start to end.${longestVideo(limits)}` },
      { name: "options.recording.pointer", label: "Show the mouse and clicks in videos", type: "check", on: true, needs: "options.recording",
        hint: "Never shown in screenshots or in the live view." },
      { name: "options.flightRecorder", label: "Flight recorder", type: "check",
        hint: "Remembers the last 30 s. They become a video if the session fails, or when you ask for them." },
      { name: "options.bodies", label: "Keep request and response bodies", type: "check",
        hint: "Text, JSON and the like, up to 1 MiB each. Passwords and tokens in JSON and forms are redacted." },
    ],
  },
  {
    title: "Login",
    open: true,
    fields: [
      { name: "options.profile.name", label: "Profile", type: "text", placeholder: "None",
        hint: "Starts with the logins and site data that an earlier session saved under this name. A new name starts empty." },
      { name: "options.profile.save", label: "Save the profile", type: "choice",
        choices: [["", "When the session ends"], ["onSuccess", "Only if the session completes"], ["never", "Never"]],
        needs: "options.profile.name", hint: "Sessions that never save can share a profile at the same time." },
    ],
  },
  {
    title: "Timeouts",
    fields: [
      seconds("idle", "Idle timeout", 1, "Seconds without an action, a CDP message or a person's input.",
        (limits) => limits?.idleTimeoutMillis ?? 600_000),
      seconds("lifetime", "Lifetime", 1, "Seconds from creation until the session ends, used or not.", (limits) => limits?.lifetimeMillis ?? 3_600_000),
      seconds("reconnect", "Reconnect timeout", 0, "Seconds that a disconnected CDP client has to come back.",
        (limits) => limits?.reconnectMillis ?? 30_000),
    ],
  },
  {
    title: "Network",
    fields: [
      { name: "options.ignoreHttpsErrors", label: "Ignore HTTPS errors", type: "check",
        hint: "Opens pages with self-signed or expired certificates." },
      { name: "options.headers", label: "Headers", type: "pairs", key: "Name", value: "Value", secret: true,
        hint: "Added to every request that the session's pages send, to any server. Values are secret: you won't see them again." },
      { name: "options.httpCredentials", label: "HTTP logins", type: "credentials",
        hint: "Sent when a server of this origin asks for a user name and password, and to no other origin. You won't see them again." },
    ],
  },
];

export const METADATA = { name: "metadata", label: "Labels", type: "pairs", key: "Key", value: "Value",
  hint: "Your own keys and values to find sessions by, such as team = qa." };

/** What people often want, as values of the fields. `focus` is the field to go on with. */
export const PRESETS = [
  { name: "Record", values: { "options.recording": "always" } },
  { name: "Only failures", values: { "options.recording": "onFailure" } },
  { name: "Phone", values: { "options.device": "iPhone 15" } },
  { name: "With a login", values: { "options.profile.name": "my-login" }, focus: "options.profile.name" },
];

export const NAMES = ["initialPrompt", NAME.name, METADATA.name, ...GROUPS.flatMap((group) => group.fields.flat().map((field) => field.name))];
