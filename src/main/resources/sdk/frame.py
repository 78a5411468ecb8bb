"""Berth's client in one file, for Python 3.9 and newer, with nothing but its standard library.

The build makes it from the contract (/openapi.yaml): each operation of the API is a method; the rest is written by hand.

    from berth import Berth

    berth = Berth("http://127.0.0.1:8080", key="…")
    with berth.create_session(initial_prompt="https://example.com", wait="running") as session:
        session.click("text=More")
        for line in session.console(level="error"):
            print(line["message"])
        for artifact in session.artifacts():
            session.download(artifact, artifact["objectId"])

Arguments have Python's names (`click_count`); fields within them, and answers, have the contract's (`sessionId`). What the API
refuses is raised as a BerthError. Objects of this module may be used by several threads at once.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.client import HTTPException
from typing import Any, BinaryIO, Callable, Dict, Iterable, Iterator, List, Literal, NamedTuple, Optional, TypedDict, Union, overload

_ENDED = ("completed", "failed", "cancelled")
_TASK_RESTS = (*_ENDED, "timeout", "waiting")
# The server sends a comment every 15 s: a stream that is silent for longer than this is dead.
_SILENT_SECONDS = 45.0
# For how long a stream that breaks is opened again and again before its reader is told.
_LOST_SECONDS = 300.0
_MAX_PAUSE_SECONDS = 30.0
_PAGE = 500


class BerthError(Exception):
    """Why something was not done: `code`, `hint`, `retryable`, `request_id` as the API tells them, and the HTTP `status`.

    The client's own codes are `unreachable`, `client_timeout`, and `http_…` where no Berth answered.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: Optional[str] = None,
        retryable: bool = False,
        request_id: Optional[str] = None,
        status: Optional[int] = None,
        retry_after_seconds: Optional[float] = None,
    ) -> None:
        super().__init__(f"{code}: {message}" + (f" ({hint})" if hint else ""))
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable
        self.request_id = request_id
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class Event(NamedTuple):
    """An event of a stream. A stream goes on after the `id` of its last event. `event` is its kind, such as `console`."""

    id: str
    event: str
    data: Any


class _Operation(NamedTuple):
    method: str
    path: str
    query: tuple = ()
    headers: Dict[str, str] = {}
    takes: Optional[str] = None
    gives: str = "json"


class _Request(NamedTuple):
    method: str
    url: str
    headers: Dict[str, str]
    body: Union[bytes, BinaryIO, None]
    gives: str
    seconds: float


#@ types


class Berth:
    """A server of Berth, as one API key sees it.

    `url` and `key` are, by default, the environment's BERTH_URL and BERTH_API_KEY. `timeout_seconds` is how long the server may be
    silent; a verb with a longer `timeout` gets half a minute more than that. What is safe to repeat is sent up to `retries` more
    times.
    """

    def __init__(
        self, url: Optional[str] = None, key: Optional[str] = None, *, timeout_seconds: float = 120.0, retries: int = 2
    ) -> None:
        self.url = (url or os.environ.get("BERTH_URL") or "http://127.0.0.1:8080").rstrip("/")
        self.timeout_seconds = timeout_seconds
        self.retries = retries
        self._key = key or os.environ.get("BERTH_API_KEY")

    def session(self, session_id: str) -> Session:
        """A session that exists already."""
        return Session(self, {"sessionId": session_id})

    def wait_for_task(self, task_id: str, *, timeout_seconds: float = 600.0) -> Task:
        """Waits until an AI task has ended, or asks something (`status` is `waiting`)."""
        deadline = time.monotonic() + timeout_seconds
        for event in self._follow(_OPERATIONS["streamTaskEvents"], {"taskId": task_id}, deadline):
            if event.event == "status" and event.data["status"] in _TASK_RESTS:
                break
        return self.get_task(task_id)["data"]

    #@ operations of the server

    def _ask(self, operation: _Operation, values: Dict[str, Any]) -> Any:
        """Sends a request and gives its answer. What is safe to repeat is repeated."""
        request = self._request(operation, values)
        tried = 0
        while True:
            try:
                with self._open(request, request.seconds) as response:
                    answer = _read(response, request.gives)
                break
            except (OSError, HTTPException, BerthError) as e:
                error = _error(request.url, e)
                if tried >= self.retries or not _may_repeat(error, request):
                    raise error from e
                wait = 0.25 * 2**tried if error.retry_after_seconds is None else error.retry_after_seconds
                time.sleep(min(wait, _MAX_PAUSE_SECONDS))
                tried += 1
        return self._session(answer, values) if operation.gives == "session" else answer

    def _session(self, answer: Dict[str, Any], values: Dict[str, Any]) -> Session:
        session = Session(self, answer)
        if values.get("wait") == "running" and answer["status"] != "running":
            session.running()
        return session

    def _follow(self, operation: _Operation, values: Dict[str, Any], deadline: Optional[float] = None) -> Iterator[Event]:
        """Follows a stream of events, and goes on where it broke off."""
        stream = _Stream(values.get("lastEventId"))
        while True:
            told = stream.told
            try:
                request = self._request(operation, {**values, "lastEventId": stream.last_event_id})
                with self._open(request, _until(deadline, _SILENT_SECONDS)) as response:
                    if response.status == 204:
                        return
                    yield from stream.events(response)
                if stream.told > told:
                    continue
            except (OSError, HTTPException, BerthError) as e:
                error = _error(self.url, e)
                lost = time.monotonic() - stream.heard_at > _LOST_SECONDS
                if not error.retryable or lost:
                    raise error from e
            time.sleep(_until(deadline, stream.retry_seconds))

    def _request(self, operation: _Operation, values: Dict[str, Any]) -> _Request:
        rest = {name: value for name, value in values.items() if value is not None}
        seconds = max(self.timeout_seconds, rest.get("timeout", 0) / 1000 + 30)
        parts = operation.path.split("/")
        path = "/".join(
            urllib.parse.quote(str(rest.pop(part[1:-1])), safe="") if part.startswith("{") else part for part in parts
        )
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        for name, header in operation.headers.items():
            value = rest.pop(name, None)
            if value is None and header == "Idempotency-Key":
                value = f"berth-py-{uuid.uuid4()}"
            if value is not None:
                headers[header] = value
        query = {name: rest.pop(name) for name in operation.query if name in rest}
        body = None
        if operation.takes == "file":
            headers["Content-Type"] = "application/octet-stream"
            body = rest["content"]
        elif operation.takes == "json":
            headers["Content-Type"] = "application/json"
            body = json.dumps(rest).encode()
        url = self.url + path + _query(query)
        return _Request(operation.method, url, headers, body, operation.gives, seconds)

    def _open(self, request: _Request, seconds: float) -> Any:
        sent = urllib.request.Request(request.url, data=request.body, method=request.method)
        if hasattr(request.body, "seek"):
            # A file is sent from its beginning, at a repetition too, and with its length: where the connection breaks, the server keeps
            # what has come of a file whose length it was told.
            sent.add_unredirected_header("Content-Length", str(request.body.seek(0, os.SEEK_END)))
            request.body.seek(0)
        for name, value in request.headers.items():
            # Unredirected: a key is for this server only.
            sent.add_unredirected_header(name, value)
        return urllib.request.urlopen(sent, timeout=seconds)


class Session:
    """A session: a browser of its own. As a context manager, it ends with its block."""

    def __init__(self, berth: Berth, created: Dict[str, Any]) -> None:
        self._berth = berth
        self.session_id: str = created["sessionId"]
        #: The answer that it was created with; for a session that existed already only its id.
        self.created = created
        self.connect_url: Optional[str] = created.get("connectUrl")
        self.live_url: Optional[str] = created.get("liveUrl")
        self.task_id: Optional[str] = created.get("taskId")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            self.end()
        except BerthError:
            # What went wrong in the block says more.
            if error is None:
                raise

    def running(self, *, timeout_seconds: float = 120.0) -> None:
        """Waits until the session runs. Raises where it ends before."""
        self._status(("running",), timeout_seconds)

    def ended(self, *, timeout_seconds: float = 3600.0) -> SessionDetails:
        """Waits until the session has ended, and gives it as it was then."""
        self._status(_ENDED, timeout_seconds)
        return self.get_session()

    def _status(self, awaited: Iterable[str], timeout_seconds: float) -> None:
        deadline = time.monotonic() + timeout_seconds
        reason = "it has no status any more"
        for event in self._follow(_OPERATIONS["streamSessionEvents"], {"kinds": "status", "lastEventId": "0"}, deadline):
            if event.data["status"] in awaited:
                return
            if event.data["status"] in _ENDED:
                reason = event.data["endReason"]
                break
        if awaited is not _ENDED:
            raise BerthError("session_ended", f"the session ended before it ran: {reason}")

    def end(self) -> None:
        """Ends the session. Its logs and artifacts can still be read."""
        self.delete_session()

    def events(self, *, kinds: Optional[str] = None, after: str = "start") -> Iterator[Event]:
        """What happened in the session and happens, until it has ended: also over connections that break.

        Leave the loop (`break`) to stop.

        kinds: such as `console,network`; by default all.
        after: `start`, `now`, or the `id` of an event, after which it goes on.
        """
        last_event_id = {"start": "0", "now": None}.get(after, after)
        return self._follow(_OPERATIONS["streamSessionEvents"], {"kinds": kinds, "lastEventId": last_event_id})

    def artifacts(self) -> List[Artifact]:
        """All artifacts so far, oldest first."""
        return self.list_artifacts()["artifacts"]

    def actions(self, *, offset: int = 0) -> Iterator[Action]:
        """All actions so far, however many pages they take."""
        return _all("actions", offset, self.list_actions)

    def console(self, *, offset: int = 0, **matching: Any) -> Iterator[ConsoleEntry]:
        """All lines of the console so far that match, such as `level="error"`: arguments as those of `list_console`."""
        return _all("logs", offset, self.list_console, **matching)

    def network(self, *, offset: int = 0, **matching: Any) -> Iterator[NetworkEntry]:
        """All network requests so far that match, such as `status="4xx"`: arguments as those of `list_network`."""
        return _all("requests", offset, self.list_network, **matching)

    @overload
    def download(self, artifact: Any, path: None = None, *, timeout_seconds: float = 120.0) -> bytes: ...

    @overload
    def download(self, artifact: Any, path: str, *, timeout_seconds: float = 120.0) -> str: ...

    def download(
        self, artifact: Any, path: Optional[str] = None, *, timeout_seconds: float = 120.0
    ) -> Union[bytes, str]:
        """Reads an artifact: one of `artifacts()`, or the answer of a verb that stored one, such as `screenshot`.

        Waits while it is not stored yet. With a path, it is written to that file, and the path is given.
        """
        url = self._link(artifact["objectId"], time.monotonic() + timeout_seconds)
        try:
            with urllib.request.urlopen(url, timeout=timeout_seconds) as response:
                return response.read() if path is None else _write(response, path)
        except (urllib.error.URLError, socket.timeout, HTTPException) as e:
            raise _error(url, e) from e

    def _link(self, object_id: str, deadline: float) -> str:
        """A new link: that of the artifact may have expired."""
        while True:
            artifact = next((each for each in self.artifacts() if each["objectId"] == object_id), None)
            if artifact is None or artifact["state"] == "lost":
                raise BerthError("not_found", f"the session has no artifact {object_id} that can be read")
            link = artifact["publicUrl"]
            if artifact["state"] != "pending" and link is not None:
                return link
            time.sleep(_until(deadline, 0.5))

    #@ operations of a session

    def _ask(self, operation: _Operation, values: Dict[str, Any]) -> Any:
        return self._berth._ask(operation, {**values, "sessionId": self.session_id})

    def _follow(self, operation: _Operation, values: Dict[str, Any], deadline: Optional[float] = None) -> Iterator[Event]:
        return self._berth._follow(operation, {**values, "sessionId": self.session_id}, deadline)


class _Stream:
    """The place in a stream of events, over all of its connections."""

    def __init__(self, last_event_id: Optional[str]) -> None:
        self.last_event_id = last_event_id
        self.retry_seconds = 2.0
        self.told = 0
        self.heard_at = time.monotonic()

    def events(self, response: Any) -> Iterator[Event]:
        fields: Dict[str, str] = {}
        for raw in response:
            self.heard_at = time.monotonic()
            name, _, value = raw.decode().rstrip("\r\n").partition(":")
            if name:
                fields[name] = value[1:] if value.startswith(" ") else value
            elif not value:
                yield from self._event(fields)
                fields = {}

    def _event(self, fields: Dict[str, str]) -> Iterator[Event]:
        if "retry" in fields:
            self.retry_seconds = int(fields["retry"]) / 1000
        if fields.get("event") == "error":
            raise _told(json.loads(fields["data"]), None, None)
        self.last_event_id = fields.get("id", self.last_event_id)
        if "data" in fields:
            self.told += 1
            yield Event(fields["id"], fields["event"], json.loads(fields["data"]))


def _until(deadline: Optional[float], seconds: float) -> float:
    """So many seconds, or as many as are left until the deadline."""
    if deadline is None:
        return seconds
    left = deadline - time.monotonic()
    if left <= 0:
        raise BerthError("client_timeout", "it did not happen in the time that was given")
    return min(left, seconds)


def _may_repeat(error: BerthError, request: _Request) -> bool:
    """Whether it is safe.

    A request that only reads, puts or deletes may be repeated, and so may one with an idempotency key. Any other one may have been
    done although its answer failed, unless the server was too busy to begin.
    """
    if not error.retryable or error.code == "client_timeout":
        return False
    return request.method != "POST" or "Idempotency-Key" in request.headers or error.code == "limit_reached"


def _error(url: str, e: BaseException) -> BerthError:
    if isinstance(e, BerthError):
        return e
    if isinstance(e, urllib.error.HTTPError):
        return _refusal(e)
    reason = e.reason if isinstance(e, urllib.error.URLError) else e
    if isinstance(reason, socket.timeout):
        return BerthError("client_timeout", "no answer in time", retryable=True)
    parts = urllib.parse.urlsplit(url)
    return BerthError("unreachable", f"{parts.scheme}://{parts.netloc} did not answer: {reason}", retryable=True)


def _refusal(e: urllib.error.HTTPError) -> BerthError:
    with e:
        text = e.read().decode(errors="replace")
    after = e.headers.get("Retry-After", "")
    seconds = float(after) if after.isdigit() else None
    try:
        return _told(json.loads(text)["error"], e.code, seconds)
    except (ValueError, KeyError, TypeError):
        # It comes from something between here and Berth, or from the object store.
        return BerthError(
            f"http_{e.code}",
            f"HTTP {e.code}: {text[:200]}",
            retryable=e.code in (429, 502, 503, 504),
            request_id=e.headers.get("X-Request-Id"),
            status=e.code,
            retry_after_seconds=seconds,
        )


def _told(error: Dict[str, Any], status: Optional[int], seconds: Optional[float]) -> BerthError:
    return BerthError(
        error["code"],
        error["message"],
        error.get("hint"),
        error.get("retryable", False),
        error.get("requestId"),
        status,
        seconds,
    )


def _query(values: Dict[str, Any]) -> str:
    """Fields of a dictionary become `name.field=value`."""
    pairs = []
    for name, value in values.items():
        if isinstance(value, dict):
            pairs += [(f"{name}.{field}", each) for field, each in value.items()]
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else value))
    return "?" + urllib.parse.urlencode(pairs) if pairs else ""


def _read(response: Any, gives: str) -> Any:
    if response.status == 204:
        return None
    content = response.read()
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if gives == "bytes":
        return content
    if gives == "text" or (gives == "either" and not is_json):
        return content.decode()
    return json.loads(content)


def _write(response: Any, path: str) -> str:
    """Writes beside the file first: a file that is there is whole."""
    part = f"{path}.part"
    try:
        with open(part, "wb") as file:
            shutil.copyfileobj(response, file)
        os.replace(part, path)
    except BaseException:
        if os.path.exists(part):
            os.remove(part)
        raise
    return path


def _all(field: str, offset: int, read: Callable[..., Any], **matching: Any) -> Iterator[Any]:
    while True:
        answer = read(offset=offset, limit=_PAGE, **matching)
        yield from answer[field]
        offset += len(answer[field])
        if not answer[field] or offset >= answer["total"]:
            return


#@ operations
