"""What `nixc explain CODE` prints, and how it is written down.

A page is plain text: paragraphs, and examples of `.nxa` indented by four blanks. Of its two
examples the first gives exactly the page's code, the second is the first one cured:

    What is wrong, and why.

        timeout = "30m"

    What to do about it.

        timeout = 30m

An example may be a fragment. Entries that do not begin a line of a file stand in a job, those that
only a workflow or a step has in one (`tests/fragments.py` puts them there). A comment line with
the name of a `.nxa` file begins another file; the first one is compiled.
"""

from __future__ import annotations

from functools import cached_property
from textwrap import dedent, fill

from nixc.records import dataclass

_INDENTED = "    "
_WIDTH = 80


@dataclass(frozen=True, eq=False)
class Page:
    """A code with its title (no full stop, lower case) and its text."""

    code: str
    title: str
    text: str

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        """Paragraphs and examples in order; an example is still indented."""
        parts: list[str] = []
        for part in self.text.strip("\n").split("\n\n"):
            if parts and _is_example(parts[-1]) and _is_example(part):
                parts[-1] += "\n\n" + part
            else:
                parts.append(part)
        return tuple(parts)

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """The examples without their indentation."""
        return tuple(dedent(part) + "\n" for part in self._parts if _is_example(part))

    @cached_property
    def summary(self) -> str:
        """The first paragraph, on one line."""
        return " ".join(self._parts[0].split())

    @cached_property
    def cure(self) -> str:
        """The paragraphs after the first example, each on one line; empty where there are none."""
        first = next((i for i, part in enumerate(self._parts) if _is_example(part)), 0)
        later = (part for part in self._parts[first + 1 :] if not _is_example(part))
        return " ".join(" ".join(part.split()) for part in later)

    @cached_property
    def plain(self) -> str:
        """The text as a terminal shows it."""
        return "\n\n".join(part if _is_example(part) else _filled(part) for part in self._parts)

    @cached_property
    def markdown(self) -> str:
        """The text with its examples fenced."""
        return "\n\n".join(_fenced(part) if _is_example(part) else part for part in self._parts)


def _is_example(part: str) -> bool:
    return part.startswith(_INDENTED)


def _filled(part: str) -> str:
    words = " ".join(part.split())
    return fill(words, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _fenced(part: str) -> str:
    return f"```nxa\n{dedent(part)}\n```"
