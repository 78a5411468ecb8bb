// Functions of programs, each of which a program has where it calls it.
//-- answer
/** How dialogs are answered from now on. */
function answer(accept, text) {
  context.removeAllListeners('dialog');
  context.on('dialog', dialog => accept || dialog.type() === 'beforeunload' ? dialog.accept(text) : dialog.dismiss());
}
//-- download
/** Does what begins a download, and waits for its end. Berth keeps the file as an artifact of its session. */
async function download(page, act) {
  const started = page.waitForEvent('download');
  await act().catch(async e => { if (!/download is starting/i.test(e.message)) throw e; });
  const file = await started;
  if (berth) await file.failure();
  else await file.saveAs(file.suggestedFilename());
}
//-- drag
/** Drags an element to the middle of another one, or of itself, and so far from there. */
async function drag(page, from, to, x, y) {
  await from.hover();
  await page.mouse.down();
  const box = await (to ?? from).boundingBox();
  await page.mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y, { steps: 20 });
  await page.mouse.up();
}
//-- another
/** The page that the site opened by itself. */
async function another(...known) {
  for (;;) {
    const page = context.pages().find(each => !known.includes(each));
    if (page) return page;
    await context.waitForEvent('page');
  }
}
//-- given
/** A value of this program, which the environment may replace. */
function given(name, value) {
  const given = process.env[name] ?? value;
  if (given === undefined) throw new Error(`set ${name}: the log does not have this value`);
  return given;
}
