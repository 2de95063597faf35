"""What users of other tools write at first: one error, at its place, that says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc.diagnostics import Severity
from tests.property import test_one_mistake

#: What stands in a job -> where its error is (line in the job, column), and words of its help.
IN_JOB = [
    ("- run: make", (1, 1), None),
    ('run: "x"', (1, 4), "`name = value`"),
    ("run = |\n  make\n  make test", (1, 7), 'between """ and """'),
    ("run = '''\n  make\n'''", (1, 7), 'between """ and """'),
    ('// note\nrun "x"', (1, 1), "comments begin with `#`"),
    ('steps {\n  run "x"\n}', (1, 7), 'run "…"'),
    ("script = ['make', 'make test']", (1, 1), 'run "…"'),
    ('uses = "actions/checkout@v4"', (1, 1), "use name("),
    ('image = "alpine"\nrun "x"', (1, 1), "executor = oci"),
    ('if = success()\nrun "x"', (1, 1), "condition = "),
    ('run "x" if always()', (1, 9), "condition = "),
    ('condition = success() and always()\nrun "x"', (1, 23), "`&&`"),
    ('dependsOn = ["b"]\nrun "x"', (1, 1), "needs = [job]"),
    ('matrix {\n  python = ["3.10"]\n}\nrun "x"', (1, 8), None),
    ('parallel [\n  run "a"\n]', (1, 10), None),
    ('parallel = {\n  run "a"\n}', (1, 10), None),
    ('step = "a" {\n  run = "x"\n}', (1, 6), None),
    ('timeout = 10\nrun "x"', (1, 11), "`10s`"),
    ('env = { A: "x" }\nrun "x"', (1, 10), "`name = value`"),
    ("run “make”", (1, 5), "straight quotes"),
]

#: The same for whole files.
FILES = [
    ('jobs {\n  a {\n    run "x"\n  }\n}\n', (1, 6), "job name {"),
    ('job a {\n  run "x"\n}\n', (1, 1), "stands in `workflow`"),
    ('on = ["push"]\n', (1, 1), "whatever calls its script"),
    ('let x: string = "a"\nworkflow w {\n  job a { run "${x}" }\n}\n', (1, 6), None),
    ('const x = "a"\n', (1, 7), "let name"),
    ('workflow = w {\n  job a { run "x" }\n}\n', (1, 10), None),
    ('workflow w {\n  job "a" { run "x" }\n}\n', (2, 7), "without quotes"),
    ('workflow w {\n  input = a { default = "x" }\n  job b { run "x" }\n}\n', (2, 9), None),
]


def told(folder: Path, text: str) -> list[tuple[tuple[int, int], str | None]]:
    found = test_one_mistake.told(folder, text)
    places = [(one.span.source.position(one.span.start), one) for one in found]
    return [
        ((place.line, place.column), one.help)
        for place, one in places
        if one.severity is Severity.ERROR
    ]


@pytest.mark.parametrize(("text", "place", "help"), IN_JOB, ids=[text for text, *_ in IN_JOB])
def test_in_a_job(memory: Path, text: str, place: tuple[int, int], help: str | None) -> None:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    ((found, said),) = told(memory, f"workflow w {{\n  job a {{\n{lines}  }}\n}}\n")
    assert found == (place[0] + 2, place[1] + 4)
    assert help is None or help in (said or "")


@pytest.mark.parametrize(("text", "place", "help"), FILES, ids=[text for text, *_ in FILES])
def test_of_a_file(memory: Path, text: str, place: tuple[int, int], help: str | None) -> None:
    ((found, said),) = told(memory, text)
    assert found == place
    assert help is None or help in (said or "")
