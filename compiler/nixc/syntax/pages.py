"""The codes of syntax errors with their manual pages."""

from __future__ import annotations

from nixc.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        "NX101",
        "something stands where the language does not have it",
        """\
A word, a sign or the end of the file where something else must stand. The message says what was
expected. Each entry of a block begins on a line of its own or after a comma.

    job test {
      needs: [lint]
    }

Write what the message names. Fields have a `=`.

    job lint {
      run "ruff check ."
    }
    job test {
      needs = [lint]
      run "make test"
    }
""",
    ),
    Page(
        "NX102",
        "unclosed block",
        """\
A `{` has no matching `}`. The error points at the brace that is open; indentation is taken as a
hint at which one that is.

    workflow ci {
      job test {
        run "make test"
    }

Close it.

    workflow ci {
      job test {
        run "make test"
      }
    }
""",
    ),
    Page(
        "NX103",
        "unclosed string",
        """\
A string of `"…"` or `'…'` ends on its line. A literal string cannot hold a `'`.

    workflow ci {
      job test {
        run 'echo "it''s done"
      }
    }

Close it. A text of several lines is a raw text: it stands between three double quotes.

    workflow ci {
      job test {
        run "echo 'it is done'"
      }
    }
""",
    ),
    Page(
        "NX104",
        "unclosed raw text",
        '''\
A raw text ends with as many double quotes as it began with.

    workflow ci {
      job test {
        run """
          make test
      }
    }

Close it. A text that holds three quotes in a row is opened with four.

    workflow ci {
      job test {
        run """
          make test
        """
      }
    }
''',
    ),
    Page(
        "NX105",
        "unknown escape",
        r"""
The escapes of a string are `\n`, `\t`, `\r`, `\"`, `\\`, `\$`, `\${` and `\u{1F600}`.

    run "grep '\d' log"

Double the backslash, or take a raw or a literal string, which have no escapes.

    run "grep '\\d' log"
""",
    ),
    Page(
        "NX106",
        "unknown language tag",
        '''\
A word between the opening quotes of a raw text and the end of that line names what runs the text:
`bash`, `sh`, `python`, `node`, `ruby` or `perl`.

    run """pyton
      print("hello")
    """

Correct the tag.

    run """python
      print("hello")
    """
''',
    ),
    Page(
        "NX107",
        "nested too deep",
        """\
Blocks, lists, brackets and `!` may stand within one another to a depth of 200. The rest of such a
file is not looked at.

Give inner values names with `let`.
""",
    ),
    Page(
        "NX108",
        "not UTF-8",
        """\
A `.nxa` file is UTF-8. The error points at the first byte that is not.

Save the file as UTF-8.
""",
    ),
    Page(
        "NX109",
        "NUL character",
        """\
The file holds a NUL character. No shell can pass one on, so no text may have it.

Remove it; a script can print one with `printf '\\0'`.
""",
    ),
    Page(
        "NX110",
        "missing value",
        """\
A value is missing after `=`, an operator or a comma.

    workflow ci {
      timeout =
      job test {
        run "make test"
      }
    }

Write the value, or leave out what stands before it.

    workflow ci {
      timeout = 1h
      job test {
        run "make test"
      }
    }
""",
    ),
    Page(
        "NX111",
        "unclosed bracket",
        """\
A `(` or `[` has no matching bracket.

    workflow ci {
      job test {
        env = { TOOLS = "a" }
        exports = ["VERSION"
        run "make test"
      }
    }

Close it.

    workflow ci {
      job test {
        env = { TOOLS = "a" }
        exports = ["VERSION"]
        run "make test"
      }
    }
""",
    ),
    Page(
        "NX112",
        "malformed number",
        """\
Numbers are decimal integers without leading zeros; durations have their units from the greatest to
the least: `1h30m`, `500ms`. There are no fractions.

    matrix = { python = [3.10, 3.12] }

Write versions as texts.

    matrix = { python = ["3.10", "3.12"] }
""",
    ),
    Page(
        "NX113",
        "chained comparison",
        """\
A comparison compares two values.

    condition = env.A == env.B == "1"

Join two comparisons.

    condition = env.A == "1" && env.B == "1"
""",
    ),
    Page(
        "NX114",
        "malformed interpolation",
        """\
`${…}` in a string puts in the value of an expression: a name, `env.X`, `matrix.axis`. Here it is
empty or has no `}`.

    env = { GREETING = "hello ${" }

Write an expression, or `\\${` for the two characters. Shell text has no interpolation.

    env = { GREETING = "hello ${env.USER}" }
""",
    ),
)
