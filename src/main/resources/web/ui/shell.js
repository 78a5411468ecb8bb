/** Text for a shell: words of commands that a person pastes, whatever a page or a form put into them. */

const CONTROL = "\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029";
const HAS_CONTROL = new RegExp(`[${CONTROL}]`);
const TO_ESCAPE = new RegExp(`[\\\\'${CONTROL}]`, "g");

/** A word of a POSIX shell; with control characters, which could act on a terminal, as `$'…'` of bash, zsh and others. */
export function quote(text) {
  return HAS_CONTROL.test(text) ? `$'${text.replace(TO_ESCAPE, escape)}'` : singleQuoted(text);
}

/** The same for text whose line breaks are to stay, and that has no other control characters. */
export function singleQuoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const ESCAPES = { "\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Bash and zsh know all of these; of bytes alone, `\x` is known to more shells than `\u`. */
function escape(char) {
  const code = char.charCodeAt(0);
  const digits = code.toString(16);
  return ESCAPES[char] ?? (code < 0x80 ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`);
}
