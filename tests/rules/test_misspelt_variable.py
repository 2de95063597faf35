"""Which names count as slips of the pen, and which may well be right."""

from __future__ import annotations

import pytest

from nixc.rules.misspelt_variable import nearest

KNOWN = (
    "CI",
    "JOB_ENV",
    "JOB_NAME",
    "STEP_NAME",
    "MATRIX_PYTHON",
    "MATRIX_DB",
    "INPUT_ENVIRONMENT",
    "API_KEY",
    "APP_HOST",
    "HOST",
    "TARGET_1",
    "greeting",
    "who",
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("MATRIX_PYTON", "MATRIX_PYTHON"),
        ("MATRX_PYTHON", "MATRIX_PYTHON"),
        ("MATRIX_PYHTON", "MATRIX_PYTHON"),
        ("matrix_python", "MATRIX_PYTHON"),
        ("python", "MATRIX_PYTHON"),
        ("INPUT_ENVIROMNET", "INPUT_ENVIRONMENT"),
        ("JOBENV", "JOB_ENV"),
        ("STPE_NAME", "STEP_NAME"),
        ("API_KEYS", "API_KEY"),
        ("api_key", "API_KEY"),
        ("greting", "greeting"),
        ("GREETING", "greeting"),
        ("HSOT", "HOST"),
        ("MATRIX_BD", "MATRIX_DB"),
        ("MATRIX_PYTHON3", "MATRIX_PYTHON"),
        ("INPUT_ENVIRNMENTS", "INPUT_ENVIRONMENT"),
        ("API_KYE", "API_KEY"),
    ],
)
def test_slips(name: str, meant: str) -> None:
    assert nearest(name, KNOWN) == meant


@pytest.mark.parametrize(
    "name",
    [
        "PORT",
        "POST",
        "APP_PORT",
        "DB_HOST",
        "MATRIX_OS",
        "TARGET_2",
        "TARGET",
        "PYTHON",
        "JOB_ID",
        "CC",
        "WHO_ELSE",
        "why",
        "GITHUB_ENV",
        "CI_JOB_NAME",
        "HOSTNAME",
        "BUILD_NAME",
        "TOKEN",
    ],
)
def test_names_of_others(name: str) -> None:
    assert nearest(name, KNOWN) is None


def test_nothing_known() -> None:
    assert nearest("NAME", ()) is None
