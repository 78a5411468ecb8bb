/** Dialogs: a question before something that can't be taken back, and a text for a person to copy by hand. */
import { html, nothing, render } from "lit";

/**
 * @param title what is about to happen
 * @param text what it means
 * @param action the words of the button that does it
 * @param option a choice beside it, as a check box; without, there is none
 * @returns whether the person wants it; "chosen" where the box was checked, too
 */
export async function ask(title, text, action, option = "") {
  const answer = await open("alertdialog", (close) => html`<h2 id="dialog-title">${title}</h2>
    <p id="dialog-text">${text}</p>
    ${option ? html`<p><label><input type="checkbox" name="option"> ${option}</label></p>` : nothing}
    <div class="row end">
      <button type="button" autofocus @click=${() => close()}>Cancel</button>
      <button type="button" class="danger strong" @click=${(e) => close(isChosen(e.target) ? "chosen" : "yes")}>${action}</button>
    </div>`);
  return answer === "chosen" ? answer : answer === "yes";
}

function isChosen(button) {
  return button.closest("dialog").querySelector("[name=option]")?.checked;
}

/** Shows a text selected, where the browser does not let the page copy it. */
export function offerToCopy(text) {
  return open("dialog", (close) => html`<h2 id="dialog-title">Copy this text</h2>
    <p id="dialog-text">Your browser does not allow this page to copy. Press Ctrl+C, or ⌘C on a Mac, to copy the selected text.</p>
    <textarea readonly autofocus rows="8" aria-labelledby="dialog-title" .value=${text} @focus=${(e) => e.target.select()}></textarea>
    <div class="row end"><button type="button" @click=${() => close()}>Close</button></div>`);
}

/** @param content is given the function that closes the dialog @returns what it was closed with, "" for the Escape key */
function open(role, content) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("role", role);
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.setAttribute("aria-describedby", "dialog-text");
  render(content((answer) => dialog.close(answer)), dialog);
  return new Promise((done) => {
    dialog.addEventListener("close", () => (dialog.remove(), done(dialog.returnValue)));
    document.body.append(dialog);
    dialog.showModal();
  });
}
