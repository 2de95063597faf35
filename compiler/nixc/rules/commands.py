"""The commands of a shell text, as far as it takes to see which of them print to the log.

No parser of the shell: ShellCheck is that. What this cannot follow counts as not printing.
"""

from __future__ import annotations

import re

from nixc.records import dataclass, field
from nixc.rules.words import Word, behind, variables, word_at


@dataclass
class Command:
    """A simple command; `silent` where its standard output goes elsewhere than to the log."""

    words: list[Word] = field(default_factory=list)
    #: What here-documents and here-strings give it to read.
    given: list[Word] = field(default_factory=list)
    silent: bool = False
    #: Whether another command reads what this one prints.
    piped: bool = False


_BLANK = re.compile(r"(?:[ \t]|\\\n)+|(?<![^\s;|&()])#[^\n]*")
_REDIRECTION = re.compile(r"(\d*)(<<<|<<-?|<>|>>|>\||>&|<&|<|>)[ \t]*|(&)(>>?)[ \t]*")
_OPERATOR = re.compile(r"\n|;;?&?|&&|\|\||\|&?|&|[()]")
_OPENING = frozenset({"{", "if", "while", "until", "for", "case", "select"})
_CLOSING = frozenset({"}", "fi", "done", "esac"})
_CONTINUING = frozenset({"then", "do", "else", "elif", "!", "time", "in"})
#: Places that are the log.
_LOG = re.compile(r"&?[12]|/dev/(stdout|stderr|tty|fd/[12])")


def commands(text: str) -> list[Command]:
    """The commands outside of substitutions and functions, in order."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: list[Command] = []
        self.now = Command()
        #: Where groups begin in `found`, and whether they are a function's.
        self.open: list[tuple[int, bool]] = []
        #: The group that has just ended, for what comes behind it.
        self.closed: int | None = None
        #: Here-documents that begin on the next line: end, whether literal, whose.
        self.pending: list[tuple[str, bool, bool, Command]] = []
        self.function = False

    def read(self) -> list[Command]:
        while self.at < len(self.text):
            if blank := _BLANK.match(self.text, self.at):
                self.at = blank.end()
            elif redirection := _REDIRECTION.match(self.text, self.at):
                self.at = redirection.end()
                self._redirect(redirection)
            elif operator := _OPERATOR.match(self.text, self.at):
                self.at = operator.end()
                self._operator(operator.group())
            else:
                self._plain(self._word())
        self._end(piped=False)
        return self.found

    def _plain(self, word: Word) -> None:
        if not self.now.words and word.text in _OPENING:
            self.open.append((len(self.found), self.function))
            self.function = False
        elif not self.now.words and word.text in _CLOSING:
            self._close()
        elif self.now.words or word.text not in _CONTINUING:
            self.now.words.append(word)

    def _close(self) -> None:
        if self.open:
            start, function = self.open.pop()
            self.closed = start
            if function:
                self._silence()

    def _silence(self) -> None:
        """Nothing of the group that has just ended is printed."""
        for command in self.found[self.closed :] if self.closed is not None else ():
            command.silent = True

    def _operator(self, operator: str) -> None:
        words = self.now.words
        if operator == "(" and words:  # of a function, or of an array
            self.function = len(words) == 1 and self.text.startswith(")", self.at)
            self.at = behind(self.text, self.at, ")")
            if self.function:
                self.now = Command()
            return
        piped = operator.startswith("|") and operator != "||"
        if piped and self.closed is not None and not words:
            self._silence()
        self._end(piped=piped)
        if operator == "(":
            self.open.append((len(self.found), self.function))
        elif operator == ")":
            self._close()
        elif operator == "\n":
            self._documents()

    def _end(self, *, piped: bool) -> None:
        if self.now.words:
            self.now.piped = piped
            self.found.append(self.now)
            self.now = Command()
        self.closed = None

    def _redirect(self, match: re.Match[str]) -> None:
        number, operator = match[1] or "", match[2] or match[4]
        target = self._word() if self.at < len(self.text) else Word("", self.at)
        if operator == "<<<":
            self.now.given.append(target)
        elif operator.startswith("<<"):
            end = re.sub(r"[\\'\"]", "", target.text)
            self.pending.append((end, end != target.text, operator == "<<-", self.now))
        elif operator.startswith(">") and number in ("", "1") and not _LOG.fullmatch(target.text):
            self.now.silent = True
            self._silence()

    def _documents(self) -> None:
        for end, literal, stripped, command in self.pending:
            tabs = r"\t*" if stripped else ""
            match = re.compile(rf"^{tabs}{re.escape(end)}$", re.MULTILINE).search(
                self.text, self.at
            )
            stop = match.start() if match else len(self.text)
            if not literal:
                inside = tuple(variables(self.text, self.at, stop))
                command.given.append(Word(self.text[self.at : stop], self.at, inside))
            self.at = match.end() if match else stop
        self.pending.clear()

    def _word(self) -> Word:
        word = word_at(self.text, self.at)
        self.at = word.start + max(len(word.text), 1)
        return word
