# Usage: nx_filter <stream; one for every job (NX_JOB), outside of its process groups
# Requires: core/log.sh core/text.sh core/clock.sh
# Reads a job's stream, prints it in the chosen format, keeps what the job exports and, at its end,
# tells the scheduler the job's status. It ends at the `close` record and not at end of file, so what a
# step left behind cannot hang it; where the stream ends without one, the supervisor was killed.
# shellcheck shell=bash

# nx_filter: status 0; one line to the scheduler on descriptor 7.
nx_filter() {
  local nx_line nx_before
  trap '' PIPE
  trap - TERM HUP USR1 ALRM
  set -f
  LC_ALL=C
  NX_RESULT='' NX_MISSING='' NX_REASON='' NX_BAD_SAVE='' NX_BAD_EXPORT=''
  nx_log_about "${NX_JOB_NAME[NX_JOB]}"
  nx_clock
  NX_STARTED=$NX_NOW
  while IFS= read -r nx_line || [ -n "$nx_line" ]; do
    case $nx_line in
    *"$NX_TOKEN"*)
      nx_before=${nx_line%%"$NX_TOKEN"*}
      [ -z "$nx_before" ] || nx_log_output "$nx_before" unterminated
      nx_record "${nx_line#*"$NX_TOKEN"}" || return 0
      ;;
    *) nx_log_output "$nx_line" ;;
    esac
  done
  nx_clock
  nx_job_end failure 'the process that watches over this job was killed'
}

# nx_record TEXT: one record of the stream. Status 1 after the last.
nx_record() {
  local IFS=$NX_SEPARATOR
  nx_clock
  # shellcheck disable=SC2086  # split at separators; globbing is off
  set -- $1
  unset IFS
  case $1 in
  start) # STEP ATTEMPT MAX
    nx_log_step "${NX_STEP_NAME[$2]}"
    nx_log step_start Starting attempt "$3" max_attempts "$4"
    [ "$3" != 1 ] || NX_STEP_STARTED=$NX_NOW
    ;;
  end) nx_step_end "${@:2}" ;;
  retry) nx_step_retry "${@:2}" ;;
  job_start) nx_log job_start Starting executor "$2" ;;
  export) printf '%s=%s\n' "$2" "${3-}" >>"$NX_RUN_TMP/exports.$NX_JOB" || NX_BAD_EXPORT="$NX_BAD_EXPORT $2" ;;
  job_result) NX_RESULT=$2 ;;
  job_failed)
    NX_RESULT=failure
    nx_decode "${2-}"
    NX_REASON=$NX_DECODED
    ;;
  output_missing) NX_MISSING="$NX_MISSING $2" ;;
  output_failed) NX_BAD_SAVE="$NX_BAD_SAVE $2" ;;
  artifact_saved | artifact_restored | warning) nx_told "$1" "${2-}" ;;
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

# nx_told EVENT MESSAGE: events that are one message.
nx_told() {
  nx_decode "$2"
  case $1 in
  artifact_saved) nx_log "$1" "Saved artifact $NX_DECODED" message "$NX_DECODED" ;;
  artifact_restored) nx_log "$1" "Restored artifact $NX_DECODED" message "$NX_DECODED" ;;
  *) nx_log "$1" "Warning: $NX_DECODED" message "$NX_DECODED" ;;
  esac
}

# nx_step_end STEP STATUS EXIT ATTEMPT MAX REASON; a step that never started has neither attempt nor duration.
nx_step_end() {
  local nx_duration=''
  nx_decode "${6-}"
  if [ -n "$4" ]; then
    nx_duration=$((NX_NOW - NX_STEP_STARTED))
  else
    nx_log_step "${NX_STEP_NAME[$1]}"
  fi
  nx_end_text "$2" "$3" "$nx_duration" "$NX_DECODED" "${NX_STEP_TIMEOUT[$1]-}"
  nx_log step_end "$NX_TEXT" attempt "$4" max_attempts "$5" status "$2" exit_code "$3" \
    duration_ms "$nx_duration" reason "$NX_DECODED"
  nx_log_step ''
}

# nx_step_retry STEP STATUS EXIT ATTEMPT MAX DELAY BACKOFF REASON
nx_step_retry() {
  nx_short_seconds "$6"
  nx_decode "${8-}"
  nx_log step_retry "Retrying in $NX_SECONDS (attempt $4/$5, $7)${NX_DECODED:+: $NX_DECODED}" \
    attempt "$4" max_attempts "$5" status "$2" exit_code "$3" delay_ms "$6" reason "$NX_DECODED"
}

# nx_close STATUS: the supervisor is done; STATUS is how the executor's process ended.
nx_close() {
  local nx_message
  if [ "$NX_RESULT" = success ] && [ -n "$NX_BAD_EXPORT" ]; then
    NX_RESULT=failure
    NX_REASON="export could not be kept:$NX_BAD_EXPORT"
  elif [ "$NX_RESULT" = success ] && [ -n "$NX_MISSING$NX_BAD_SAVE" ]; then
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
  holds | cancelled) printf 'verdict %s %s\n' "$NX_JOB" "$1" >&7 ;;
  fails) nx_job_end skipped "condition: ${NX_JOB_CONDITION_TEXT[NX_JOB]}" ;;
  *)
    nx_decode "$2"
    nx_job_end failure "$NX_DECODED"
    ;;
  esac
}

# nx_job_end STATUS REASON: the job's last event, and the line that the scheduler waits for.
nx_job_end() {
  local nx_duration='' nx_exit=''
  nx_log_step ''
  if [ "$1" != skipped ]; then
    nx_duration=$((NX_NOW - NX_STARTED))
    nx_exit=1
    [ "$1" != success ] || nx_exit=0
  fi
  nx_end_text "$1" "$nx_exit" "$nx_duration" "$2" "${NX_JOB_TIMEOUT[NX_JOB]-}"
  nx_log job_end "$NX_TEXT" status "$1" exit_code "$nx_exit" duration_ms "$nx_duration" reason "$2"
  printf 'done %s %s\n' "$NX_JOB" "$1" >&7
}
