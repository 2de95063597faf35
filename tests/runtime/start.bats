load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  # A script as the compiler links it: start.sh first, then what must not be disturbed.
  {
    echo '#!/usr/bin/env bash'
    cat "$BATS_TEST_DIRNAME/../../runtime/core/start.sh"
    cat <<'END'
nxa_show() {
  local nxa_words nxa_a nxa_b
  nxa_words='a b' nxa_a='x&y' nxa_b='&'
  # shellcheck disable=SC2086
  set -- $nxa_words
  read -r nxa_line <<<'  read  '
  mkdir made && cd made && [ "$#" = 2 ] && test -d . && printf '%s|%s|%s|%s\n' "$#" "$nxa_line" "${nxa_a//y/$nxa_b}" "${1#[!b]}"
  echo one >file && echo two >file && echo *
  false | true
  echo "status $? functions $(declare -F | grep -v 'nxa_' | wc -l | tr -d ' ')"
}
nxa_show
END
  } >script
  expected='2|read|x&&|
file
status 0 functions 0'
}

shells() {
  IFS=: read -r -a shells <<<"$(command -v bash):${NIXC_TEST_BASHES-}"
}

# clean VARIABLE=VALUE… : the script says what it should, on a clean standard error unless told otherwise. A bash 4.2
# without its patches takes BASH_FUNC_… for functions of that very name, and may say so before it reads a script.
clean() {
  local shell got
  shells
  for shell in "${shells[@]}"; do
    rm -rf made
    got=$(env -i PATH="$PATH" "$@" "$shell" script 2>errors) || { cat errors; return 1; }
    [ "$got" = "$expected" ] || { printf '%s: got\n%s\n' "$shell" "$got"; cat errors; return 1; }
    case $("$shell" -c 'echo "$BASH_VERSION"') in
    4.2.*) grep -v ' BASH_FUNC_\|`BASH_FUNC_' errors >said || : ;;
    *) cp errors said ;;
    esac
    [ -n "${noise-}" ] || ! [ -s said ] || { echo "$shell:"; cat errors; return 1; }
  done
}

# exporting FUNCTION… : the same where the caller exports functions of these names.
exporting() {
  local name
  for name; do
    clean "BASH_FUNC_$name%%=() { echo feigned $name; exit 9; }" || { echo "exported: $name"; return 1; }
  done
}

@test "in a clean environment" {
  clean
}

@test "exported functions do not replace commands" {
  exporting mkdir cd echo read '[' test printf grep tr
}

@test "exported functions do not replace what gets rid of them" {
  exporting unset set export builtin command declare local shopt eval shift unalias trap
}

@test "exported functions do not replace special builtins" {
  exporting wait exec exit return true false : . break
}

@test "a function that is exported in the environment itself, of any name" {
  clean 'BASH_FUNC_mkdir%%=() { echo feigned; }' 'BASH_FUNC_a-b.c%%=() { echo feigned; }' 'BASH_FUNC_*%%=() { echo feigned; }'
}

@test "options of the caller's shell, one by one" {
  local option
  for option in allexport braceexpand emacs errexit errtrace functrace hashall histexpand history keyword monitor \
    noclobber noglob nounset physical pipefail; do
    clean SHELLOPTS="$option" || { echo "SHELLOPTS=$option"; return 1; }
  done
}

@test "options that make a shell print or keep to POSIX" {
  noise=1
  clean SHELLOPTS=xtrace
  clean SHELLOPTS=verbose
  clean SHELLOPTS=xtrace:errexit:nounset:noglob:noclobber:posix
  noise=''
  clean SHELLOPTS=posix
  clean POSIXLY_CORRECT=1
}

@test "shopt options of the caller's shell" {
  clean BASHOPTS=nullglob:failglob:dotglob:extglob:nocaseglob:nocasematch
  clean BASHOPTS=compat31:compat32:compat40:compat41:compat42
  clean BASHOPTS=patsub_replacement:xpg_echo:expand_aliases
}

@test "variables that steer a shell" {
  clean IFS=ae CDPATH=/:/tmp GLOBIGNORE='*' ENV=/nonexistent
  clean BASH_COMPAT=3.1
  clean BASH_COMPAT=42
  clean FUNCNEST=1 TMOUT=1
  clean EXECIGNORE='*'
}

@test "nothing that steers a shell is handed on" {
  local shell left
  echo 'env' >>script
  shells
  for shell in "${shells[@]}"; do
    rm -rf made
    left=$(env -i PATH="$PATH" IFS=x CDPATH=/tmp ENV=/e GLOBIGNORE=x GREP_OPTIONS=-v TAPE=x TAR_OPTIONS=-v POSIX_ME_HARDER=1 \
      BASH_COMPAT=42 FUNCNEST=100 TMOUT=900 EXECIGNORE=/x SHELLOPTS=braceexpand BASHOPTS=sourcepath NXA_OTHER=2 nxa_other=3 \
      "$shell" script | grep -E '^(IFS|CDPATH|ENV|GLOBIGNORE|GREP_OPTIONS|TAPE|TAR_OPTIONS|POSIX.*|BASH_COMPAT|FUNCNEST|TMOUT|EXECIGNORE|SHELLOPTS|BASHOPTS|NXA_.*|nxa_.*)=') || true
    [ -z "$left" ] || { printf '%s hands on:\n%s\n' "$shell" "$left"; return 1; }
  done
}

@test "POSIXLY_CORRECT is the caller's: it stays as it was for the steps" {
  local shell
  echo 'echo "posix ${POSIXLY_CORRECT-unset}"; shopt -o posix' >>script
  shells
  for shell in "${shells[@]}"; do
    rm -rf made
    [ "$(env -i PATH="$PATH" "$shell" script | tail -n 2 | tr -s '\t\n ' ' ')" = 'posix unset posix off ' ]
  done
}

@test "BASH_ENV: functions, aliases, traps and options that it sets" {
  cat >bashenv <<'END'
mkdir() { echo feigned; }
function [ { echo feigned; }
set -f -o noclobber -o pipefail
IFS=abc
trap 'echo feigned' RETURN ERR EXIT
shopt -s expand_aliases nullglob extglob
alias echo='echo feigned' nxa_show='echo feigned' shopt='echo feigned' unset='echo feigned' set='echo feigned' printf='false'
END
  clean BASH_ENV="$PWD/bashenv" 2>&1
}

@test "another shell hands the script to bash" {
  local shell
  for shell in 'dash' 'busybox sh'; do
    command -v "${shell%% *}" >/dev/null || without " ${shell%% *}"
    rm -rf made
    [ "$($shell script)" = "$expected" ]
  done
}

@test "another shell without bash, or on standard input, says how to run it" {
  local dash
  dash=$(command -v dash) || without ' dash'
  mkdir empty
  run env PATH="$PWD/empty" "$dash" script
  [ "$status" = 3 ]
  [ "$output" = 'this script needs bash 3.2 or newer: run it as: bash script' ]
  run "$dash" <script
  [ "$status" = 3 ]
  case $output in 'this script needs bash 3.2 or newer: '*) ;; *) echo "$output"; return 1 ;; esac
}
