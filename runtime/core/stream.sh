# Usage: nx_emit RECORD FIELD…; in a job: writes one event into the job's stream
# Requires: core/text.sh
# A job's stream is what its steps print, byte for byte, with records between: the run's token, a kind
# and fields. The token stands only where a record begins, wherever in a line that is, so an
# unterminated last line of a step stays what it was.
# shellcheck shell=bash

# nx_emit KIND [FIELD…]: one record, in one write.
nx_emit() {
  local nx_record=$NX_TOKEN$1 nx_field
  shift
  for nx_field; do
    nx_encode "$nx_field"
    nx_record=$nx_record$NX_SEPARATOR$NX_ENCODED
  done
  printf '%s\n' "$nx_record"
}

# nx_warn MESSAGE: a warning in the job's log.
nx_warn() {
  nx_emit warning "$1"
}
