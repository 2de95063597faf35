"""`nixc graph`: every form of every example, hostile names, what cannot be drawn."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nixc import driver
from nixc.ir.groups import declared_name
from nixc.tools.graph import FORMATS
from nixc.tools.graph.registry import REGISTRY
from tests.cli.conftest import Nixc
from tests.harness import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.nxa"))
SVG = "{http://www.w3.org/2000/svg}"

#: Two executors, a matrix on three more, and whatever may stand in names.
HOSTILE = r"""
executor here = local { name = "x" }
# Says "<hello>" & 'more' ]]> \ %s <script>alert(1)</script>.
workflow w {
  # -->"<b>"
  job a {
    executor = here
    outputs  = { "a<b>.\"&\\" = "d", "漢 字" = "e", "`#1;`|x" = "f" }
    run "true"
  }
  job b {
    needs    = [a]
    matrix   = { h = ["a<b>\"", "b"], n = [1, 2, 3] }
    inputs   = ["a<b>.\"&\\", "`#1;`|x"]
    executor = ssh { host = "h${matrix.n}", name = "h-${matrix.n}" }
    run "true"
  }
  job end {
    needs  = [a, b]
    inputs = ["漢 字"]
    run "true"
  }
}
"""


@pytest.fixture
def hostile(folder: Path) -> Path:
    path = folder / "h.nxa"
    path.write_text(HOSTILE, encoding="utf-8")
    return path


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example(nixc: Nixc, example: Path, style: str) -> None:
    ran = nixc("graph", example, "--format", style)
    assert (ran.status, ran.stderr) == (0, "")
    assert nixc("graph", example, "--format", style).stdout == ran.stdout
    workflow = driver.understand(str(example)).workflow
    assert workflow is not None
    for job in workflow.jobs:
        assert declared_name(job) in ran.stdout
    if style == "svg":
        ElementTree.fromstring(ran.stdout)


def test_every_form_is_offered() -> None:
    assert set(REGISTRY) == set(FORMATS)


def test_text(nixc: Nixc, hostile: Path) -> None:
    assert nixc("graph", hostile).lines == [
        "w",
        "",
        "  x (local)",
        "    a",
        "",
        "  h-1, h-2, h-3 (ssh)",
        '    b    needs a (a<b>."&\\, `#1;`|x); matrix h (2) × n (3): 6 jobs',
        "",
        "  local",
        "    end  needs a (漢 字), b",
    ]


def test_mermaid(nixc: Nixc, hostile: Path) -> None:
    lines = nixc("graph", hostile, "--format", "mermaid").lines
    assert lines[0] == "flowchart LR"
    taken = "a#60;b#62;#46;#34;#38;#92;, #96;#35;1#59;#96;#124;x"
    assert f'  job0 -->|"{taken}"| job1' in lines
    assert '    job1["b<br>h (2) × n (3): 6 jobs"]' in lines


def test_dot(nixc: Nixc, hostile: Path, needs_tool: Callable[[str], str], folder: Path) -> None:
    made = nixc("graph", hostile, "--format", "dot", "-o", "h.dot")
    assert (made.status, made.stdout) == (0, "")
    text = folder.joinpath("h.dot").read_text(encoding="utf-8")
    assert r'"a" -> "b" [label="a<b>.\"&amp;\\, `#1;`|x"];' in text
    ran = subprocess.run(
        [needs_tool("dot"), "-Tplain", "h.dot"], cwd=folder, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split()[1] for line in ran.stdout.splitlines() if line.startswith("node")] == [
        *("a", "b", "end")
    ]


def test_svg_holds_what_was_written(nixc: Nixc, hostile: Path) -> None:
    root = ElementTree.fromstring(nixc("graph", hostile, "--format", "svg").stdout)
    shown = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert 'a<b>."&\\, `#1;`|x' in shown
    assert "h (2) × n (3): 6 jobs" in shown
    jobs = [one for one in root.iter(f"{SVG}g") if one.get("class") == "job"]
    assert [job.get("data-job") for job in jobs] == ["a", "b", "end"]
    assert jobs[2].get("aria-label") == "end on local; needs a, b"
    tip = jobs[1].findtext(f"{SVG}title")
    assert tip == 'b\nh: a<b>", b\nn: 1, 2, 3'
    assert not list(root.iter(f"{SVG}script"))


def test_svg_asks_for_nothing(nixc: Nixc, hostile: Path) -> None:
    text = nixc("graph", hostile, "--format", "svg").stdout
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"url\(([^)]*)\)", text) == ["#nixc-arrow"] * 3


def test_characters_that_xml_has_not(nixc: Nixc, folder: Path) -> None:
    doc = "# \x0b\x1b[31m\x7f end\n"
    folder.joinpath("c.nxa").write_text(f'workflow w {{\n{doc}job a {{ run "true" }}\n}}\n')
    ran = nixc("graph", "c.nxa", "--format", "svg")
    assert ran.status == 0, ran.stderr
    titles = [one.text for one in ElementTree.fromstring(ran.stdout).iter(f"{SVG}title")]
    assert titles[-1] == "a\n\ufffd\ufffd[31m\ufffd end"


class _Tags(HTMLParser):
    """Which elements are open at the end, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_one_page_with_the_drawing(nixc: Nixc, hostile: Path) -> None:
    page = nixc("graph", hostile, "--format", "html").stdout
    tags = _Tags()
    tags.feed(page)
    assert {"svg", "table"} <= set(tags.names)
    assert not {"script", "b", "img", "link"} & set(tags.names)
    assert "<script>alert(1)</script>" in tags.text
    drawing = page[page.index("<svg") : page.index("</svg>") + 6]
    alone = nixc("graph", hostile, "--format", "svg").stdout
    assert alone.endswith(f"?>\n{drawing}\n")


def test_no_two_boxes_overlap_and_edges_go_right(nixc: Nixc, hostile: Path) -> None:
    for path in (hostile, *EXAMPLES):
        root = ElementTree.fromstring(nixc("graph", path, "--format", "svg").stdout)
        boxes = [
            tuple(float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
            for job in root.iter(f"{SVG}g")
            if job.get("class") == "job"
            for rect in job.iter(f"{SVG}rect")
        ]
        for number, (x, y, width, height) in enumerate(boxes):
            for left, top, wide, high in boxes[:number]:
                apart = (
                    x >= left + wide or left >= x + width or y >= top + high or top >= y + height
                )
                assert apart, path
        for edge in root.iter(f"{SVG}path"):
            if edge.get("marker-end"):
                xs = [float(pair) for pair in re.findall(r"([\d.]+) [\d.]+", edge.get("d", ""))]
                assert xs == sorted(xs)


def test_a_long_chain_and_a_wide_fan(nixc: Nixc, folder: Path) -> None:
    jobs = ['job j0 { run "true" }']
    jobs += [f'job j{n} {{ needs = [j0, j{n - 1}]\n run "true" }}' for n in range(2, 40)]
    jobs += ['job j1 { needs = [j0]\n run "true" }']
    jobs += [f'job f{n} {{ needs = [j0]\n run "true" }}' for n in range(60)]
    every = ", ".join(f"f{n}" for n in range(60))
    jobs += [f'job last {{ needs = [{every}]\n run "true" }}']
    folder.joinpath("l.nxa").write_text("workflow w {\n" + "\n".join(jobs) + "\n}\n")
    ran = nixc("graph", "l.nxa", "--format", "svg")
    assert ran.status == 0, ran.stderr
    assert len(list(ElementTree.fromstring(ran.stdout).iter(f"{SVG}g"))) > 200


def test_nothing_without_jobs(nixc: Nixc, folder: Path) -> None:
    folder.joinpath("e.nxa").write_text("workflow w {\n}\n")
    for style in FORMATS:
        ran = nixc("graph", "e.nxa", "--format", style)
        assert (ran.status, ran.stderr) == (0, "")
    assert nixc("graph", "e.nxa").stdout == "w\n"


def test_standard_input(nixc: Nixc) -> None:
    ran = nixc("graph", "-", stdin='workflow w { job a { run "true" } }\n')
    assert ran.lines == ["w", "", "  local", "    a"]


def test_mistakes_are_told_and_nothing_is_drawn(nixc: Nixc, folder: Path) -> None:
    jobs = ['job a { needs = [b]\n run "true" }', 'job b { needs = [a]\n run "true" }']
    text = "workflow w {\n" + "\n".join(jobs) + "\n}\n"
    folder.joinpath("c.nxa").write_text(text)
    folder.joinpath("c.svg").write_text("old")
    ran = nixc("graph", "c.nxa", "--format", "svg", "-o", "c.svg")
    assert (ran.status, ran.stdout) == (1, "")
    assert "in a circle" in ran.stderr
    assert folder.joinpath("c.svg").read_text() == "old"
    folder.joinpath("m.nxa").write_text("let x = 1\n")
    module = nixc("graph", "m.nxa")
    assert (module.status, module.stdout) == (1, "")
    assert "error[NX001]" in module.stderr


def test_warnings_are_told_beside_it(nixc: Nixc, folder: Path) -> None:
    folder.joinpath("w.nxa").write_text('let x = 1\nworkflow w { job a { run "true" } }\n')
    ran = nixc("graph", "w.nxa")
    assert (ran.status, ran.lines[0]) == (0, "w")
    assert "warning[NX701]" in ran.stderr


def test_what_cannot_be_read_or_written(nixc: Nixc, hostile: Path) -> None:
    for arguments, why in (
        (["none.nxa"], "cannot read none.nxa"),
        (["h.nxa", "-o", "none/x"], "cannot write none/x"),
        (["h.nxa", "-o", "h.nxa"], "it is a source of this workflow"),
        (["h.nxa", "--format", "pdf"], "--format"),
    ):
        ran = nixc("graph", *arguments)
        assert (ran.status, ran.stdout) == (2, "")
        assert why in ran.stderr
    assert hostile.read_text(encoding="utf-8") == HOSTILE


def test_any_locale(nixc: Nixc, hostile: Path) -> None:
    assert "×" in nixc("graph", hostile, env={"LC_ALL": "C"}).stdout


def test_completion(nixc: Nixc) -> None:
    env = {"_NIXC_COMPLETE": "bash_complete", "COMP_WORDS": "nixc graph --format m"}
    assert nixc(env={**env, "COMP_CWORD": "3"}).stdout == "plain,mermaid\n"
