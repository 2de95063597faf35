"""The providers that call a tool: how it is called, what is made of its answer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.e2e.runs import Flow, Run
from tests.e2e.tools import Tools

ODD = "two\nlines 'q' \"d\" \\n $(touch canary) é \N{GRINNING FACE} =#"


@pytest.fixture
def tools(flow: Flow) -> Tools:
    folder = flow.place.root / "tools"
    folder.mkdir()
    return Tools(folder)


def show(flow: Flow, tools: Tools, provider: str, *names: str) -> Run:
    """Runs a job with one provider whose step writes variables down, one after the other."""
    words = " ".join(f'\\"$\\u{{7b}}{name}-unset}}\\"' for name in names)
    return flow(
        f"""
        workflow w {{
          job j {{
            envFrom  = [{provider}]
            executor = local {{ copyRepo = false }}
            env      = {{ REPO = "{flow.place.repo}" }}
            run "printf '%s\\\\0' {words} > \\"$REPO/shown\\""
          }}
        }}
        """,
        env={"PATH": tools.path},
    )


def shown(flow: Flow) -> list[str]:
    return (flow.place.repo / "shown").read_text(encoding="utf-8").split("\0")[:-1]


ITEM = {
    "id": "x",
    "title": "deploy",
    "fields": [
        {"id": "username", "type": "STRING", "purpose": "USERNAME", "label": "username"},
        {"id": "password", "type": "CONCEALED", "label": "password", "value": "hunter22"},
        {"id": "a", "section": {"id": "s"}, "label": "API Key", "value": ODD},
        {"id": "b", "type": "STRING", "label": "", "value": "no name"},
    ],
}
LOGIN = {
    "object": "item",
    "name": "deploy",
    "login": {"username": "me", "password": "hunter22", "totp": None},
    "fields": [
        {"name": "API_KEY", "value": ODD, "type": 1},
        {"name": "password", "value": "own one", "type": 0},
        {"name": "linked", "value": None, "type": 3, "linkedId": 100},
    ],
}

#: Provider, tool, its arguments, its answer, and variables that come of it.
CALLS = [
    (
        'sops("secrets.yaml")',
        "sops",
        ["-d", "--input-type", "yaml", "--output-type", "json", "./secrets.yaml"],
        {"A": ODD, "n": 12, "yes": True, "nothing": None, "db": {"user": "me", "ports": [1, 2]}},
        {
            "A": ODD,
            "n": "12",
            "yes": "true",
            "nothing": "unset",
            "db": '{"user":"me","ports":[1,2]}',
        },
    ),
    (
        'sops("-s.env", format = "dotenv")',
        "sops",
        ["-d", "--input-type", "dotenv", "--output-type", "json", "./-s.env"],
        {"A": "1"},
        {"A": "1"},
    ),
    (
        'vault("secret/ci")',
        "vault",
        ["kv", "get", "-format=json", "secret/ci"],
        {
            "request_id": "1",
            "data": {
                "data": {"api-key": ODD, "9lives": "x", "data": "d"},
                "metadata": {"custom_metadata": None, "version": 2},
            },
        },
        {"api_key": ODD, "_9lives": "x", "data": "d", "version": "unset"},
    ),
    (
        'vault("kv1/ci")',
        "vault",
        ["kv", "get", "-format=json", "kv1/ci"],
        {"lease_id": "", "data": {"KEY": ODD, "data": {"deep": 1}}},
        {"KEY": ODD, "data": '{"deep":1}', "lease_id": "unset"},
    ),
    (
        'onepassword("ci vault", "deploy")',
        "op",
        ["item", "get", "deploy", "--vault", "ci vault", "--format", "json"],
        ITEM,
        {"API_Key": ODD, "password": "hunter22", "username": "unset"},
    ),
    (
        'onepassword("-v", "-deploy")',
        "op",
        ["item", "get", "--vault=-v", "--format", "json", "--", "-deploy"],
        ITEM,
        {"password": "hunter22"},
    ),
    (
        'bitwarden("deploy $(touch canary)")',
        "bw",
        ["get", "item", "deploy $(touch canary)", "--nointeraction"],
        LOGIN,
        {"API_KEY": ODD, "username": "me", "password": "own one", "linked": "unset"},
    ),
    (
        'bitwarden("-x")',
        "bw",
        ["get", "--nointeraction", "--", "item", "-x"],
        LOGIN,
        {"username": "me"},
    ),
]


@pytest.mark.parametrize(
    ("provider", "tool", "arguments", "answer", "values"), CALLS, ids=[one[0] for one in CALLS]
)
def test_a_tool_is_called_and_understood(
    flow: Flow,
    tools: Tools,
    provider: str,
    tool: str,
    arguments: list[str],
    answer: object,
    values: dict[str, str],
) -> None:
    tools.answers(tool, answer, err="a remark")
    run = show(flow, tools, provider, *values)
    assert run.status == 0, run.text + run.stderr
    (call,) = tools.calls(tool)
    assert call["arguments"] == arguments
    assert (call["directory"], call["input"]) == (str(flow.place.repo), "")
    assert dict(zip(values, shown(flow), strict=True)) == values
    assert not (flow.place.repo / "canary").exists()


#: Provider, tool, answer, and what is said of it.
REFUSED = [
    ('sops("x")', "sops", "A=1\n", "line 1: it is no JSON"),
    ('sops("x")', "sops", "", "it is no JSON"),
    ('sops("x")', "sops", ["hunter22"], "no names in it"),
    ('sops("x")', "sops", {"WORKFLOW_ID": "hunter22"}, "sets WORKFLOW_ID"),
    ('sops("x")', "sops", '{"A": "hunter22\\u0000"}', "a NUL, which no variable can"),
    ('sops("x")', "sops", {"a-b": "hunter22", "a.b": "2"}, "two values in it would become a_b"),
    ('sops("x")', "sops", {"": "hunter22"}, "a name in it is empty"),
    ('vault("x")', "vault", {"data": None}, "there is no data in it"),
    ('onepassword("v", "i")', "op", {"id": "i"}, "there are no fields in it"),
]


@pytest.mark.parametrize(("provider", "tool", "answer", "message"), REFUSED)
def test_an_answer_that_is_refused(
    flow: Flow, tools: Tools, provider: str, tool: str, answer: object, message: str
) -> None:
    tools.answers(tool, answer)
    run = show(flow, tools, provider, "A")
    assert run.jobs == {"j": "failure"}
    assert message in run.reason("j")
    assert "hunter22" not in run.text + run.stderr


def test_a_tool_that_fails_is_quoted(flow: Flow, tools: Tools) -> None:
    tools.answers("vault", '{"data": {"A": "hunter22"}}', "Error: permission denied\n", status=2)
    run = show(flow, tools, 'vault("secret/ci")', "A")
    assert run.jobs == {"j": "failure"}
    assert run.reason("j") == 'envFrom: vault("secret/ci"): failed (exit status 2)'
    assert "Error: permission denied" in run.warnings()
    assert "hunter22" not in run.text


def test_a_tool_sees_the_variables_of_its_level(flow: Flow, tools: Tools) -> None:
    tools.answers("vault", {"data": {"A": "1"}})
    run = flow(
        """
        workflow w {
          envFrom = [static({ VAULT_TOKEN = "t" }), vault("one"), vault("two")]
          env     = { VAULT_ADDR = "http://vault" }
          job j { run "true" }
        }
        """,
        env={"PATH": tools.path},
    )
    assert run.status == 0, run.stderr
    first, second = (call["environment"] for call in tools.calls("vault"))
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (first["VAULT_TOKEN"], first["VAULT_ADDR"], first.get("A")) == (
        "t",
        "http://vault",
        None,
    )
    assert second["A"] == "1"


@pytest.fixture
def age(flow: Flow, needs_tool: Callable[[str], str]) -> Callable[[str, str], None]:
    """Encrypts a text into a file of the repository, for an identity at ~/.age/key.txt."""
    identity = flow.place.root / "home" / ".age" / "key.txt"
    identity.parent.mkdir()
    subprocess.run(
        [needs_tool("age-keygen"), "-o", identity], check=True, stderr=subprocess.DEVNULL
    )
    recipient = subprocess.check_output(["age-keygen", "-y", identity], text=True).strip()

    def encrypt(path: str, text: str) -> None:
        command = [needs_tool("age"), "-r", recipient, "-o", str(flow.place.repo / path)]
        subprocess.run(command, input=text.encode(), check=True)

    return encrypt


def test_age(flow: Flow, tools: Tools, age: Callable[[str, str], None]) -> None:
    age("secrets.age", "# ours\nA='two\nlines'\nexport B=hunter22\n")
    run = show(flow, tools, 'age("secrets.age", identity = "~/.age/key.txt")', "A", "B")
    assert run.status == 0, run.text + run.stderr
    assert shown(flow) == ["two\nlines", "hunter22"]


def test_age_without_its_identity(
    flow: Flow, tools: Tools, age: Callable[[str, str], None]
) -> None:
    age("secrets.age", "A=1\n")
    run = show(flow, tools, 'age("secrets.age", identity = "other.txt")', "A")
    assert 'age("secrets.age", "other.txt"): failed' in run.reason("j")
    assert any("other.txt" in said for said in run.warnings())


def test_age_with_a_bad_line(flow: Flow, tools: Tools, age: Callable[[str, str], None]) -> None:
    age("secrets.age", "A=1\nhunter22\n")
    run = show(flow, tools, 'age("secrets.age", "~/.age/key.txt")', "A")
    assert "line 2 of its output is not NAME=value" in run.reason("j")
    assert "hunter22" not in run.text
