# Usage: nx_filter JOB <stream; one for every job, outside of its process groups
# Requires: core/log.sh core/text.sh core/clock.sh
# Reads a job's stream, prints it in the chosen format, keeps what the job exports and, at its end,
# tells the scheduler the job's status. It ends at the `close` record and not at end of file, so what a
# step left behind cannot hang it; where the stream ends without one, the supervisor was killed.
# shellcheck shell=bash

# nx_filter JOB: status 0; one line to the scheduler on descriptor 7.
nx_filter() {
  local nx_job=$1 nx_line nx_kind nx_limit
  trap '' PIPE
  trap - TERM HUP USR1
  set -f
  LC_ALL=C
  NX_EV_JOB=${NX_JOB_NAME[nx_job]}
  NX_EV_STEP=''
  NX_RESULT='' NX_MISSING='' NX_REASON='' NX_BAD_SAVE=''
  nx_limit=${NX_JOB_TIMEOUT[nx_job]-}
  nx_log_where
  nx_clock
  NX_STARTED=$NX_NOW
  while IFS= read -r nx_line || [ -n "$nx_line" ]; do
    case $nx_line in
    *"$NX_TOKEN"*)
      nx_kind=${nx_line%%"$NX_TOKEN"*}
      [ -z "$nx_kind" ] || nx_log_output "$nx_kind" unterminated
      nx_record "${nx_line#*"$NX_TOKEN"}" || return 0
      ;;
    *) nx_log_output "$nx_line" ;;
    esac
  done
  nx_job_end failure 'the process that watches over this job was killed'
}

# nx_record TEXT: one record of the stream. Status 1 after the last.
nx_record() {
  local IFS=$NX_SEPARATOR
  # shellcheck disable=SC2086  # split at separators; globbing is off
  set -- $1
  unset IFS
  case $1 in
  job_start)
    NX_EV_EXECUTOR=$2
    nx_log job_start
    ;;
  step_start) nx_step_start "$3" "$4" "$5" ;;
  step_retry) nx_step_retry "${@:2}" ;;
  step_end) nx_step_end "${@:2}" ;;
  export) printf '%s=%s\n' "$2" "${3-}" >>"$NX_RUN_TMP/exports.$nx_job" ;;
  job_result) NX_RESULT=$2 ;;
  job_failed)
    NX_RESULT=failure
    nx_decode "$2"
    NX_REASON=$NX_DECODED
    ;;
  output_missing) NX_MISSING="$NX_MISSING $2" ;;
  output_failed) NX_BAD_SAVE="$NX_BAD_SAVE $2" ;;
  artifact_saved | artifact_restored | warning)
    nx_decode "$2"
    NX_EV_MESSAGE=$NX_DECODED
    nx_log "$1"
    ;;
  verdict)
    nx_verdict "$2" "${3-}"
    return 1
    ;;
  close)
    nx_close "$2"
    return 1
    ;;
  esac
}

nx_step_start() {
  nx_decode "$1"
  NX_EV_STEP=$NX_DECODED
  nx_log_where
  NX_EV_ATTEMPT=$2 NX_EV_MAX=$3
  nx_log step_start
}

# NAME STATUS EXIT ATTEMPT MAX DELAY BACKOFF REASON
nx_step_retry() {
  NX_EV_STATUS=$2 NX_EV_EXIT=$3 NX_EV_ATTEMPT=$4 NX_EV_MAX=$5 NX_EV_DELAY=$6 NX_EV_BACKOFF=$7
  nx_decode "${8-}"
  NX_EV_REASON=$NX_DECODED
  nx_log step_retry
}

# NAME STATUS EXIT DURATION ATTEMPT MAX LIMIT REASON
nx_step_end() {
  nx_decode "$1"
  NX_EV_STEP=$NX_DECODED
  nx_log_where
  NX_EV_STATUS=$2 NX_EV_EXIT=$3 NX_EV_DURATION=$4 NX_EV_LIMIT=${7-}
  [ "$5" = 0 ] || NX_EV_ATTEMPT=$5 NX_EV_MAX=$6
  nx_decode "${8-}"
  NX_EV_REASON=$NX_DECODED
  nx_log step_end
  NX_EV_STEP=''
  nx_log_where
}

# nx_close STATUS: the supervisor is done; STATUS is how the executor's process ended.
nx_close() {
  local nx_message
  if [ "$NX_RESULT" = success ] && [ -n "$NX_MISSING$NX_BAD_SAVE" ]; then
    NX_RESULT=failure
    nx_decode "${NX_MISSING# }"
    nx_message=$NX_DECODED
    NX_REASON="artifact not made: $nx_message"
    if [ -n "$NX_BAD_SAVE" ]; then
      nx_decode "${NX_BAD_SAVE# }"
      NX_REASON="artifact could not be saved: $NX_DECODED"
    fi
  fi
  case $NX_RESULT in
  '') nx_job_end failure "the job runner ended without a result (exit status $1)" ;;
  *) nx_job_end "$NX_RESULT" "$NX_REASON" ;;
  esac
}

# nx_verdict holds|fails|cancelled|error [MESSAGE]: a job's condition has been evaluated.
nx_verdict() {
  case $1 in
  holds) printf 'verdict %s holds\n' "$nx_job" >&7 ;;
  cancelled) ;;
  fails) nx_job_end skipped "condition: ${NX_JOB_CONDITION_TEXT[nx_job]}" ;;
  *)
    nx_decode "$2"
    nx_job_end failure "$NX_DECODED"
    ;;
  esac
}

# nx_job_end STATUS REASON: the job's last event, and the line that the scheduler waits for.
nx_job_end() {
  nx_clock
  NX_EV_STATUS=$1 NX_EV_REASON=$2 NX_EV_LIMIT=$nx_limit NX_EV_STEP=''
  nx_log_where
  if [ "$1" != skipped ]; then
    NX_EV_DURATION=$((NX_NOW - NX_STARTED))
    NX_EV_EXIT=1
    [ "$1" != success ] || NX_EV_EXIT=0
  fi
  nx_log job_end
  printf 'done %s %s\n' "$nx_job" "$1" >&7
}
