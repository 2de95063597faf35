"""The examples of the executors page, with this machine's Debian as `debian:bookworm-slim`."""

from __future__ import annotations

import pytest

from tests.e2e.engines import DEBIAN
from tests.e2e.oci.conftest import Box


@pytest.fixture
def page(box: Box) -> Box:
    box.engine("tag", DEBIAN, "debian:bookworm-slim")
    return box


def two_jobs(first: str, second: str) -> str:
    return f"""
        workflow w {{
          job build {{
            executor = {first}
            run "pwd; touch /mark"
          }}
          job test {{
            needs    = [build]
            executor = {second}
            run "pwd; ls -d /mark 2>/dev/null || echo apart; ls /workspace/jobs"
          }}
        }}
    """


SAME = ["/workspace/jobs/test", "/mark", "build", "test"]
APART = ["/workspace/jobs/test", "apart", "test"]


@pytest.mark.parametrize(
    ("first", "second", "setups", "seen"),
    [
        ("oci { }", "oci { }", 1, SAME),
        ('oci { mode = "isolated" }', 'oci { mode = "isolated" }', 1, APART),
        ('oci { name = "build-env" }', 'oci { name = "test-env" }', 2, APART),
        ('oci { name = "build-env" }', 'oci { name = "build-env" }', 1, SAME),
    ],
)
def test_executors_are_shared_by_name(
    page: Box, first: str, second: str, setups: int, seen: list[str]
) -> None:
    engine = f'{{ engine = "{page.engine.name}", '
    run = page(two_jobs(first, second).replace("oci { ", f"oci {engine}").replace(", }", " }"))
    assert run.output("build") == ["/workspace/jobs/build"], run.text
    assert run.output("test") == seen
    assert len(run.of("executor_setup")) == setups
    assert page.engine.containers() == []


def test_a_mount_that_is_read_only(page: Box) -> None:
    data = page.flow.place.root / "data"
    data.mkdir()
    (data / "file").write_text("kept\n")
    fields = f'extraMounts = ["{data}:/data:ro"]'
    run = page.one(fields, '"cat /data/file; touch /data/x"')
    assert run.output()[0] == "kept", run.text
    assert run.jobs == {"j": "failure"}
    assert [path.name for path in data.iterdir()] == ["file"]
