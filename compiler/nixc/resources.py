"""Where the grammar, the runtime and the `std:` modules are, in a checkout or installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def grammar_path() -> Path:
    """The directory that holds `nixa.lark`. Raises FileNotFoundError in a broken installation."""
    return _resource("grammar", "nixa.lark")


def runtime_path() -> Path:
    """The directory of the bash runtime. Raises FileNotFoundError in a broken installation."""
    return _resource("runtime", "core")


def standard_modules() -> dict[str, Path]:
    """The `std:` modules by the name that an import gives: `std:git`."""
    return {f"std:{path.stem}": path for path in sorted((_PACKAGE / "std").glob("*.nxa"))}


def _resource(name: str, witness: str) -> Path:
    # `witness` keeps an unrelated directory of that name (in site-packages' parent) from passing.
    for directory in (_PACKAGE / "_data" / name, _CHECKOUT / name):
        if (directory / witness).exists():
            return directory
    raise FileNotFoundError(f"nixc is installed without its {name}/ directory: install it again")
