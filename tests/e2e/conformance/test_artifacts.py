"""What every executor must do: artifacts, between its own jobs and those of others."""

from __future__ import annotations

import pytest

from tests.e2e.conformance.conftest import There

#: Makes a tree of what tar can hold; -> what is to be found of it.
MAKE = r"""
  mkdir -p "out/a b/empty" "out/.hidden"
  printf 1 > "out/a b/-dash"; printf 2 > "out/.hidden/new
line"; printf 3 > 'out/back\slash'; printf 4 > 'out/*'
  printf 5 > out/run; chmod 755 out/run; chmod 600 out/back*; chmod 700 "out/a b/empty"
  ln -s run out/link; ln -s nowhere out/dangling
"""
LOOK = r"""
  cat "out/a b/-dash" "out/.hidden/new
line" 'out/back\slash' 'out/*'; ./out/run 2>/dev/null || cat out/run; echo
  ls -ld out/run out/back* "out/a b/empty" | cut -c1-10
  readlink out/link out/dangling
"""
SEEN = ["12345", "-rw-------", "drwx------", "-rwxr-xr-x", "run", "nowhere"]


@pytest.mark.parametrize(
    ("maker", "reader"), [("there", "there"), ("there", "here"), ("here", "there")]
)
def test_trees_arrive_as_they_were(there: There, maker: str, reader: str) -> None:
    run = there(
        f"""
        executor here = local {{ name = "here" }}
        workflow w {{
          job make {{
            executor = {maker}
            outputs  = {{ tree = "out" }}
            run \"\"\"{MAKE}\"\"\"
          }}
          job look {{
            executor = {reader}
            needs    = [make]
            inputs   = ["tree"]
            run \"\"\"{LOOK}\"\"\"
          }}
        }}
        """
    )
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    assert sorted(run.output("look")) == sorted(SEEN)


def test_nested_paths_and_other_places(there: There) -> None:
    run = there(
        """
        workflow w {
          job make {
            executor = there
            outputs  = { deep = "a/b/file", "odd/ name" = "one" }
            run "mkdir -p a/b; echo deep > a/b/file; echo one > one"
          }
          job look {
            executor = there
            needs    = [make]
            inputs   = ["deep", { name = "odd/ name", path = "in/here" }]
            run "cat a/b/file in/here/one"
          }
        }
        """
    )
    assert run.output("look") == ["deep", "one"], run.text


def test_an_output_that_was_not_made(there: There) -> None:
    run = there(
        """
        workflow w {
          job j {
            executor = there
            outputs  = { out = "nothing" }
            run "true"
          }
        }
        """
    )
    assert run.jobs == {"j": "failure"}
    assert "artifact" in run.reason("j")
