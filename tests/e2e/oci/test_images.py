"""Images with packages: built once, by what installs packages in the base."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.oci.conftest import Box
from tests.e2e.runs import processes_with, wait_for


def base_with(box: Box, name: str, dockerfile: str, **files: str) -> str:
    """An image of a base and files; -> its name."""
    folder = box.flow.place.root / "base"
    folder.mkdir(exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text)
        (folder / file).chmod(0o755)
    (folder / "Dockerfile").write_text(box.text(dockerfile))
    box.engine("build", "--tag", name, str(folder))
    return name


def package(folder: Path, name: str) -> None:
    """A Debian package with one command of its name."""
    root = folder / "root" / name
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: a test\n"
    )
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / f"{name}-command").write_text(f"#!/bin/sh\necho I am {name}\n")
    (root / "usr" / "bin" / f"{name}-command").chmod(0o755)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", str(root), str(folder)],
        check=True,
        capture_output=True,
    )


def debian_with_a_repository(box: Box) -> str:
    """The Debian base, with a package source of its own: a directory with two packages."""
    folder = box.flow.place.root / "base" / "repository"
    folder.mkdir(parents=True)
    index = ""
    for name in ("first", "second"):
        package(folder, name)
        (file,) = folder.glob(f"{name}_*.deb")
        control = subprocess.run(
            ["dpkg-deb", "-f", str(file)], check=True, capture_output=True, text=True
        ).stdout
        digest = subprocess.run(["sha256sum", file], check=True, capture_output=True, text=True)
        index += f"{control}Filename: ./{file.name}\nSize: {file.stat().st_size}\n"
        index += f"SHA256: {digest.stdout.split()[0]}\n\n"
    (folder / "Packages").write_text(index)
    return base_with(
        box,
        "nixc-apt:1",
        "FROM DEBIAN\nCOPY repository /repository\n"
        "RUN echo 'deb [trusted=yes] file:/repository ./' > /etc/apt/sources.list\n",
    )


def test_packages_by_apt_are_installed_once(box: Box) -> None:
    image = debian_with_a_repository(box)
    text = f"""
        executor box = oci {{ engine = "ENGINE", image = "{image}", extraPackages = ["second"] }}
        workflow w {{
          job j {{
            executor = box
            step "s" {{
              deps = ["first:first-command", "sed"]
              run  = "first-command; second-command"
            }}
          }}
        }}
    """
    before = set(built(box))
    first = box(text)
    (made,) = set(built(box)) - before
    second = box(text)
    for run in (first, second):
        assert run.output() == ["I am first", "I am second"], run.text
    assert set(built(box)) - before == {made}
    third = box(text.replace('["second"]', '["second", "first"]'))
    assert third.output() == ["I am first", "I am second"]
    assert len(set(built(box)) - before) == 2
    assert box.engine.containers() == []


def built(box: Box) -> list[str]:
    """Tag and id of each image that was built, with the time it was made."""
    kind = "{{.Repository}}:{{.Tag}} {{.ID}} {{.CreatedAt}}"
    listing = box.engine("images", "--format", kind)
    return [line for line in listing.splitlines() if "nixactions:" in line]


def test_a_package_that_there_is_not(box: Box) -> None:
    image = debian_with_a_repository(box)
    run = box.one(f'image = "{image}", extraPackages = ["no-such-package"]', '"true"')
    assert run.jobs == {"j": "failure"}
    assert "Unable to locate package no-such-package" in run.text
    assert "could not be built" in run.text


#: What calls the package manager of a base like; the stand-ins record it, no archive is at hand.
_CALLS = {
    "apk": "add --no-cache one two",
    "dnf": "install -y one two",
    "microdnf": "install -y one two",
    "zypper": "--non-interactive install --no-recommends one two",
    "pacman": "-Syu --noconfirm --needed one two",
}


@pytest.mark.parametrize("manager", _CALLS)
def test_other_package_managers_are_called_as_they_want(box: Box, manager: str) -> None:
    """On stand-ins, which write down how they were called."""
    image = base_with(
        box,
        f"nixc-{manager}:1",
        f"FROM DEBIAN\nRUN rm /usr/bin/apt-get\nCOPY {manager} /usr/bin/{manager}\n",
        **{manager: '#!/bin/sh\necho "$*" >>/calls\n'},
    )
    run = box.one(f'image = "{image}", extraPackages = ["one", "two"]', '"head -n 1 /calls"')
    assert run.output() == [_CALLS[manager]], run.text


def test_a_base_with_a_package_manager_gets_its_bash(box: Box) -> None:
    """On a stand-in for apk, which brings the bash that stands beside it."""
    static = (
        "#!/bin/sh\ncp /kept/bash /usr/bin/bash; cp -a /kept/lib /kept/lib64 / 2>/dev/null; :\n"
    )
    image = base_with(
        box,
        "nixc-no-bash:1",
        "FROM DEBIAN\nRUN mkdir /kept && mv /usr/bin/bash /kept/bash\nCOPY apk /usr/bin/apk\n"
        "RUN rm /usr/bin/apt-get\n",
        apk=static,
    )
    run = box.one(f'image = "{image}"', '"echo there is a bash"')
    assert run.output() == ["there is a bash"], run.text


def test_the_user_of_the_base_stays(box: Box) -> None:
    image = base_with(box, "nixc-user:1", "FROM DEBIAN\nUSER ci\n")
    run = box.one(f'image = "{image}"', '"id -u; touch x"')
    assert run.output() == ["1234"], run.text
    image = base_with(
        box,
        "nixc-user-apk:1",
        "FROM DEBIAN\nRUN rm /usr/bin/apt-get\nCOPY apk /usr/bin/apk\nUSER ci\n",
        apk="#!/bin/sh\nid -u >/installer\n",
    )
    run = box.one(f'image = "{image}", extraPackages = ["x"]', '"id -u; cat /installer"')
    assert run.output() == ["1234", "0"], run.text
    assert os.getuid() == 0


def test_a_build_that_is_cancelled(box: Box) -> None:
    number = f"94{time.time_ns() % 10**9}"
    image = base_with(
        box,
        "nixc-slow:1",
        "FROM DEBIAN\nRUN rm /usr/bin/apt-get\nCOPY apk /usr/bin/apk\n",
        apk=f"#!/bin/sh\nsleep {number}\n",
    )
    before = built(box)
    running = box.start(f"""
        executor box = oci {{ engine = "ENGINE", image = "{image}", extraPackages = ["x"] }}
        workflow w {{
          job j {{
            executor = box
            run "true"
          }}
        }}
    """)
    wait_for(lambda: processes_with(f"sleep {number}"), "the build")
    running.send(signal.SIGTERM)
    run = running.end()
    assert run.jobs == {"j": "cancelled"}
    wait_for(lambda: processes_with(f"sleep {number}") == [], "the end of the build")
    # The daemon takes its builder's container away when it finds that nobody waits for it.
    wait_for(lambda: box.engine.containers() == [], "the end of the builder's container")
    assert built(box) == before
