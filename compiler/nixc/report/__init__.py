"""How diagnostics look: as text for people, in several forms for programs."""

#: The forms, as `--format` names them; :mod:`nixc.report.registry` has what makes them.
FORMATS = ("text", "json", "sarif", "github", "gitlab")
