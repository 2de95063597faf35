"""The runtime keeps to what bash 3.2 and every user land have."""

from __future__ import annotations

import re

import pytest

from tests.harness import ROOT

#: What is forbidden, and why or what instead.
FORBIDDEN = {
    r"\b(declare|local|typeset) -[a-zA-Z]*A": "associative arrays: bash 4",
    r"\b(mapfile|readarray)\b": "bash 4",
    r"\$\{[A-Za-z_][A-Za-z0-9_]*(\[[^]]*\])?(,,?|\^\^?)\}": "case changes: bash 4",
    r"\$\{[^}]*@[A-Za-z]\}": "transformations: bash 4.4",
    r"\bwait\b[^;&|]* -[a-z]*[np]": "bash 4.3",
    r"\b(local|declare|typeset) -[a-zA-Z]*n": "namerefs: bash 4.3",
    r"\bcoproc\b": "bash 4",
    r"&>>": "bash 4",
    r"\|&": "bash 4",
    r";;?&": "bash 4",
    r"\bshopt -s (globstar|lastpipe|inherit_errexit)\b(?! 2>/dev/null)": "bash 4 and newer",
    r"\[\[? -v ": "bash 4.2",
    r"\$\{[A-Za-z_]+\[-[0-9]+\]\}": "negative subscripts: bash 4.3",
    r"\{[A-Za-z_]+\}[<>]": "allocated descriptors: bash 4.1",
    r"\bexec +[A-Za-z\"$][^;&|]* [3-9][<>]": "bash 3.2 hands a copy on: by itself, before",
    r"[<>]&\"?\$": "bash 4.0 to 5.0 print it as &> where a function is sent",
    r"(^|[;&|(]|\bthen|\bdo|\belse)\s*\\?eval ": "no eval of data, ever",
    r"\btimeout\b +-?[0-9k\"$]": "not everywhere; the runtime has its own",
    r"\breadlink -f\b": "not on every BSD",
    r"\brealpath\b": "not everywhere",
    r"\bdate [^|;)]*%[0-9]*N": "GNU only",
    r"\bsed -i\b": "differs between GNU and BSD",
    r"\bstat -[cf]\b": "differs between GNU and BSD",
    r"\bgrep -[a-zA-Z]*P": "GNU only",
    r"\bxargs -[a-zA-Z]*[rd]\b": "GNU only",
    r"\bbase64 -w": "GNU only",
    r"\btac\b|\bnproc\b|\bshuf\b": "GNU only",
}

#: Newer than bash 3.2, or not on every system: allowed right below a test of whether it is there.
GUARDED = {
    r"printf[^|;]*%\([^)]*\)T": "BASH_VERSINFO",
    r"\$\{?EPOCHREALTIME(?!-)\b": "${EPOCHREALTIME-}",
    r"\$\{?EPOCHSECONDS(?!-)\b": "${EPOCHSECONDS-}",
    r"\$\{?BASHPID(?!-)\b": "${BASHPID-}",
    r"\bsetsid\b": "NXA_TERMINAL",
}

#: How many lines above a newer feature its test may stand.
REACH = 5

FILES = sorted((ROOT / "runtime").rglob("*.sh"))


def code_of(line: str) -> str:
    """A line without its comment."""
    return re.sub(r"(^|\s)#.*", "", line)


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_words_that_would_not_run_everywhere(file: object) -> None:
    path = ROOT / str(file)
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [
        f"{path.name}:{number}: {why}: {line.strip()}"
        for number, line in enumerate(lines, 1)
        for pattern, why in FORBIDDEN.items()
        if re.search(pattern, code_of(line))
    ]
    assert found == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_newer_features_stand_behind_a_test(file: object) -> None:
    path = ROOT / str(file)
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [
        f"{path.name}:{number + 1}: no test of {guard} above: {line.strip()}"
        for number, line in enumerate(lines)
        for pattern, guard in GUARDED.items()
        if re.search(pattern, code_of(line))
        and not any(guard in near for near in lines[max(0, number - REACH) : number + 1])
    ]
    assert found == []


def locals_of(line: str) -> list[str]:
    """The names that a line declares as local, IFS aside."""
    declared = re.search(r"(?:^|[;{]|\bdo|\bthen)\s*local\s+(.*)", line)
    if declared is None:
        return []
    # Values may hold blanks; without them a word is a name, or one with what is left of its value.
    words = re.sub(r"\$\(\(.*?\)\)|\$\([^)]*\)|'[^']*'|\"[^\"]*\"", "", declared.group(1))
    names = re.findall(r"(?<!\S)([A-Za-z_]\w*)(?==|\s|$)", words.split(";")[0])
    return [name for name in names if name != "IFS"]


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_locals_are_named_like_ours(file: object) -> None:
    """What a function calls sees its locals, and may be a user's condition or environment."""
    path = ROOT / str(file)
    found = [
        f"{path.name}:{number}: {name}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for name in locals_of(code_of(line))
        if not name.startswith("nxa_")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("  local nxa_a nxa_b=1 other", ["nxa_a", "nxa_b", "other"]),
        ("f() { local x=$1; echo $x; }", ["x"]),
        ("local -a list", ["list"]),
        ("local nxa_q='a b' word nxa_p=\"c d\" last=''", ["nxa_q", "word", "nxa_p", "last"]),
        ("local nxa_n=$((1 + a + 2)) nxa_m=$(cd b c) end", ["nxa_n", "nxa_m", "end"]),
        ("local IFS=$NXA_SEPARATOR nxa_c", ["nxa_c"]),
        ("echo local_name; nxa_local x", []),
        ("unset -f local test", []),
    ],
)
def test_locals_are_found(line: str, names: list[str]) -> None:
    assert locals_of(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "local -A seen",
        "echo ${name,,}",
        "wait -n",
        "exec {fd}>file",
        "cmd |& cat",
        'timeout 5 "$@"',
        'exec tee "$file" <fifo 4>&-',
        "date +%s.%N",
        'eval "$x"',
        "declare -gA t",
    ],
)
def test_the_patterns_find_what_they_are_for(line: str) -> None:
    assert any(re.search(pattern, code_of(line)) for pattern in FORBIDDEN)


@pytest.mark.parametrize(
    "line",
    [
        "local -a list",
        'echo "${name%,}" "${list[@]}"',
        "# wait -n would be bash 4.3",
        'wait "$pid"',
        "step_timeout=5",
        'job_timeout "$pid" 5',
        'exec 3>"$file" 2>&1',
        'exec 9<"$a" 7>&- 8>&-',
        'exec cat <"$a" 2>/dev/null',
        "case x in a) ;; esac",
        "date +%s",
    ],
)
def test_the_patterns_let_the_rest_be(line: str) -> None:
    assert not any(re.search(pattern, code_of(line)) for pattern in FORBIDDEN)
