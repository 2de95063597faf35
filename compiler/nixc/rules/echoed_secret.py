"""A script prints a secret, or all variables where one of them is secret.

    workflow ci {
      secrets = ["API_KEY"]
      job deploy {
        run "echo \\"$API_KEY\\""
      }
    }

Logs are kept and shared. Secrets are masked there as they are, but not what a script makes of them.
Leave it out, or give the value to what needs it.

    workflow ci {
      secrets = ["API_KEY"]
      job deploy {
        run "echo \\"$API_KEY\\" | ./login.sh --password-stdin"
      }
    }
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.ir.model import Interpreter
from nixc.ir.texts import ShellText
from nixc.rules.commands import Command, commands
from nixc.rules.model import TextRule
from nixc.rules.words import Word

CODE = "NX603"

_SHELLS = frozenset({Interpreter.BASH, Interpreter.SH})
#: Commands that print their arguments, and that print what they read.
_PRINTING = frozenset({"echo", "printf"})
_PASSING = frozenset({"cat", "tee"})
#: Commands that print all variables, as a whole.
_LISTING = frozenset({"env", "printenv", "set", "export -p", "declare -p", "declare -x", "declare"})
_TRACING = re.compile(r"set (-\w*x\w*|-\w*o xtrace)\b")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")


def check(text: ShellText) -> Iterable[Diagnostic]:
    script = text.script
    if not text.secrets or text.role != "step" or script.interpreter not in _SHELLS:
        return
    for start, end, message in _printed(script.text, text.secrets):
        yield Diagnostic(CODE, Severity.WARNING, message, script.map.span(start, end))


def _printed(text: str, secrets: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Where secrets are printed, and what to say."""
    read = commands(text)
    for index, command in enumerate(read):
        words = _bare(command)
        if not words:
            continue
        if words[0].text == "exec" and len(words) == 1 and command.silent:
            return  # all the rest goes elsewhere, too
        line = " ".join(word.text for word in words)
        end = words[-1].start + len(words[-1].text)
        if _TRACING.match(line):
            if re.search(rf"\$\{{?(?:{'|'.join(map(re.escape, sorted(secrets)))})\b", text[end:]):
                yield words[0].start, end, "this prints the secrets that commands are given"
        elif not _reaches_log(read, index):
            continue
        elif line in _LISTING:
            yield words[0].start, end, "this prints all variables, secrets too"
        else:
            yield from _shown(command, words, secrets)


def _shown(
    command: Command, words: list[Word], secrets: frozenset[str]
) -> Iterator[tuple[int, int, str]]:
    program = words[0].text
    # `printf -v` sets a variable.
    prints = program in _PRINTING and "-v" not in (word.text for word in words)
    shown = words[1:] if prints else command.given if program in _PASSING else []
    for word in shown:
        for name, start, end in word.variables:
            if name in secrets:
                yield start, end, f"this prints the secret {quoted(name)}"
    if program == "printenv":
        for word in words[1:]:
            if word.text in secrets:
                message = f"this prints the secret {quoted(word.text)}"
                yield word.start, word.start + len(word.text), message


def _bare(command: Command) -> list[Word]:
    """The words without the assignments and the `command` before them."""
    words = list(command.words)
    while words and (_ASSIGNMENT.match(words[0].text) or words[0].text in ("command", "builtin")):
        words.pop(0)
    return words


def _reaches_log(read: list[Command], index: int) -> bool:
    """Whether what a command prints is printed by the whole pipeline."""
    while not read[index].silent:
        if not read[index].piped:
            return True
        index += 1
        words = _bare(read[index]) if index < len(read) else []
        if not words or words[0].text not in (*_PASSING, "sort"):
            return False
    return False


RULE = TextRule(CODE, "secret that a script prints", check)
