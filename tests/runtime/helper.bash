# Usage: load helper; then in each test: in_each_bash FILE… <<'END' … END
# A test's body does not run in bats' own shell, whose options and traps no script has, but as a built
# script runs: in a fresh shell with core/start.sh first and the named runtime files after what they
# require. It runs once for each shell: the bash on PATH and those of NIXC_TEST_BASHES (paths, separated
# by colons), each time in an empty directory. tests/runtime/inside.bash says what a body can use.
# Where bats itself runs in bash 3.2 it finds no end of a $(cat <<'BODY' … ) with an odd number of quotes: there, pipe into it.

here=$BATS_TEST_DIRNAME

# in_each_bash FILE… : runs standard input as the test's body, in every shell.
in_each_bash() {
  local body=$BATS_TEST_TMPDIR/body shell number=0 shells
  cat >"$body"
  IFS=: read -r -a shells <<<"$(command -v bash):${NIXC_TEST_BASHES-}"
  for shell in "${shells[@]}"; do
    run_body "$shell" "$PATH" "$BATS_TEST_TMPDIR/$number" "$body" "$@"
    number=$((number + 1))
  done
}

# in_each_userland FILE… : the same, and also with the commands of BusyBox and toybox.
in_each_userland() {
  local tools box missing=''
  in_each_bash "$@"
  for box in busybox toybox; do
    tools=$BATS_TEST_TMPDIR/$box
    if tools_of "$box" "$tools"; then
      run_body "$(command -v bash)" "$tools:$PATH" "$BATS_TEST_TMPDIR/with-$box" "$BATS_TEST_TMPDIR/body" "$@"
    else
      missing="$missing $box"
    fi
  done
  [ -z "$missing" ] || without "$missing"
}

# run_body SHELL PATH DIRECTORY BODY FILE…
run_body() {
  local shell=$1 path=$2 directory=$3
  shift 3
  mkdir "$directory"
  if ! (cd "$directory" && env -i PATH="$path" HOME="$directory" TMPDIR="$directory" \
    "$shell" "$here/inside.bash" "$@" </dev/null) || ! [ -e "$directory.ended" ] || [ -e "$directory.failed" ]; then
    echo "in $("$shell" -c 'echo "$BASH $BASH_VERSION"'), PATH=$path"
    return 1
  fi
}

# tools_of BOX DIRECTORY: fills it with links for the commands that the runtime starts, as far as BOX has them.
tools_of() {
  local box tool
  box=$(command -v "$1") || return 1
  mkdir "$2"
  for tool in awk chmod cmp date find grep id ls mkdir mkfifo mv ps rm sed sleep tar; do
    ! "$box" "$tool" --help >/dev/null 2>&1 || ln -s "$box" "$2/$tool"
  done
}

# without TOOLS: a test that lacks its tools is skipped by their names; where NIXC_NO_SKIPS=1 it fails.
without() {
  [ "${NIXC_NO_SKIPS-}" != 1 ] || {
    echo "not installed:$1"
    return 1
  }
  skip "not installed:$1"
}
