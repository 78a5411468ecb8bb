/** A question before something that can't be taken back. */
import { html, render } from "lit";

/**
 * @param title what is about to happen
 * @param text what it means
 * @param action the words of the button that does it
 * @returns whether the person wants it
 */
export function confirm(title, text, action) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "confirm-title");
  dialog.setAttribute("aria-describedby", "confirm-text");
  render(
    html`<h2 id="confirm-title">${title}</h2>
      <p id="confirm-text">${text}</p>
      <div class="row end">
        <button type="button" autofocus @click=${() => dialog.close()}>Cancel</button>
        <button type="button" class="danger strong" @click=${() => dialog.close("yes")}>${action}</button>
      </div>`,
    dialog,
  );
  return new Promise((answer) => {
    dialog.addEventListener("close", () => (dialog.remove(), answer(dialog.returnValue === "yes")));
    document.body.append(dialog);
    dialog.showModal();
  });
}
