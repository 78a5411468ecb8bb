"""A small story with the client in Python: python3 story.py <url> <key> <page> <folder>. Fails at what is not as it should be."""

import os
import sys
import time

from berth import Berth, BerthError

url, key, page, folder = sys.argv[1:]
berth = Berth(url, key)
label = f"py-{time.time()}"


def raised(act, *arguments, **named):
    try:
        act(*arguments, **named)
    except BerthError as e:
        return e
    raise AssertionError("nothing was raised")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


with berth.create_session(initial_prompt=page, wait="running", metadata={"label": label}) as session:
    equal(session.get_session()["status"], "running")
    equal(session.wait_for("#name")["success"], True)

    # Verbs
    session.fill("#name", "Ann")
    session.click("text=Greet", click_count=1)
    equal(session.evaluate("out.textContent")["result"], "Hello Ann")
    assert "Hello Ann" in session.content(format="markdown")["content"]
    other = session.open_page()
    session.close_page(other["pageId"])

    # Logs
    equal([line["message"] for line in session.console(level="error")], ["told"])
    types = [action["type"] for action in session.actions()]
    equal([kind for kind in types if kind in ("fill", "click")], ["fill", "click"])
    assert 200 in [request["status"] for request in session.network(status="2xx")]
    equal(session.list_network(failed=True)["total"], 0)
    equal(session.get_har()["log"]["version"], "1.2")

    # Artifacts
    taken = session.screenshot(full_page=True)
    (listed,) = session.artifacts()
    equal(listed["objectId"], taken["objectId"])
    content = session.download(taken)
    equal(content[1:4], b"PNG")
    path = session.download(listed, os.path.join(folder, "py.png"))
    with open(path, "rb") as file:
        equal(file.read(), content)
    assert not os.path.exists(path + ".part")

    # Files
    given = session.put_file("a note.txt", b"written")
    equal((given["name"], given["size"], given["complete"]), ("a note.txt", 7, True))
    with open(path, "rb") as file:
        file.read(3)
        equal(session.put_file("b.bin", file)["size"], len(content))
    equal(sorted(file["name"] for file in session.list_files()["files"]), ["a note.txt", "b.bin"])
    equal(session.get_file("b.bin"), content)
    equal(session.put_file("d.bin", bytearray(b"four"))["size"], 4)
    equal(session.put_file("d.bin", memoryview(b"five5"))["size"], 5)
    session.delete_file("d.bin")
    equal(session.put_file("c.txt", b"abc", content_range="bytes 0-2/6")["complete"], False)
    session.put_file("c.txt", b"def", content_range="bytes 3-5/6")
    equal(session.get_file("c.txt"), b"abcdef")
    session.delete_file("c.txt")
    equal(raised(session.get_file, "c.txt").code, "not_found")

    # Events: up to the click, and on from there.
    for click in session.events():
        if click.event == "action" and click.data["type"] == "click":
            break
    equal(next(session.events(kinds="action", after=click.id)).data["type"], "evaluate")

    # Errors
    refused = raised(session.click, "#nowhere", timeout=1000)
    equal((refused.status, refused.code, refused.retryable), (422, "action_failed", False))
    assert refused.hint and refused.request_id
    equal(raised(session.wait_for, "#nowhere", timeout=1000).retryable, True)
    equal(raised(session.list_console, level="loud").code, "invalid_argument")
    equal(raised(Berth(url, "no key").list_sessions).code, "unauthenticated")
    equal(raised(Berth("http://127.0.0.1:1", key, retries=0).list_sessions).code, "unreachable")
    hurried = Berth(url, key, retries=0).session("session-00000000-0000-4000-8000-000000000000")
    equal(raised(hurried.get_session).code, "session_not_found")
    equal(raised(session.ended, timeout_seconds=0.2).code, "client_timeout")

    found = berth.list_sessions(metadata={"label": label})
    equal(found["total"], 1)
    equal(found["sessions"][0]["sessionId"], session.session_id)

# An ended session can be read as before.
equal(session.ended()["status"], "completed")
equal(raised(session.click, "#name").code, "session_ended")
*_, last = berth.session(session.session_id).events()
equal(last.data["status"], "completed")

# One session for one key.
first, second = (berth.create_session(idempotency_key=label, metadata={"label": label}) for _ in range(2))
equal(first.session_id, second.session_id)
first.running()
first.end()

# What goes wrong in the block is told, not that the session can't be ended any more.
try:
    with Berth("http://127.0.0.1:1", key, retries=0).session(first.session_id):
        raise ValueError("of the block")
except ValueError as e:
    equal(str(e), "of the block")
print("done")
