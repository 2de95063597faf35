"""`nixc schema`: its two forms."""

from __future__ import annotations

import json

from tests.cli.conftest import Nixc
from tests.harness import ROOT


def test_json_is_the_default(nixc: Nixc) -> None:
    ran = nixc("schema")
    assert (ran.status, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == json.loads(nixc("schema", "--format", "json").stdout)
    blocks = {block["name"]: block for block in json.loads(ran.stdout)["blocks"]}
    fields = {field["name"]: field for field in blocks["job"]["fields"]}
    assert fields["timeout"]["type"]["kind"] == "duration"
    assert fields["condition"]["default"] == "success()"


def test_markdown_is_the_reference(nixc: Nixc) -> None:
    ran = nixc("schema", "--format", "markdown")
    assert ran.stdout == (ROOT / "grammar" / "reference.md").read_text(encoding="utf-8")
