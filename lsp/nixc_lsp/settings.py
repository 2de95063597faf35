"""What a user can set: the section `nixc` of a client's configuration, and its
`initializationOptions`, which hold where the configuration says nothing."""

from __future__ import annotations

from nixc.records import dataclass, names_of, replace

SECTION = "nixc"


@dataclass(frozen=True)
class Settings:
    """The fields are the names in the configuration, with their defaults."""

    #: Whether ShellCheck looks at the users' texts.
    shellcheck: bool = True
    #: Whether inlay hints are shown.
    inlayHints: bool = True  # noqa: N815 - as clients write it


def settings(given: object, otherwise: Settings) -> Settings:
    """The settings of a section; what is no setting, or no truth value, is passed over."""
    if not isinstance(given, dict):
        return otherwise
    names = names_of(otherwise)
    known = {name: given[name] for name in names if isinstance(given.get(name), bool)}
    return replace(otherwise, **known)


def of_options(options: object) -> Settings:
    """The settings that a client begins with: it may send the section, or what has it."""
    if isinstance(options, dict) and isinstance(options.get(SECTION), dict):
        options = options[SECTION]
    return settings(options, Settings())
