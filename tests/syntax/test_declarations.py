"""Declarations, their documentation, and the spans of everything."""

from __future__ import annotations

from nixc.records import is_record, names_of
from nixc.source import Span, TextMap
from nixc.syntax import nodes
from tests.syntax.reading import EXAMPLE, file, outline


def test_the_example() -> None:
    assert outline(file(EXAMPLE).entries) == [
        "Import",
        "Import",
        "Let registry",
        "Executor builder",
        "Action announce",
        ["Field run"],
        "Workflow ci",
        [
            "Field timeout",
            "Field env",
            "Field envFrom",
            "Field secrets",
            "Input environment",
            ["Field type", "Field options", "Field default"],
            "Job lint",
            ["Run", "Run"],
            "Job test",
            [
                *("Field needs", "Field executor", "Field matrix", "Field retry", "Field outputs"),
                "Use",
                "Step",
                ["Field deps", "Field timeout", "Field run"],
                "Step",
                ["Field condition", "Field run"],
            ],
            "Job deploy",
            [
                *("Field needs", "Field condition", "Field executor", "Field inputs"),
                "Use",
                "Run",
            ],
        ],
    ]


def test_all_declarations() -> None:
    text = """
template t(a, b = [1],) { run "x" }
workflow w {
  let step = 1
  executor run = local
  job step { run 'x', run "y" }
  job j = t(1, b = 2)
  job k = m.t(1) { timeout = 1h }
  job l {
    step { run = "x" }
    step 'name' { run = "x" }
    use a.b() { env = { X = "1" } }
    parallel {
      run = "1"
      run "2"
    }
  }
}
"""
    assert outline(file(text).entries) == [
        "Template t",
        ["Run"],
        "Workflow w",
        [
            "Let step",
            "Executor run",
            "Job step",
            ["Run", "Run"],
            "Job j",
            "Job k",
            ["Field timeout"],
            "Job l",
            [
                "Step",
                ["Field run"],
                "Step",
                ["Field run"],
                "Use",
                ["Field env"],
                "Parallel",
                ["Field run", "Run"],
            ],
        ],
    ]


def test_documentation() -> None:
    text = """\
# not this

# One.
#  Two.
# nixc: ignore=NX701
let a = 1 # beside
let b = 2
# far

let c = 3
# d
let d = '''
"""
    entries = file(text.replace("'''", "4")).entries
    docs = [entry.doc for entry in entries if isinstance(entry, nodes.Let)]
    assert docs == ["One.\n Two.", None, None, "d"]
    comments = file(text.replace("'''", "4")).comments
    assert [comment.text for comment in comments][:4] == [
        "not this",
        "One.",
        " Two.",
        "nixc: ignore=NX701",
    ]


def test_no_comment_within_texts() -> None:
    assert file('let a = "# x"\nlet b = """\n # y\n"""').comments == ()


def test_empty_files() -> None:
    for text in ("", "\n", "# x", " \n\t\n"):
        assert file(text).entries == ()


def test_spans_enclose_what_is_inside() -> None:
    tree = file(EXAMPLE)
    assert tree.span.text == EXAMPLE
    seen = _check(tree, tree.span)
    assert seen > 200


def _check(node: object, outer: Span) -> int:
    """Assert that the span of a node is within `outer`; the number of nodes below."""
    if isinstance(node, tuple):
        return sum(_check(item, outer) for item in node)
    if not is_record(node) or isinstance(node, Span | TextMap):
        return 0
    span: Span = node.span  # type: ignore[attr-defined]  # all nodes have one
    assert outer.start <= span.start <= span.end <= outer.end
    assert span.text == span.text.strip() or isinstance(node, nodes.TextPart | nodes.File)
    return 1 + sum(_check(getattr(node, name), span) for name in names_of(node))


def test_spans_of_declarations() -> None:
    workflow = file(EXAMPLE).entries[-1]
    assert isinstance(workflow, nodes.WorkflowDecl)
    assert workflow.span.text.startswith("workflow ci {")
    assert workflow.span.text.endswith("}")
    job = next(e for e in workflow.body if isinstance(e, nodes.JobDecl))
    assert job.span.text == 'job lint {\n    run "ruff check ."\n    run "mypy src"\n  }'
    assert job.doc == "Style and types."
