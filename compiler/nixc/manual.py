"""The manual: a page for every code that a diagnostic can have."""

from __future__ import annotations

from functools import cache

from nixc import rules, silence
from nixc.backend import wiki
from nixc.page import Page
from nixc.syntax.pages import PAGES as SYNTAX

_OWN = (
    Page(
        "NX001",
        "no workflow to build",
        """\
`nixc build` and `nixc run` make a script of the workflow in a file. This file has none: it can only
be imported.

    let registry = "ghcr.io/acme"

Build the file that imports it, or declare a workflow. `nixc check` takes files without one.

    let registry = "ghcr.io/acme"
    workflow ci {
      job push {
        env = { REGISTRY = registry }
        run "make push"
      }
    }
""",
    ),
    silence.PAGE,
)


@cache
def pages() -> dict[str, Page]:
    """The pages of nixc's own codes, by code in order."""
    own = {page.code: page for page in (*_OWN, *SYNTAX)}
    return dict(sorted({**own, **rules.pages()}.items()))


def page(code: str) -> Page | None:
    """The page of one code, ShellCheck's included; None where there is no such code."""
    return pages().get(code) or wiki.page(code)


def nearest(code: str) -> str | None:
    """The code that was probably meant."""
    from difflib import get_close_matches

    known = (*pages(), *wiki.codes())
    return next(iter(get_close_matches(code, known, n=1)), None)
