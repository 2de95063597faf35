"""Executor deduplication, action aggregation, producers, order."""

from __future__ import annotations

from nixc import passes
from tests.lower.texts import passed, steps, workflow


def test_equal_executors_are_one() -> None:
    result = passed(
        """
        executor shared = local { copyRepo = false }
        workflow w {
          job a {
            executor = local { }
            run "x"
          }
          job b {
            executor = shared
            run "x"
          }
          job c { run "x" }
          job d {
            executor = shared
            run "x"
          }
        }
        """
    )
    assert [(one.name, one.kind) for one in result.executors] == [
        ("local", "local"),
        ("shared", "local"),
    ]
    assert [job.executor for job in result.jobs] == ["local", "shared", "local", "shared"]
    assert dict(result.executors[1].config) == {"copyRepo": False}


def test_inline_executors_are_named_after_the_axes_they_read() -> None:
    result = passed(
        """
        workflow w {
          job a {
            matrix = { node = [18, 20], os = ["x", "y"] }
            executor = oci { image = "node:${matrix.node}" }
            run "x"
          }
        }
        """
    )
    assert [one.name for one in result.executors] == ["oci-node-18", "oci-node-20"]


def test_two_configurations_of_one_name() -> None:
    text = """
        workflow w {
          job a {
            executor = local { copyRepo = false }
            run "x"
          }
          job b { run "x" }
        }
        """
    (found,) = passes.run(workflow(text)).diagnostics
    assert found.code == "NX501"
    assert found.help is not None
    assert "declare one" in found.help
    assert len(found.related) == 1


def test_equal_actions_are_one_object() -> None:
    result = passed(
        """
        action hello(who) { run = "echo $who" }
        workflow w {
          job a {
            use hello("x")
            use hello("y")
            run "make"
            step "named" { run = "make" }
            step "env" {
              env = { A = "1" }
              run = "make"
            }
          }
          job b { run "make" }
        }
        """
    )
    a, b = (steps(job) for job in result.jobs)
    assert [step.name for step in a] == ["hello", "hello #2", "make", "named", "env"]
    assert a[0].action is a[1].action
    assert a[0].params != a[1].params
    assert a[2].action is a[3].action is b[0].action
    assert a[4].action is not a[3].action
    assert all(len(step.action.id) == 16 for step in a)


def test_producers_and_order() -> None:
    result = passed(
        """
        workflow w {
          job last {
            needs = [made]
            inputs = ["dist"]
            run "x"
          }
          job first { run "x" }
          job made {
            matrix = { x = [2, 1] }
            outputs = { dist = "dist/" }
            run "x"
          }
        }
        """
    )
    assert [job.name for job in result.jobs] == ["first", "made-x-2", "made-x-1", "last"]
    assert result.jobs[-1].inputs[0].producers == ("made-x-1", "made-x-2")
