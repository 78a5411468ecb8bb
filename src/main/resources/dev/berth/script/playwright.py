# Functions of programs, each of which a program has where it calls it.
#-- answer

dialogs = {"accept": False, "text": None}


def answer(accept, text):
    """How dialogs are answered from now on."""
    dialogs.update(accept=accept, text=text)
    for page in context.pages:
        ask(page)
    context.on("page", ask)


def ask(page):
    if page not in asked:
        asked.append(page)
        page.on("dialog", reply)


asked = []


def reply(dialog):
    if dialogs["accept"] or dialog.type == "beforeunload":
        dialog.accept(dialogs["text"]) if dialogs["text"] else dialog.accept()
    else:
        dialog.dismiss()

#-- download

def download(page, act):
    """Does what begins a download, and waits for its end. Berth keeps the file as an artifact of its session."""
    with page.expect_download() as started:
        try:
            act()
        except Error as e:
            if "download is starting" not in e.message.lower():
                raise
    file = started.value
    if berth:
        file.failure()
    else:
        file.save_as(file.suggested_filename)

#-- drag

def drag(page, start, to, x, y):
    """Drags an element to the middle of another one, or of itself, and so far from there."""
    start.hover()
    page.mouse.down()
    box = (to or start).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y, steps=20)
    page.mouse.up()

#-- another

def another(*known):
    """The page that the site opened by itself."""
    while True:
        for page in context.pages:
            if page not in known:
                return page
        context.wait_for_event("page")

#-- given

def given(name, value=None):
    """A value of this program, which the environment may replace."""
    found = os.environ.get(name, value)
    if found is None:
        raise SystemExit(f"set {name}: the log does not have this value")
    return found


