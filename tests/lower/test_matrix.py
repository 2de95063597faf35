"""Matrices: GitHub's documented examples, and the names of jobs."""

from __future__ import annotations

from tests.lower.texts import workflow


def combinations(matrix: str) -> list[dict[str, str]]:
    """What the jobs of a matrix get, without empty axes."""
    jobs = workflow(f"workflow w {{\n job t {{\n matrix = {matrix}\n run 'x'\n }}\n }}").jobs
    found = [dict(job.matrix.values) for job in jobs if job.matrix]
    return [{axis: value for axis, value in one.items() if value} for one in found]


def test_include_by_githubs_first_example() -> None:
    # https://docs.github.com/actions: "Expanding or adding matrix configurations"
    assert combinations(
        """{
          fruit = ["apple", "pear"], animal = ["cat", "dog"],
          include = [
            { color = "green" },
            { color = "pink", animal = "cat" },
            { fruit = "apple", shape = "circle" },
            { fruit = "banana" },
            { fruit = "banana", animal = "cat" },
          ]
        }"""
    ) == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


def test_include_extends_one_combination() -> None:
    found = combinations(
        """{
          os = ["windows", "ubuntu"], node = [12, 14, 16],
          include = [{ os = "windows", node = 16, npm = 6 }]
        }"""
    )
    assert len(found) == 6
    assert [one for one in found if "npm" in one] == [{"os": "windows", "node": "16", "npm": "6"}]


def test_include_adds_a_combination() -> None:
    found = combinations(
        """{
          os = ["macos", "windows", "ubuntu"], version = [12, 14, 16],
          include = [{ os = "windows", version = 17 }]
        }"""
    )
    assert len(found) == 10
    assert found[-1] == {"os": "windows", "version": "17"}


def test_only_include() -> None:
    assert combinations('{ include = [{ site = "a", dc = 1 }, { site = "b", dc = 2 }] }') == [
        {"site": "a", "dc": "1"},
        {"site": "b", "dc": "2"},
    ]


def test_exclude_by_part_and_before_include() -> None:
    found = combinations(
        """{
          os = ["macos", "windows"], version = [12, 14], environment = ["staging", "production"],
          exclude = [
            { os = "macos", version = 12, environment = "production" },
            { os = "windows", version = 14 },
          ],
          include = [{ os = "windows", version = 14, environment = "staging" }]
        }"""
    )
    assert len(found) == 6
    assert {"os": "macos", "version": "12", "environment": "production"} not in found
    assert found[-1] == {"os": "windows", "version": "14", "environment": "staging"}


def test_names_have_axes_in_alphabetical_order() -> None:
    jobs = workflow(
        """
        workflow w {
          job test {
            matrix = { python = ["3.10"], db = ["sqlite"], include = [{ db = "pg", extra = 1 }] }
            run "x"
          }
          job after {
            needs = [test, test-db-sqlite-python-3-10]
            run "x"
          }
        }
        """
    ).jobs
    names = ("test-db-sqlite-python-3-10", "test-db-pg-extra-1")
    assert tuple(job.name for job in jobs) == (*names, "after")
    assert [need.jobs for need in jobs[-1].needs] == [names, names[:1]]
