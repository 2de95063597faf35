"""Manual pages about the graph of jobs."""

from __future__ import annotations

from nixc.lower import codes
from nixc.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        codes.SELF_NEED,
        "job that needs itself",
        """\
A job cannot wait for itself, nor one of a matrix for another of it.

    job test {
      needs = [test]
      run "make test"
    }

Remove it.

    job test {
      run "make test"
    }
""",
    ),
    Page(
        codes.NOT_NEEDED,
        "job that is not needed",
        """\
`needs.JOB` reads a job that this job needs directly.

    job test {
      run "make test"
    }
    job report {
      condition = needs.test.result == "failure"
      run "./report.sh"
    }

Add it: `needs = [test]`.

    job test {
      run "make test"
    }
    job report {
      needs     = [test]
      condition = needs.test.result == "failure"
      run "./report.sh"
    }
""",
    ),
    Page(
        codes.CIRCLE,
        "circle in needs",
        """\
Jobs that wait for one another would wait for ever.

    job build {
      needs = [test]
      run "make"
    }
    job test {
      needs = [build]
      run "make test"
    }

Remove one of the needs that the message shows.

    job build {
      run "make"
    }
    job test {
      needs = [build]
      run "make test"
    }
""",
    ),
)
