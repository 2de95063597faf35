"""Manual pages about executors."""

from __future__ import annotations

from nixc.lower import codes
from nixc.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        codes.TWO_CONFIGURATIONS,
        "executor with two configurations",
        """\
Jobs whose executors have one name share a workspace, so that one name is one configuration.

    job build {
      executor = oci { image = "debian:12" }
      run "make"
    }
    job test {
      executor = oci { image = "alpine:3.20" }
      run "make test"
    }

Declare each with a name of its own: `executor NAME = oci { … }`.

    executor debian = oci { image = "debian:12" }
    executor alpine = oci { image = "alpine:3.20" }
    job build {
      executor = debian
      run "make"
    }
    job test {
      executor = alpine
      run "make test"
    }
""",
    ),
    Page(
        codes.OTHER_KIND,
        "field of another executor kind",
        """\
The field exists, but not for this kind of executor.

    executor builder = local { image = "debian:12" }

Remove it, or use the kind that has it.

    executor builder = oci { image = "debian:12" }
""",
    ),
    Page(
        codes.MODE_NEEDS,
        "field that the mode needs",
        """\
Some fields must be given in some modes, or one of two always.

    executor builder = ssh { mode = "pool" }

Add the field that the message names.

    executor builder = ssh { mode = "pool", hosts = ["build-1", "build-2"] }
""",
    ),
    Page(
        codes.MODE_FORBIDS,
        "field that the mode has no use for",
        """\
Some fields belong to other modes, or exclude one another.

    executor builder = ssh { mode = "pool", hosts = ["build-1"], host = "build-2" }

Remove the field, or change the mode.

    executor builder = ssh { mode = "pool", hosts = ["build-1", "build-2"] }
""",
    ),
)
