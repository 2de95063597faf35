"""However a text came about, edit by edit, it is understood as if it had been opened so."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import strategies as st

from nixc.loader import Parsed, read_file
from nixc.syntax import decode, parse
from nixc_lsp.analysis import analyse
from nixc_lsp.nearby import place_in
from nixc_lsp.place import Place, beginning, place
from nixc_lsp.project import Project
from nixc_lsp.text import Text
from tests.harness import ROOT
from tests.property.holding import hold, parts
from tests.property.plain import plain, seen
from tests.property.texts import EXAMPLES, WORDS, made_up

PATH, MODULE = "/nowhere/a.nxa", "/nowhere/m.nxa"
EDITS = 8
#: Larger ones are as these, only slower.
_LARGEST = 8_000
_WORD = re.compile(r"[A-Za-z_][\w-]*")
#: What changes how all behind it is read.
_TEARING = ('"""', '"', "'''", "'", "{", "}", "(", "]", "#", "\n}\n", "workflow w {\n", ",\n", "𝒳")
#: What is written where declarations stand.
_LINES = (
    "let a = 1",
    "  # note",
    "}",
    "  }",
    "  job z {",
    '  run "x"',
    "",
    "x",
    "  job z = t() {}",
)

MODULES = """\
import "./m.nxa" as m
import "std:git" as git

let image = m.image

executor own = oci { image = image }

workflow w {
  # The first.
  job a {
    executor = m.builder
    outputs  = { out = "out/" }
    use m.say(text = "a")
  }

  job b = m.check("b") {
    needs  = [a]
    inputs = ["out"]
  }

  job c {
    executor = own
    needs    = [b]
    use git.clone()
  }
}
"""
IMPORTED = """\
let image = "debian:12"

executor builder = oci { image = image }

action say(text) {
  run = "echo \\"$text\\""
}

template check(what) {
  env = { WHAT = what }
  run "check \\"$WHAT\\""
}
"""


def texts() -> list[str]:
    cases = [path for path in ROOT.glob("tests/cases/**/*.nxa") if path not in EXAMPLES]
    found = [path.read_bytes().decode(errors="replace") for path in (*EXAMPLES, *sorted(cases))]
    return [MODULES, *(text for text in found if len(text) <= _LARGEST)]


TEXTS = texts()


def edited(random: Random, text: str) -> str:
    """A text with one edit of any size."""
    at = random.randrange(len(text) + 1)
    end = min(len(text), at + random.choice((0, 0, 0, 1, 2, 30, 200)))
    lines = text.split("\n")
    line = random.randrange(len(lines))
    words = list(_WORD.finditer(text))
    match random.randrange(8):
        case 0:
            return text[:at] + random.choice(WORDS) + text[end:]
        case 1:
            return text[:at] + random.choice(_TEARING) + text[end:]
        case 2 if words:
            old, new = random.choice(words), random.choice(words)
            return text[: old.start()] + new[0] + text[old.end() :]
        case 3 if words:
            old = random.choice(words)
            return text[: old.end()] + random.choice("a1-_ ") + text[old.end() :]
        case 4:
            lines[line:line] = [random.choice(_LINES)]
        case 5:
            del lines[line : line + random.choice((1, 1, 5, 12))]
        case 6:
            some = lines[line : line + random.choice((1, 4, 12))]
            place = random.randrange(len(lines))
            lines[place:place] = some
        case _:
            if random.random() < 0.2:
                return text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n")
            return text[:at] + text[end:]
    return "\n".join(lines)


def history(random: Random, text: str) -> list[str]:
    """A text and what becomes of it; now and then what it was before."""
    found = [text]
    for _ in range(EDITS):
        old = random.choice(found) if random.random() < 0.3 else found[-1]
        found.append(edited(random, old)[: 2 * _LARGEST])
    return found


def understood(project: Project) -> dict[str, object]:
    analysis = project.analysis(PATH)
    assert analysis is not None
    return seen(analysis)


def anew(texts: dict[str, str]) -> dict[str, object]:
    """What the compiler makes of texts by path, with nothing kept from before."""

    def read(path: str, name: str) -> Parsed:
        if path not in texts:
            return read_file(path, name)
        source, problems = decode(name, Text(texts[path]).bytes)
        found = parse(source)
        return Parsed(found.file, problems, found.diagnostics)

    return seen(analyse(PATH, read))


def compared(versions: list[tuple[str, str]], last: dict[str, str]) -> None:
    """Understands one version after the other as an editor's server does, and each one anew."""
    project = Project()
    for path, text in last.items():
        project.change(path, Text(text))
    for path, text in versions:
        project.change(path, Text(text))
        last[path] = text
        ours, theirs = understood(project), anew(last)
        for what in theirs:
            assert ours[what] == theirs[what], (what, last)


def check(number: int) -> None:
    random = Random(number)
    text = made_up(number) if random.random() < 0.2 else random.choice(TEXTS)
    versions = [(PATH, one) for one in history(random, text)]
    if text is MODULES:
        versions += [(MODULE, one) for one in history(random, IMPORTED)]
        random.shuffle(versions)
    compared(versions, {PATH: text, MODULE: IMPORTED})


@parts
def test_a_text_is_understood_as_if_it_was_opened_so(part: int) -> None:
    hold(st.integers(0, 2**40), check, part=part, count=60)


def workflow(*jobs: str) -> str:
    return "workflow w {\n" + "".join(f"  job {job}\n" for job in jobs) + "}\n"


RUN, NEEDS = '{ run "x" }', '{\n    needs = [a]\n    run "x"\n  }'
DEEP = "workflow w {{\n  env = {{ A = {}{} }}\n}}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # What is no comment any more documents nothing.
        ("let a = 1\n  # c\nlet b = 2\n", 'let a = """\n  x\n  # c\nlet b = 2\n'),
        # Quotes close what was meant to be something else.
        ("let a = ''\nlet b = ''\n", "let a = '''\nlet b = '''\n"),
        # A line that goes on in the next one, and one that does not any more.
        ("let a = b &&\n  c\nlet d = 1\n", "let a = b &&\nlet d = 1\n"),
        # Two jobs that say the same, and one of them.
        (workflow(f"a {RUN}", f"a {RUN}"), workflow(f"b {RUN}", f"a {RUN}")),
        # As deep as may be, and one level deeper.
        (DEEP.format("[" * 198, "]" * 198), DEEP.format("[" * 199, "]" * 199)),
        # The first job makes the executor that all others share.
        (workflow(f"a {RUN}", f"b {RUN}"), workflow(f"aa {RUN}", f"b {RUN}")),
        # Who is there changes what others mean.
        (workflow(f"a {RUN}", f"b {NEEDS}"), workflow(f"c {RUN}", f"b {NEEDS}")),
    ],
)
def test_one_edit_and_back(before: str, after: str) -> None:
    compared([(PATH, after), (PATH, before), (PATH, after)], {PATH: before})


def _shown(one: Place) -> object:
    frames = [
        (f.opener, f.block and f.block.name, f.callee, f.key, plain(f.entry), f.head)
        for f in one.frames
    ]
    return one.prefix, one.inside, frames


def test_what_is_passed_over_before_a_place_changes_nothing_there() -> None:
    random = Random(0)
    for text in TEXTS:
        project = Project()
        project.change(PATH, Text(text))
        analysis = project.analysis(PATH)
        assert analysis is not None
        source = analysis.source
        for _ in range(40):
            offset = random.randrange(len(source.text) + 1)
            whole = place(source, analysis.lexed, offset, beginning())
            assert _shown(place_in(analysis, offset)) == _shown(whole), (offset, text)
