# Usage: nx_emit RECORD FIELD…; in a job: writes one event into the job's stream
# Requires: core/text.sh
# A job's stream is what its steps print, byte for byte, with records between: the run's token, a kind
# and fields. The token stands only where a record begins, wherever in a line that is, so an
# unterminated last line of a step stays what it was.
# shellcheck shell=bash

# nx_emit KIND [FIELD…]: one record, in one write. Most fields need no encoding, which one look at all of
# them together tells; each byte counts, since a shell reads a pipe byte by byte.
nx_emit() {
  local IFS='' nx_record nx_field
  case $* in
  *[\\$NX_NEWLINE$NX_SEPARATOR]*)
    nx_record=$1
    shift
    for nx_field; do
      nx_encode "$nx_field"
      nx_record=$nx_record$NX_SEPARATOR$NX_ENCODED
    done
    ;;
  *) IFS=$NX_SEPARATOR nx_record=$* ;;
  esac
  printf '%s%s\n' "$NX_TOKEN" "$nx_record"
}

# nx_warn MESSAGE: a warning in the job's log.
nx_warn() {
  nx_emit warning "$1"
}
