"""Every page of the manual has an example that fails as it says, and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc import driver, manual
from nixc.backend import wiki
from nixc.diagnostics import docs
from nixc.lower import codes
from nixc.page import Page
from nixc.report import text as text_report
from tests import fragments

#: Codes that no example can show: bytes that are no text, two hundred levels.
UNSHOWN = {"NX107", "NX108", "NX109"}
#: Codes that only `build` gives.
OF_BUILD = {"NX001", "NX901"}
#: Codes that stand on what ShellCheck says.
OF_SHELLCHECK = {"NX601"}
#: What an example may cause besides: its names are there for one purpose.
BESIDES = {"NX701", "NX702"}

SHOWN = [page for page in manual.pages().values() if page.code not in UNSHOWN]


def found(page: Page, example: str, folder: Path) -> tuple[set[str], str]:
    """The codes that an example causes, and how they are told."""
    folder.mkdir()
    path = str(fragments.write(example, folder))
    if page.code in OF_BUILD:
        result = driver.build(path, shellcheck=False).diagnostics
    else:
        shell = page.code in OF_SHELLCHECK
        result = driver.check([path], shellcheck=shell).diagnostics
    caused = {one.code for one in result} - (BESIDES - {page.code})
    return caused, text_report.render(result, colour=False)


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: str(page.code))
def test_the_examples_of_a_page(page: Page, tmp_path: Path) -> None:
    assert len(page.examples) == 2, "a failing example and its cure"
    failing, cured = page.examples
    assert "…" not in failing + cured, "examples leave nothing out"
    caused, said = found(page, failing, tmp_path / "failing")
    assert caused == {page.code}, said
    caused, said = found(page, cured, tmp_path / "cured")
    assert caused == set(), said


@pytest.mark.parametrize("page", manual.pages().values(), ids=lambda page: str(page.code))
def test_the_words_of_a_page(page: Page) -> None:
    assert page.title == page.title.strip(" .")
    assert page.summary.endswith("."), "the first paragraph is whole sentences"
    assert page.code in UNSHOWN or page.cure.endswith(".")


def test_codes_of_shellcheck_have_their_address() -> None:
    page = manual.page("SC2086")
    assert page is not None
    assert docs("SC2086") in page.plain.splitlines()
    assert all(manual.page(code) is not None for code in wiki.codes())
    assert manual.page("SC99") is None


def test_the_nearest_code() -> None:
    assert manual.page("NX31") is None
    assert str(manual.nearest("NX31")).startswith("NX3")
    assert manual.nearest("hello") is None


def test_every_code_has_a_page() -> None:
    constants = {value for name, value in vars(codes).items() if name.isupper()}
    assert constants <= set(manual.pages())
