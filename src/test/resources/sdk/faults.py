"""The client in Python at a server that fails: python3 faults.py <url> <key>. Prints what it saw."""

import json
import sys

from berth import Berth, BerthError

berth = Berth(*sys.argv[1:3])
session = berth.create_session()
status = session.get_session()["status"]
try:
    click = session.click("#once")
except BerthError as e:
    click = e.code
events = [event.id for event in session.events()]
task = berth.wait_for_task("task-1")["status"]
print(json.dumps({"sessionId": session.session_id, "status": status, "click": click, "events": events, "task": task}))
