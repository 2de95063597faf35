# Usage: nxa_pretty_event EVENT TEXT [KEY VALUE…] or nxa_pretty_output LINES, then nxa_pretty_write while holding the token
# Requires: core/text.sh core/prettytext.sh core/clean.sh core/closing.sh core/groups.sh
# The format pretty without a collector: what core/pretty.pl does, less the live status block, which wants one writer.
# NXA_PRETTY = what is to be written.
# shellcheck shell=bash

NXA_TAIL='' NXA_PRETTY_WIDTH='' NXA_STEPS_OPEN=0

# nxa_pretty_head KIND: NXA_HEAD = what stands before a line: the job, unless it is about the run, or the title of a group says it.
nxa_pretty_head() {
  local nxa_name
  nxa_look "$1"
  NXA_HEAD="$NXA_SIGN "
  [ -n "$NXA_EV_JOB" ] && [ -z "$NXA_GROUPED" ] || return 0
  [ -n "$NXA_PRETTY_WIDTH" ] || nxa_pretty_width
  printf -v nxa_name '%-*s' "$NXA_PRETTY_WIDTH" "$NXA_EV_JOB"
  nxa_paint "3$((${NXA_JOB:-0} % 6 + 1))" "$nxa_name"
  NXA_HEAD="$NXA_PAINTED $NXA_HEAD"
}

nxa_pretty_width() {
  local nxa_i nxa_length
  NXA_PRETTY_WIDTH=0
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    nxa_length=${#NXA_JOB_NAME[nxa_i]}
    [ -z "${NXA_SELECTED[nxa_i]-}" ] || [ "$nxa_length" -gt 30 ] || [ "$nxa_length" -le "$NXA_PRETTY_WIDTH" ] || NXA_PRETTY_WIDTH=$nxa_length
  done
}

# nxa_pretty_line KIND TEXT: NXA_PRETTY = one line.
nxa_pretty_line() {
  nxa_pretty_head "$1"
  nxa_flat "$2"
  NXA_PRETTY=$NXA_HEAD$NXA_FLAT$NXA_NEWLINE
}

# nxa_how TEXT: NXA_HOW = how a step or a job ended.
nxa_how() {
  local nxa_took=''
  nxa_lower_first "$1"
  NXA_HOW=$NXA_LOWER
  [ -z "$NXA_F_DURATION" ] || { nxa_span "$NXA_F_DURATION" && nxa_took=" ($NXA_SPAN)"; }
  case $NXA_F_STATUS in
  success) [ -z "$nxa_took" ] || NXA_HOW=${nxa_took# } ;;
  failure) NXA_HOW="failed${NXA_F_EXIT:+, exit $NXA_F_EXIT}$nxa_took${NXA_F_REASON:+: $NXA_F_REASON}" ;;
  esac
}

# --- what happens --------------------------------------------------------------------------------------

# nxa_pretty_output LINES: what a step printed.
nxa_pretty_output() {
  case $1 in
  *"$NXA_NEWLINE") nxa_clean "${1%?}" ;;
  *) nxa_clean "$1" ;;
  esac
  NXA_TAIL=$NXA_TAIL$NXA_CLEAN$NXA_NEWLINE
  [ "${#NXA_TAIL}" -le 65536 ] || NXA_TAIL=${NXA_TAIL:${#NXA_TAIL}-16384}
  NXA_PRETTY=$NXA_CLEAN$NXA_NEWLINE
  [ -z "$NXA_GROUPED" ] || return 0
  nxa_pretty_head output
  NXA_PRETTY=$NXA_HEAD${NXA_CLEAN//$NXA_NEWLINE/$NXA_NEWLINE$NXA_HEAD}$NXA_NEWLINE
}

# nxa_pretty_event EVENT TEXT [KEY VALUE…]
nxa_pretty_event() {
  NXA_PRETTY=''
  nxa_pretty_fields "${@:3}"
  case $1 in
  job_start) ;;
  workflow_start) nxa_pretty_begins ;;
  workflow_end) nxa_pretty_ends ;;
  step_start) nxa_pretty_step ;;
  step_retry)
    nxa_lower_first "$2"
    nxa_pretty_line retry "$NXA_EV_STEP: $NXA_LOWER"
    ;;
  step_end) nxa_pretty_step_ends "$2" ;;
  job_end) nxa_pretty_job_ends "$2" ;;
  executor_setup | executor_cleanup) [ "$NXA_F_STATUS" != failure ] || nxa_pretty_line warning "$2" ;;
  warning)
    nxa_pretty_line warning "$2"
    nxa_pretty_note warning "${NXA_EV_JOB:-$NXA_WORKFLOW}" "$NXA_F_MESSAGE"
    NXA_PRETTY=$NXA_PRETTY$NXA_NOTE
    ;;
  *) nxa_pretty_line told "$2" ;;
  esac
}

# nxa_pretty_fields KEY VALUE…: those that matter here.
nxa_pretty_fields() {
  NXA_F_STATUS='' NXA_F_EXIT='' NXA_F_REASON='' NXA_F_DURATION='' NXA_F_ATTEMPT='' NXA_F_MAX='' NXA_F_MESSAGE=''
  while [ $# -gt 0 ]; do
    case $1 in
    status) NXA_F_STATUS=$2 ;;
    exit_code) NXA_F_EXIT=$2 ;;
    reason) NXA_F_REASON=$2 ;;
    duration_ms) NXA_F_DURATION=$2 ;;
    attempt) NXA_F_ATTEMPT=$2 ;;
    max_attempts) NXA_F_MAX=$2 ;;
    message) NXA_F_MESSAGE=$2 ;;
    esac
    shift 2
  done
}

nxa_pretty_begins() {
  local nxa_i nxa_count=0
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    [ -z "${NXA_SELECTED[nxa_i]-}" ] || nxa_count=$((nxa_count + 1))
  done
  nxa_paint 1 "$NXA_WORKFLOW"
  NXA_PRETTY="$NXA_PAINTED: $nxa_count jobs$NXA_NEWLINE"
  [ "$nxa_count" != 1 ] || NXA_PRETTY="$NXA_PAINTED: 1 job$NXA_NEWLINE"
}

nxa_pretty_step() {
  NXA_TAIL=''
  # Steps at the same time are one group.
  [ "$NXA_F_ATTEMPT" != 1 ] || NXA_STEPS_OPEN=$((NXA_STEPS_OPEN + 1))
  if [ "$NXA_F_ATTEMPT" != 1 ]; then
    nxa_pretty_line running "$NXA_EV_STEP (attempt $NXA_F_ATTEMPT/$NXA_F_MAX)"
  elif [ -n "$NXA_SERVICE" ] && [ -z "$NXA_GROUPED" ]; then
    nxa_flat "$NXA_EV_JOB / $NXA_EV_STEP"
    nxa_group_begins "$NXA_FLAT"
  else
    nxa_pretty_line running "$NXA_EV_STEP"
  fi
}

# nxa_pretty_step_ends TEXT
nxa_pretty_step_ends() {
  local nxa_level=error
  nxa_how "$1"
  case $NXA_F_STATUS in
  success) nxa_pretty_line success "$NXA_EV_STEP $NXA_HOW" ;;
  *) nxa_pretty_line "$NXA_F_STATUS" "$NXA_EV_STEP: $NXA_HOW" ;;
  esac
  NXA_NOTE=''
  case $NXA_F_STATUS in
  failure | timeout)
    nxa_pretty_keep_tail
    [ -z "${NXA_JOB_TOLERATED[NXA_JOB]-}" ] || nxa_level=warning
    nxa_pretty_note "$nxa_level" "$NXA_EV_JOB / $NXA_EV_STEP" "$NXA_HOW"
    ;;
  esac
  NXA_TAIL=''
  [ -z "$NXA_F_ATTEMPT" ] || NXA_STEPS_OPEN=$((NXA_STEPS_OPEN - 1))
  if [ -n "$NXA_GROUPED" ] && [ "$NXA_STEPS_OPEN" = 0 ]; then
    nxa_group_ends "$NXA_NOTE"
  else
    NXA_PRETTY=$NXA_PRETTY$NXA_NOTE
  fi
}

# nxa_pretty_job_ends TEXT: its steps have said what is usual.
nxa_pretty_job_ends() {
  local nxa_open=$NXA_GROUPED nxa_level=''
  # Where its runner died in the middle of a step, the group ends here, and what is said now stands below it.
  NXA_GROUPED='' NXA_NOTE=''
  nxa_pretty_kind
  nxa_pretty_keep_end
  case $NXA_KIND_OF_END${NXA_F_REASON:+ } in
  success | failure) ;;
  *)
    nxa_how "$1"
    [ "$NXA_KIND_OF_END" != tolerated ] || NXA_HOW="tolerated: $NXA_HOW"
    case "$NXA_KIND_OF_END$NXA_F_REASON" in
    failure?* | timeout*) nxa_level=error ;;
    tolerated?*) nxa_level=warning ;;
    esac
    [ -z "$nxa_level" ] || nxa_pretty_note "$nxa_level" "$NXA_EV_JOB" "$NXA_HOW"
    nxa_pretty_line "$NXA_KIND_OF_END" "$NXA_HOW"
    NXA_PRETTY=$NXA_PRETTY$NXA_NOTE
    ;;
  esac
  [ -z "$nxa_open" ] || nxa_group_broken
}

# nxa_pretty_kind: NXA_KIND_OF_END = the job's status, or what makes it another for people.
nxa_pretty_kind() {
  local nxa_i
  NXA_KIND_OF_END=$NXA_F_STATUS
  case "$NXA_F_STATUS $NXA_F_REASON" in
  'success kept') NXA_KIND_OF_END=kept ;;
  failure* | timeout*)
    for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
      [ "${NXA_JOB_NAME[nxa_i]}" != "$NXA_EV_JOB" ] || [ -z "${NXA_JOB_TOLERATED[nxa_i]-}" ] || NXA_KIND_OF_END=tolerated
    done
    ;;
  esac
}
