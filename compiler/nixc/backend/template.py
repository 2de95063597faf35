"""The jinja2 environment of the templates: strict, without any decisions of its own."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nixc.backend", "templates"),
        undefined=StrictUndefined,
        # Shell, not HTML: quoting is done by `nixc.backend.quote` before anything gets here.
        autoescape=False,
        keep_trailing_newline=True,
    )


def template(name: str) -> Template:
    """A compiled template by its file name. Raises jinja2.TemplateNotFound."""
    return _environment().get_template(name)
