# Usage: nxa_emit RECORD FIELD…; in a job: writes one event into the job's stream
# Requires: core/text.sh
# A job's stream is what its steps print, byte for byte, with records between: the run's token, a kind
# and fields. The token stands only where a record begins, wherever in a line that is, so an
# unterminated last line of a step stays what it was.
# Records, with those that core/parallel.sh adds for the members of groups:
#   start STEP ATTEMPT MAX, retry …, end STEP STATUS EXIT ATTEMPT MAX REASON LIMIT    of a step, by its number
#   line STEP TEXT      a line of the stream of a member, as it is: records may stand in it, too. What it says is about
#                       that member, as far as its own records say so, and changes nothing for lines that are not its
#   last                the last record of a member's stream, which is not handed on
# shellcheck shell=bash

# nxa_emit KIND [FIELD…]: one record of the job's stream, in one write.
nxa_emit() {
  nxa_make_record "$NXA_MARK" "$@"
  printf '%s' "$NXA_RECORD"
}

# nxa_make_record MARK KIND [FIELD…]: NXA_RECORD = one record after MARK, with its line break. Most fields need no encoding, which
# one look at all of them together tells; each byte counts, since a shell reads a pipe byte by byte.
nxa_make_record() {
  local IFS='' nxa_mark=$1 nxa_record nxa_field
  shift
  case $* in
  *[\\$NXA_NEWLINE$NXA_SEPARATOR]*)
    nxa_record=$1
    shift
    for nxa_field; do
      nxa_encode "$nxa_field"
      nxa_record=$nxa_record$NXA_SEPARATOR$NXA_ENCODED
    done
    ;;
  *) IFS=$NXA_SEPARATOR nxa_record=$* ;;
  esac
  NXA_RECORD=$nxa_mark$nxa_record$NXA_NEWLINE
}

# nxa_warn MESSAGE: a warning in the job's log.
nxa_warn() {
  nxa_emit warning "$1"
}

# nxa_warn_lines FILE: what a tool said, as warnings.
nxa_warn_lines() {
  local nxa_line
  while IFS= read -r nxa_line || [ -n "$nxa_line" ]; do
    nxa_warn "$nxa_line"
  done <"$1"
}
