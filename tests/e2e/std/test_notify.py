"""`std:notify` sends what it is told to, and never shows the URL."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import std_reference
from tests.e2e.runs import Flow, Run, wait_for

NeedsTool = Callable[[str], str]

#: The part of the URL that nobody may see.
SECRET = "T0PS3CRETT0KEN"


@dataclass
class Hook:
    """A web server on this machine that keeps what it is sent."""

    port: int = 0
    #: The status of its answers.
    status: int = 200
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    #: Answers wait for this.
    go: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/{SECRET}"


@pytest.fixture
def hook(needs_tool: NeedsTool) -> Iterator[Hook]:
    needs_tool("curl")
    kept = Hook()
    kept.go.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.requests.append((self.path, dict(self.headers), body))
            kept.go.wait(30)
            # What a careless server says.
            answer = f"cannot handle {self.path}".encode()
            self.send_response(kept.status, f"no luck with {self.path}")
            self.send_header("Location", kept.url)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def notify(call: str) -> str:
    return f"""
        import "std:notify" as notify
        workflow w {{
          job j {{
            use notify.{call}
          }}
        }}
    """


def send(flow: Flow, call: str, url: str) -> Run:
    """Runs one call; whatever comes of it, the URL must not show."""
    ran = flow(notify(call), env={"HOOK": url})
    assert SECRET not in ran.text + ran.stderr
    return ran


@pytest.mark.parametrize(
    "action",
    [action for action in std_reference.actions() if action.module == "notify"],
    ids=lambda action: action.name,
)
def test_the_example_runs(action: std_reference.Action, flow: Flow, hook: Hook) -> None:
    names = ("SLACK_WEBHOOK", "DISCORD_WEBHOOK", "HOOK_URL")
    ran = flow(action.workflow, env=dict.fromkeys(names, hook.url))
    assert ran.status == 0, ran.text
    assert ran.output() == ["sent (200)"]
    ((path, headers, body),) = hook.requests
    assert path == f"/services/{SECRET}"
    assert headers["Content-Type"] == "application/json"
    assert isinstance(json.loads(body), dict)


@pytest.mark.parametrize("tools", ["busybox", "toybox", "gawk", "mawk"])
@pytest.mark.parametrize(("action", "key"), [("slack", "text"), ("discord", "content")])
def test_any_text_arrives(
    action: str, key: str, tools: str, flow: Flow, hook: Hook, needs_tool: NeedsTool
) -> None:
    """Whatever tools a runner has, before those that this machine has."""
    tool = needs_tool(tools)
    names = {"busybox": ["tr", "sed", "awk"], "toybox": ["sed"]}.get(tools, ["awk"])
    folder = flow.place.root / "bin"
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(tool)
    path = f"{folder}:{flow.place.environment({})['PATH']}"
    text = 'a "quoted" \\ word\n\ttab; $(touch x) `y` %s & Grüße 日本 😀\n\nend @file'
    call = notify(f"{action}(url = env.HOOK, text = env.TEXT)")
    assert flow(call, env={"HOOK": hook.url, "TEXT": text, "PATH": path}).status == 0
    ((_, _, body),) = hook.requests
    assert json.loads(body) == {key: text}


def test_a_webhook_gets_the_body_as_it_is(flow: Flow, hook: Hook) -> None:
    call = """webhook(
        url = env.HOOK, body = "@not a file\\n\\"\\\\", contentType = "text/plain",
        header = "Authorization: Bearer abc:def")"""
    assert send(flow, call, hook.url).status == 0
    ((_, headers, body),) = hook.requests
    assert body == b'@not a file\n"\\'
    assert headers["Content-Type"] == "text/plain"
    assert headers["Authorization"] == "Bearer abc:def"


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_refusal_fails_the_step(status: int, flow: Flow, hook: Hook) -> None:
    hook.status = status
    ran = send(flow, 'slack(url = env.HOOK, text = "x")', hook.url)
    assert (ran.status, ran.output()) == (1, [f"notify: the server answered with status {status}"])
    assert len(hook.requests) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"http://{SECRET}.invalid/x", "the name of the host cannot be resolved"),
        (f"http://127.0.0.1:PORT/{SECRET}", "the host cannot be reached"),
        (f"https://127.0.0.1:HTTP/{SECRET}", "the encrypted connection failed"),
        (f"ftp://127.0.0.1/{SECRET}", "the URL begins with neither https:// nor http://"),
        (f"http://127.0.0.1/{SECRET} x", "the URL holds a character that no URL has"),
        (f'http://127.0.0.1/{SECRET}"\noutput = "x', "the URL holds a character that no URL has"),
        (f"http://127.0.0.1:99999/{SECRET}", "curl failed with exit status 3"),
        ("", "the URL is empty: is its variable set?"),
    ],
)
def test_what_goes_wrong_is_said_without_the_url(
    url: str, said: str, flow: Flow, hook: Hook
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = url.replace("PORT", str(closed.getsockname()[1])).replace("HTTP", str(hook.port))
        ran = send(flow, 'slack(url = env.HOOK, text = "x")', url)
    assert ran.status == 1
    (line,) = ran.output()
    assert line.startswith(f"notify: {said}")


@pytest.mark.parametrize("action", ["slack", "webhook"])
def test_no_process_has_it_on_its_command_line(action: str, flow: Flow, hook: Hook) -> None:
    hook.go.clear()
    rest = {"slack": 'text = "x"', "webhook": f'body = "x", header = "X-Key: {SECRET}"'}[action]
    running = flow.start(notify(f"{action}(url = env.HOOK, {rest})"), env={"HOOK": hook.url})
    try:
        wait_for(lambda: hook.requests, "the request")
        listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    finally:
        hook.go.set()
    ran = running.end()
    assert "curl -q" in listing.stdout
    assert SECRET not in listing.stdout
    assert (ran.status, ran.output()) == (0, ["sent (200)"])


def test_the_users_curl_configuration_does_not_tell(flow: Flow, hook: Hook) -> None:
    (flow.place.root / "home" / ".curlrc").write_text("verbose\ntrace-ascii = -\n")
    ran = send(flow, 'slack(url = env.HOOK, text = "x")', hook.url)
    assert (ran.status, ran.output()) == (0, ["sent (200)"])


def test_debugging_the_shell_does_not_tell(flow: Flow, hook: Hook) -> None:
    ran = flow(
        notify('slack(url = env.HOOK, text = "x")'),
        env={"HOOK": hook.url, "SHELLOPTS": "xtrace", "BASH_XTRACEFD": "1"},
    )
    assert SECRET not in ran.text + ran.stderr
    assert ran.status == 0


def test_without_curl_it_says_so(flow: Flow, hook: Hook) -> None:
    text = notify('slack(url = env.HOOK, text = "x") { deps = []\n env = { PATH = "/nowhere" } }')
    ran = flow(text, env={"HOOK": hook.url})
    assert (ran.status, ran.output()) == (1, ["notify: curl is not installed"])
