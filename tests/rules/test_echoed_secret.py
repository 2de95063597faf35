"""Which scripts print a secret to the log."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nixc.ir.model import Interpreter, Script
from nixc.ir.texts import ShellText
from nixc.rules import echoed_secret
from nixc.rules.commands import commands
from nixc.source import Source, Span, TextMap


def printed(text: str, *secrets: str) -> list[str]:
    source = Source("x.nxa", text)
    script = Script(Span(source, 0, len(text)), text, Interpreter.BASH, TextMap(source, ((0, 0),)))
    known = frozenset(secrets or ("TOKEN", "KEY"))
    found = echoed_secret.check(ShellText(script, "step", known, secrets=known))
    return [one.span.text for one in found]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('echo "$TOKEN"', ["$TOKEN"]),
        ("echo $TOKEN ${KEY} $OTHER", ["$TOKEN", "${KEY}"]),
        ("echo 'a'\"b $TOKEN\"c", ["$TOKEN"]),
        ('printf "%s\\n" "${TOKEN:0:4}"', ["${TOKEN:0:4}"]),
        ('if true; then\n  echo "$TOKEN"\nfi', ["$TOKEN"]),
        ('A=1 command echo "$TOKEN" >&2', ["$TOKEN"]),
        ('echo "$TOKEN" > /dev/stderr', ["$TOKEN"]),
        ('true && echo "$TOKEN" || false', ["$TOKEN"]),
        ('echo "$TOKEN" | tee file', ["$TOKEN"]),
        ('echo a # it\'s\necho "$TOKEN"', ["$TOKEN"]),
        ("cat <<EOF\na $TOKEN\nEOF", ["$TOKEN"]),
        ('cat <<< "$TOKEN"', ["$TOKEN"]),
        ('(echo "$TOKEN")', ["$TOKEN"]),
        ('{ echo "$TOKEN"; } 2> file', ["$TOKEN"]),
        ('case $x in a) echo "$TOKEN";; esac', ["$TOKEN"]),
        ("env", ["env"]),
        ("env | sort", ["env"]),
        ("printenv TOKEN", ["TOKEN"]),
        ("export -p", ["export -p"]),
        ('set -x\ncurl -H "$TOKEN" x', ["set -x"]),
        ('set -euxo pipefail\ncurl -H "$TOKEN" x', ["set -euxo"]),
    ],
)
def test_printed(text: str, places: list[str]) -> None:
    found = printed(text)
    assert [one[: len(place)] for one, place in zip(found, places, strict=True)] == places


@pytest.mark.parametrize(
    "text",
    [
        'echo "$OTHER" "\\$TOKEN" \'$TOKEN\'',
        'echo "$TOKEN" | docker login --password-stdin',
        'echo "$TOKEN" > file',
        'echo "$TOKEN" >> "$HOME/file"',
        'echo "$TOKEN" &> file',
        'echo "${#TOKEN} ${TOKEN:+set} $TOKENS"',
        'x=$(echo "$TOKEN" | cut -c 1)',
        'echo "$(wc -c <<< "$TOKEN")"',
        "x=`echo $TOKEN`",
        '{ echo "$TOKEN"; echo "$KEY"; } > file',
        'if a; then echo "$TOKEN"; fi | login',
        'for i in a; do echo "$TOKEN"; done > file',
        '(echo "$TOKEN") | login',
        'f() { echo "$TOKEN"; }\nf | login',
        'printf -v header "%s" "$TOKEN"',
        '# echo "$TOKEN"',
        "cat <<'EOF'\n$TOKEN\nEOF",
        "cat > file <<EOF\n$TOKEN\nEOF",
        "login <<EOF\necho $TOKEN\nEOF",
        'exec > file\necho "$TOKEN"',
        "env > file",
        "env FOO=1 make",
        "printenv PATH",
        "set -x\nmake",
        "set -e",
        'login "$TOKEN"',
        'a=(echo "$TOKEN")',
    ],
)
def test_not_printed(text: str) -> None:
    assert printed(text) == []


def test_without_secrets_nothing_is_said() -> None:
    source = Source("x.nxa", "env")
    script = Script(Span(source, 0, 3), "env", Interpreter.BASH, TextMap(source, ((0, 0),)))
    assert list(echoed_secret.check(ShellText(script, "step", frozenset()))) == []


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab $\"'`\\(){}|;&<>\n#=-TOKEN"), max_size=60))
def test_any_text_is_read_to_its_end(text: str) -> None:
    for command in commands(text):
        assert command.words
        assert all(text.startswith(word.text, word.start) for word in command.words)
    printed(text)


def test_long_texts() -> None:
    for text in ("(" * 100_000, '"$(' * 50_000, 'echo "$TOKEN" ' * 20_000, "<<A\n" * 20_000):
        printed(text)
