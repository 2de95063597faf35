"""Manual pages about what works and is probably not meant."""

from __future__ import annotations

from nixc.lower import codes
from nixc.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        codes.LONG_STEP,
        "step timeout above its job's",
        """\
The job's timeout ends the step before its own can.

    job test {
      timeout = 5m
      step "all" {
        timeout = 10m
        run     = "make test"
      }
    }

Raise the job's or lower the step's.

    job test {
      timeout = 15m
      step "all" {
        timeout = 10m
        run     = "make test"
      }
    }
""",
    ),
    Page(
        codes.SINGLE_ATTEMPT,
        "retry with one attempt",
        """\
One attempt in all is no retry.

    retry = { maxAttempts = 1 }

Raise `maxAttempts`, or switch retries off with `retry = null`.

    retry = null
""",
    ),
    Page(
        codes.UNPINNED_IMAGE,
        "image without a fixed version",
        """\
An image tagged `latest`, or not at all, changes under the workflow.

    executor builder = oci { image = "debian" }

Name a version or a digest: `debian:12`.

    executor builder = oci { image = "debian:12" }
""",
    ),
    Page(
        codes.SETS_CI,
        "`CI` is set",
        """\
`CI` is `true` in every run; programs look at it.

    env = { CI = "1" }

Leave it out, or choose a name of your own.

    env = { LEVEL = "1" }
""",
    ),
    Page(
        codes.SHELL_LOOKS_LIKE_VALUE,
        "shell text that reads like an expression",
        r"""
In shell text `${…}` is the shell's own: nothing of the language is put in.

    let version = "1.2"
    job release {
      run "./release.sh ${version}"
    }

Pass the value as a variable: `env = { VERSION = version }` and `$VERSION`.

    let version = "1.2"
    job release {
      env = { VERSION = version }
      run "./release.sh \"$VERSION\""
    }
""",
    ),
)
