"""What the set-up actions say of versions, and what they leave to later steps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, Run
from tests.e2e.std import projects
from tests.project.test_userlands import bash_and_links

NeedsTool = Callable[[str], str]

#: Stand-ins that say to be of a version, as the tools do, and the words for them.
VERSIONED = {
    "node": ("node", "v20.11.1", "20.11.1", "Node.js"),
    "rust": ("rustc", "rustc 1.75.0 (82e1608df 2023-12-21)", "1.75.0", "Rust"),
    "go": ("go", "go version go1.22.3 linux/amd64", "1.22.3", "Go"),
}


def use(flow: Flow, module: str, call: str, then: str = "true", **env: str) -> Run:
    return flow(
        f"""
        import "std:{module}" as {module}
        workflow w {{
          job j {{
            use {module}.{call} {{
              deps = []
            }}
            run '{then}'
          }}
        }}
        """,
        env={**projects.environment(), **env},
        timeout=120,
    )


@pytest.fixture
def path(flow: Flow) -> Callable[[str, str], str]:
    """Puts a stand-in that prints a text before everything else on PATH, and gives that PATH."""

    def put(name: str, text: str) -> str:
        folder = flow.place.root / "bin"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(f"#!/bin/sh\necho '{text}'\n")
        (folder / name).chmod(0o755)
        return f"{folder}:{flow.place.environment({})['PATH']}"

    return put


@pytest.mark.parametrize("module", VERSIONED)
@pytest.mark.parametrize("form", ["{}", "v{}", "{}.x"])
def test_a_version_is_a_prefix(
    module: str, form: str, flow: Flow, path: Callable[[str, str], str]
) -> None:
    name, said, version, _ = VERSIONED[module]
    if form == "v{}":
        form = {"node": "v{}", "go": "go{}", "rust": "{}"}[module]
    parts = version.split(".")
    for count in range(1, 4 if form != "{}.x" else 3):
        wanted = form.format(".".join(parts[:count]))
        ran = use(flow, module, f'setup(version = "{wanted}")', PATH=path(name, said))
        assert ran.status == 0, ran.text


@pytest.mark.parametrize("module", VERSIONED)
@pytest.mark.parametrize("wanted", ["99", "{}0", "{}.1"])
def test_a_wrong_version_is_told(
    module: str, wanted: str, flow: Flow, path: Callable[[str, str], str]
) -> None:
    name, said, version, word = VERSIONED[module]
    wanted = wanted.format(version)
    ran = use(flow, module, f'setup(version = "{wanted}")', PATH=path(name, said))
    assert ran.status == 1
    head, *how = ran.output()
    assert head.startswith(f"{module}.setup: wanted {word} {wanted}, found {version}")
    assert any("Install it" in line for line in how)


@pytest.mark.parametrize("module", VERSIONED)
def test_a_stand_in_without_a_version_is_no_tool(
    module: str, flow: Flow, path: Callable[[str, str], str]
) -> None:
    """As version managers have them before a version is chosen."""
    name, _, _, word = VERSIONED[module]
    search = path(name, "")
    (flow.place.root / "bin" / name).write_text("#!/bin/sh\necho no version is set >&2\nexit 126\n")
    ran = use(flow, module, "setup()", PATH=search)
    assert ran.status == 1
    assert ran.output()[0].startswith(f"{module}.setup: wanted {word}, found none")


@pytest.mark.parametrize("module", [*VERSIONED, "python"])
def test_a_version_is_numbers(module: str, flow: Flow) -> None:
    ran = use(flow, module, 'setup(version = ">=3")')
    assert ran.status == 1
    (line,) = ran.output()
    assert line.startswith(f"{module}.setup: version is numbers and dots, such as ")
    assert line.endswith(", not '>=3'")


@pytest.fixture
def box(flow: Flow, needs_tool: NeedsTool) -> str:
    """A PATH with bash and what BusyBox has."""
    busybox = needs_tool("busybox")
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    return str(bash_and_links(flow.place.root / "box", busybox, listed.stdout.split()))


@pytest.mark.parametrize("module", [*VERSIONED, "python"])
def test_a_tool_that_is_not_there_is_told(module: str, flow: Flow, box: str) -> None:
    ran = use(flow, module, 'setup(version = "3")', PATH=box)
    assert ran.status == 1
    head, *how = ran.output()
    assert head.endswith(" 3, found none")
    assert any("Install it" in line for line in how)


@pytest.mark.parametrize("module", [*VERSIONED, "python"])
def test_without_its_tool_a_run_does_not_start(module: str, flow: Flow, box: str) -> None:
    text = f'import "std:{module}" as m\nworkflow w {{\n  job j {{\n    use m.setup()\n  }}\n}}'
    ran = flow(text, env={"PATH": box})
    assert ran.status == 3
    assert "command not found: " in ran.stderr


def test_node_modules_bin_is_on_the_path(
    flow: Flow, path: Callable[[str, str], str], needs_tool: NeedsTool
) -> None:
    needs_tool("npm")
    tool = flow.say("node_modules/.bin/tool", "#!/bin/sh\necho from here\n")
    tool.chmod(0o755)
    assert use(flow, "node", "setup()", "tool").output()[-1] == "from here"


# --- Python ------------------------------------------------------------------------------------


def test_python_is_in_an_environment_of_the_job(flow: Flow) -> None:
    ran = use(
        flow, "python", "setup()", 'python3 -c "import sys; print(sys.prefix)"; command -v pip'
    )
    assert ran.status == 0, ran.text
    prefix, pip = ran.output()[-2:]
    assert prefix.endswith("/jobs/j/.venv")
    assert pip == f"{prefix}/bin/pip"


def test_an_environment_that_was_copied_is_made_anew(flow: Flow) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", flow.place.repo / ".venv"])
    flow.say(".venv/bin/stale", "#!/bin/sh\n").chmod(0o755)
    ran = use(flow, "python", "setup()", "command -v stale pip || true")
    assert ran.output()[-1].endswith("/jobs/j/.venv/bin/pip")


def test_a_directory_that_is_no_environment_is_kept(flow: Flow) -> None:
    flow.say("src/a.py")
    ran = use(flow, "python", 'setup(venv = "src")')
    assert ran.status == 1
    assert "/src is there and is no virtual environment" in ran.output()[-1]


def test_the_python_that_fits_is_taken(flow: Flow, needs_tool: NeedsTool) -> None:
    """`python3` is of another version, and a stand-in of a version manager has none."""
    real = needs_tool("python3")
    minor = ".".join(map(str, sys.version_info[:2]))
    folder = flow.place.root / "bin"
    folder.mkdir()
    for name, text in {"python3": "echo 3.99.0", f"python{minor}": f'exec {real} "$@"'}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    search = f"{folder}:{flow.place.environment({})['PATH']}"
    ran = use(flow, "python", f'setup(version = "{minor}")', "python3 --version", PATH=search)
    assert ran.status == 0, ran.text
    assert ran.output()[0].endswith(f"({folder}/python{minor})")
    assert ran.output()[-1].startswith(f"Python {minor}.")


def test_the_wrong_pythons_are_told(flow: Flow) -> None:
    ran = use(flow, "python", 'setup(version = "3.1")')
    version = ".".join(map(str, sys.version_info[:3]))
    assert ran.status == 1
    assert ran.output()[0].startswith(f"python.setup: wanted Python 3.1, found {version} (")


def test_without_an_environment_python3_is_used_as_it_is(flow: Flow) -> None:
    ran = use(flow, "python", 'setup(venv = "")', 'echo "${VIRTUAL_ENV-none}"; ls -A')
    assert (ran.status, ran.output()[1:]) == (0, ["none"])


def test_an_environment_that_cannot_be_made(flow: Flow, needs_tool: NeedsTool) -> None:
    """As Debian has it without python3-venv."""
    real = needs_tool("python3")
    folder = flow.place.root / "bin"
    folder.mkdir()
    text = f'#!/bin/sh\n[ "$2" != venv ] || exit 1\nexec {real} "$@"\n'
    (folder / "python3").write_text(text)
    (folder / "python3").chmod(0o755)
    search = f"{folder}:{flow.place.environment({})['PATH']}"
    ran = use(flow, "python", "setup()", PATH=search)
    assert ran.status == 1
    assert "apt-get install python3-venv" in ran.text


@pytest.fixture
def bare(flow: Flow) -> Path:
    """A virtual environment without pip or anything else."""
    folder = flow.place.root / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder / "bin"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('install(packages = "x")', "/bare/bin/python3 has no pip: put `use python.setup()` first"),
        ("test()", 'pytest is not installed: put `use python.install(packages = "pytest")` first'),
        ("lint()", 'ruff is not installed: put `use python.install(packages = "ruff")` first'),
        ("build()", 'build is not installed: put `use python.install(packages = "build")` first'),
    ],
)
def test_what_is_missing_is_told(call: str, said: str, flow: Flow, bare: Path) -> None:
    # A directory of that name is no package.
    flow.say("build/lib/x.py")
    ran = use(flow, "python", call, PATH=f"{bare}:{flow.place.environment({})['PATH']}")
    assert ran.status == 1
    assert ran.output()[-1].startswith(f"python.{call.partition('(')[0]}: ")
    assert ran.output()[-1].endswith(said)


@pytest.mark.parametrize(("answer", "status"), [("42", 0), ("41", 1)])
def test_tests_by_unittest(answer: str, status: int, flow: Flow, bare: Path) -> None:
    flow.say(
        "test_it.py",
        "import unittest\n\n\nclass It(unittest.TestCase):\n    def test_it(self):\n"
        f"        self.assertEqual({answer}, 42)\n",
    )
    search = f"{bare}:{flow.place.environment({})['PATH']}"
    ran = use(flow, "python", 'test(tool = "unittest", args = "-v test_it")', PATH=search)
    assert ran.status == status
    assert any("Ran 1 test" in line for line in ran.output())


def test_nothing_to_install_is_told(flow: Flow) -> None:
    ran = use(flow, "python", "install()")
    said = "python.install: no requirements.txt, pyproject.toml or setup.py here: "
    assert (ran.status, ran.output()) == (1, [said + "give requirements or packages"])


@pytest.mark.parametrize(
    ("call", "files", "words"),
    [
        ("install()", ["requirements.txt", "setup.py"], "-r requirements.txt"),
        ("install()", ["setup.py"], "."),
        ("install()", ["pyproject.toml"], "."),
        ('install(packages = "a  b[c]==1")', ["requirements.txt"], "a b[c]==1"),
        ('install(requirements = "dev deps.txt")', ["dev deps.txt"], "-r dev deps.txt"),
        (
            'install(requirements = "r", packages = "x", args = "--no-deps -U")',
            ["r"],
            "--no-deps -U -r r x",
        ),
    ],
)
def test_what_pip_is_told(
    call: str, files: list[str], words: str, flow: Flow, path: Callable[[str, str], str]
) -> None:
    for file in files:
        flow.say(file)
    search = path("python3", "")
    (flow.place.root / "bin" / "python3").write_text('#!/bin/sh\necho "$*"\n')
    ran = use(flow, "python", call, PATH=search)
    assert ran.output() == [f"-m pip install --disable-pip-version-check --no-input {words}"]


def test_a_checked_go_stays_the_one_that_runs(flow: Flow, path: Callable[[str, str], str]) -> None:
    env = {"PATH": path("go", VERSIONED["go"][1]), "GOTOOLCHAIN": "auto"}
    show = "echo $GOTOOLCHAIN"
    assert use(flow, "go", 'setup(version = "1")', show, **env).output()[-1] == "local"
    assert use(flow, "go", "setup()", show, **env).output()[-1] == "auto"


# --- what fails ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "file", "text", "call", "said"),
    [
        ("go", "main_test.go", "package main\nfunc  f() {\n}\n", "lint()", "main_test.go"),
        ("go", "main_test.go", "package main\n\nfunc broken(\n", "test()", "FAIL"),
        ("rust", "src/main.rs", "fn main() {\n    let x = 1;\n}\n", "lint()", "unused variable"),
        ("rust", "src/main.rs", "fn main() {}\n#[test]\nfn t() { panic!() }\n", "test()", "FAILED"),
        ("rust", "Cargo.lock", "version = 3\n", "install()", "--locked"),
        ("node", "package-lock.json", "{}", "install()", "npm ci"),
        ("node", "test.js", "process.exit(3)\n", "test()", ""),
        ("node", "package.json", "{}", "build()", 'Missing script: "build"'),
    ],
)
def test_what_the_tools_refuse_fails(
    module: str, file: str, text: str, call: str, said: str, flow: Flow, needs_tool: NeedsTool
) -> None:
    needs_tool({"go": "go", "rust": "cargo", "node": "npm"}[module])
    projects.fill(flow.place, module)
    flow.say(file, text)
    ran = use(flow, module, call)
    assert ran.jobs == {"j": "failure"}
    assert any(said in line for line in ran.output())


def test_arguments_reach_the_tool_as_words(flow: Flow, needs_tool: NeedsTool) -> None:
    needs_tool("npm")
    projects.fill(flow.place, "node")
    flow.say("test.js", "console.log(JSON.stringify(process.argv.slice(2)))\n")
    ran = use(flow, "node", 'test(args = "--a=* $(touch x)  b\\tc")', "ls")
    assert '["--a=*","$(touch","x)","b","c"]' in ran.output()
    assert "x" not in ran.output()
