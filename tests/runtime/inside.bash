# Usage: bash inside.bash BODY FILE…; started by helper.bash
# Links the runtime files as the compiler does, then runs a test's body in the current directory.
# What a body can use:
#   is ACTUAL EXPECTED      ends the test unless the texts are equal
#   holds COMMAND…          … unless the command's status is 0
#   fails STATUS COMMAND…   … unless its status is STATUS
#   has TEXT PART           … unless PART stands in TEXT
#   try COMMAND…            in a subshell; sets `said` (all it printed) and `status`
#   $root                   the checkout
#   $shell                  the shell under test

root=${BASH_SOURCE[0]%/tests/runtime/*} shell=$BASH place=$PWD
. "$root/runtime/core/start.sh"
# As nxa_keep_locale sets it; nobody exports it.
LC_ALL=C

linked=' '
# link FILE…: each file once, after those of its header.
link() {
  local file
  for file; do
    case $linked in *" $file "*) continue ;; esac
    linked="$linked$file "
    # shellcheck disable=SC2046  # names of files, separated by blanks
    link $(sed -n 's/^# Requires://p' "$root/runtime/$file")
    case $file in
    *.sh) . "$root/runtime/$file" ;;
    */collector.pl) NXA_COLLECTOR_PL=$(cat "$root/runtime/$file") ;;
    */relay.pl) NXA_RELAY_PL=$(cat "$root/runtime/$file") ;;
    */pass.pl) NXA_PASS_PL=$(cat "$root/runtime/$file") ;;
    *.awk) NXA_IGNORE_AWK=$(cat "$root/runtime/$file") ;;
    esac
  done
}

# miss WORD…: ends the test, also where a subshell swallows the status.
miss() {
  printf 'line %s:' "${BASH_LINENO[1]}" >&2
  printf ' %s' "$@" >&2
  printf '\n' >&2
  : >"$place.failed"
  exit 1
}

is() { [ "$1" = "$2" ] || miss "$(printf 'got %q, not %q' "$1" "$2")"; }
has() { case $1 in *"$2"*) ;; *) miss "$(printf 'no %q in %q' "$2" "$1")" ;; esac }
holds() { "$@" || miss "status $? of" "$@"; }

fails() {
  local wanted=$1 got
  shift
  "$@"
  got=$?
  [ "$got" = "$wanted" ] || miss "status $got, not $wanted, of" "$@"
}

try() {
  said=$("$@" 2>&1)
  status=$?
}

body=$1
shift
link "$@"
. "$body"
: >"$place.ended"
