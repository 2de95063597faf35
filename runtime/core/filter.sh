# Usage: nxa_filter <stream; without a collector one for every job (NXA_JOB), outside of its process groups
# Requires: core/log.sh core/text.sh core/clock.sh core/process.sh
# Reads a job's stream, prints it in the chosen format, keeps what the job exports and, at its end,
# tells the scheduler the job's status. It ends at the `close` record and not at end of file, so what a
# step left behind cannot hang it; where the stream ends without one, the supervisor was killed.
# shellcheck shell=bash

# nxa_filter: status 0; one line to the scheduler on descriptor 7.
nxa_filter() {
  local nxa_line nxa_busy=0
  trap '' PIPE
  nxa_signals_back TERM HUP USR1 ALRM
  set -f
  LC_ALL=C
  # Substitution in bash 3 takes the square of the length.
  NXA_MORE_SECOND='' NXA_PART=7168
  case $BASH_VERSION in 3.*) NXA_PART=2048 ;; esac
  NXA_STEP_SINCE=() NXA_MEMBER_STEP=() NXA_MEMBER_JSON=() NXA_MEMBER_LINE=()
  NXA_JOB_RESULT='' NXA_LIMIT='' NXA_MISSING='' NXA_REASON='' NXA_BAD_SAVE='' NXA_BAD_EXPORT=''
  NXA_CACHE_MADE='' NXA_CACHE_ENTRY='' NXA_CACHE_LOST=''
  # shellcheck disable=SC2034  # read where secrets are masked
  NXA_UNENDED='' NXA_FILTERING=1
  nxa_log_about "${NXA_JOB_NAME[NXA_JOB]}"
  exec 6>>"$NXA_RUN_DIR/logs/$NXA_EV_JOB.log"
  nxa_clock
  NXA_STARTED=$NXA_NOW
  while IFS= read -r nxa_line; do
    nxa_take_up "$NXA_UNENDED$nxa_line$NXA_NEWLINE" || return 0
    NXA_UNENDED=''
    if nxa_more; then
      nxa_busy=$((nxa_busy + 1))
      [ "$nxa_busy" -lt 8 ] || nxa_take_blocks || return 0
    else
      nxa_busy=0
    fi
  done
  [ -z "$NXA_UNENDED$nxa_line" ] || nxa_take_up "$NXA_UNENDED$nxa_line" || return 0
  nxa_clock
  nxa_job_end failure 'the process that watches over this job was killed'
}

# nxa_more: is there more to read? Before bash 4 `read -t 0` does not tell; there it is taken for certain within the same second.
nxa_more() {
  case $BASH_VERSION in
  3.*)
    [ "$SECONDS" != "$NXA_MORE_SECOND" ] || return 0
    NXA_MORE_SECOND=$SECONDS
    return 1
    ;;
  *) read -r -t 0 ;;
  esac
}

# nxa_take_blocks: takes up what the pipe holds, as long as it holds any. A shell reads a pipe byte by byte, so where there is
# much, a process for each block costs less. NXA_UNENDED = the beginning of a line. Status 1 after the last record.
nxa_take_blocks() {
  local nxa_block nxa_at nxa_part nxa_lines
  while nxa_more; do
    {
      nxa_block=$(
        dd bs=65536 count=1
        printf x
      )
    } 2>/dev/null
    [ "${#nxa_block}" != 1 ] || return 0
    # Each expansion costs by the length of its text: from here on in parts, a little shorter than what is written at once.
    for ((nxa_at = 0; nxa_at < ${#nxa_block}; nxa_at += NXA_PART)); do
      nxa_part=${nxa_block:nxa_at:NXA_PART}
      [ $((nxa_at + NXA_PART)) -lt "${#nxa_block}" ] || nxa_part=${nxa_part%x}
      case $nxa_part in
      *"$NXA_NEWLINE"*)
        nxa_lines=${nxa_part%"$NXA_NEWLINE"*}
        nxa_part=${nxa_part:${#nxa_lines}+1}
        NXA_SIMPLE=$NXA_UNENDED$nxa_lines$NXA_NEWLINE
        NXA_UNENDED=$nxa_part
        case $NXA_SIMPLE in
        *"$NXA_TOKEN"*) nxa_take_up "$NXA_SIMPLE" || return 1 ;;
        *) nxa_log_output ;;
        esac
        ;;
      *) NXA_UNENDED+=$nxa_part ;;
      esac
    done
  done
  return 0
}

# nxa_take_up TEXT: records where the token stands, output between them. Status 1 after the last record.
nxa_take_up() {
  local nxa_text=$1
  while case $nxa_text in *"$NXA_TOKEN"*) true ;; *) false ;; esac do
    nxa_cut "$nxa_text" "$NXA_TOKEN"
    nxa_text=$NXA_CUT_REST
    NXA_SIMPLE=$NXA_CUT
    [ -z "$NXA_SIMPLE" ] || nxa_log_output
    nxa_cut "$nxa_text" "$NXA_NEWLINE"
    nxa_text=$NXA_CUT_REST
    nxa_record "$NXA_CUT" || return 1
  done
  NXA_SIMPLE=$nxa_text
  [ -z "$NXA_SIMPLE" ] || nxa_log_output
}

# nxa_record TEXT: one record of the stream. Status 1 after the last.
nxa_record() {
  local IFS=$NXA_SEPARATOR
  case $1 in line"$NXA_SEPARATOR"*)
    nxa_member_line "${1#line?}"
    return 0
    ;;
  esac
  nxa_clock
  # shellcheck disable=SC2086  # split at separators; globbing is off
  set -- $1
  unset IFS
  case ${1-} in
  start) # STEP ATTEMPT MAX
    nxa_log_step "${NXA_STEP_NAME[$2]}"
    nxa_log step_start Starting attempt "$3" max_attempts "$4"
    [ "$3" != 1 ] || NXA_STEP_SINCE[$2]=$NXA_NOW
    ;;
  end) nxa_step_end "${@:2}" ;;
  retry) nxa_step_retry "${@:2}" ;;
  job_start) nxa_filter_starts "${@:2}" ;;
  secret) # NAME VALUE
    nxa_hide_encoded "${3-}"
    nxa_secret_keep "${3-}"
    ;;
  export) printf '%s=%s\n' "$2" "${3-}" >>"$NXA_RUN_TMP/exports.$NXA_JOB" || NXA_BAD_EXPORT="$NXA_BAD_EXPORT $2" ;;
  job_result) NXA_JOB_RESULT=$2 ;;
  job_failed)
    NXA_JOB_RESULT=failure
    nxa_decode "${2-}"
    NXA_REASON=$NXA_DECODED
    ;;
  output_missing) NXA_MISSING="$NXA_MISSING $2" ;;
  output_failed) NXA_BAD_SAVE="$NXA_BAD_SAVE $2" ;;
  artifact_saved | artifact_restored | cache_hit | warning | debug) nxa_told "$1" "${2-}" ;;
  cache_made) nxa_cache_made "${@:2}" ;;
  verdict)
    nxa_verdict "$2" "${3-}"
    return 1
    ;;
  close)
    nxa_close "$2"
    return 1
    ;;
  esac
  # A record that could not be told is no reason to end.
  return 0
}

# nxa_member_line "STEP TEXT", with a separator: a line of the stream of a member of a group. What it is about is kept for
# each member.
nxa_member_line() {
  local IFS=' ' nxa_step=${1%%"$NXA_SEPARATOR"*} nxa_text=${1#*"$NXA_SEPARATOR"}
  NXA_MEMBER=.$nxa_step
  local nxa_about=$NXA_EV_STEP nxa_json=$NXA_JSON_WHERE nxa_where=$NXA_LINE_WHERE
  NXA_EV_STEP=${NXA_MEMBER_STEP[nxa_step]-} NXA_JSON_WHERE=${NXA_MEMBER_JSON[nxa_step]-$NXA_JSON_JOB}
  NXA_LINE_WHERE=${NXA_MEMBER_LINE[nxa_step]-$NXA_LINE_JOB}
  nxa_take_up "$nxa_text$NXA_NEWLINE"
  NXA_MEMBER_STEP[nxa_step]=$NXA_EV_STEP NXA_MEMBER_JSON[nxa_step]=$NXA_JSON_WHERE NXA_MEMBER_LINE[nxa_step]=$NXA_LINE_WHERE
  NXA_EV_STEP=$nxa_about NXA_JSON_WHERE=$nxa_json NXA_LINE_WHERE=$nxa_where NXA_MEMBER=''
}

# nxa_filter_starts EXECUTOR LIMIT STEP…: the job's timeout in ms, if any, and the names of its steps.
nxa_filter_starts() {
  local nxa_name
  NXA_LIMIT=$2 NXA_STEP_NAME=()
  for nxa_name in "${@:3}"; do
    nxa_decode "$nxa_name"
    NXA_STEP_NAME[${#NXA_STEP_NAME[@]}]=$NXA_DECODED
  done
  nxa_log job_start Starting executor "$1"
}

# nxa_told EVENT MESSAGE: events that are one message.
nxa_told() {
  nxa_decode "$2"
  case $1 in
  artifact_saved) nxa_log "$1" "Saved artifact $NXA_DECODED" message "$NXA_DECODED" ;;
  artifact_restored) nxa_log "$1" "Restored artifact $NXA_DECODED" message "$NXA_DECODED" ;;
  cache_hit) nxa_log "$1" "Restored cache $NXA_DECODED" message "$NXA_DECODED" ;;
  debug) nxa_log "$1" "Debug: $NXA_DECODED" message "$NXA_DECODED" ;;
  *) nxa_log "$1" "Warning: $NXA_DECODED" message "$NXA_DECODED" ;;
  esac
}

# nxa_step_end STEP STATUS EXIT ATTEMPT MAX REASON LIMIT; a step that never started has neither attempt nor duration.
nxa_step_end() {
  local nxa_duration=''
  nxa_decode "${6-}"
  if [ -n "$4" ]; then
    nxa_duration=$((NXA_NOW - NXA_STEP_SINCE[$1]))
  else
    nxa_log_step "${NXA_STEP_NAME[$1]}"
  fi
  nxa_end_text "$2" "$3" "$nxa_duration" "$NXA_DECODED" "${7-}"
  nxa_log step_end "$NXA_TEXT" attempt "$4" max_attempts "$5" status "$2" exit_code "$3" \
    duration_ms "$nxa_duration" reason "$NXA_DECODED"
  # What follows is about the job again, as nxa_log_step would say it.
  NXA_EV_STEP='' NXA_JSON_WHERE=$NXA_JSON_JOB NXA_LINE_WHERE=$NXA_LINE_JOB
}

# nxa_step_retry STEP STATUS EXIT ATTEMPT MAX DELAY BACKOFF REASON
nxa_step_retry() {
  nxa_short_seconds "$6"
  nxa_decode "${8-}"
  nxa_log step_retry "Retrying in $NXA_SECONDS (attempt $4/$5, $7)${NXA_DECODED:+: $NXA_DECODED}" \
    attempt "$4" max_attempts "$5" status "$2" exit_code "$3" delay_ms "$6" reason "$NXA_DECODED"
}

# nxa_close STATUS: the supervisor is done; STATUS is how the executor's process ended.
nxa_close() {
  local nxa_message
  if [ "$NXA_JOB_RESULT" = success ] && [ -n "$NXA_BAD_EXPORT" ]; then
    NXA_JOB_RESULT=failure
    NXA_REASON="export could not be kept:$NXA_BAD_EXPORT"
  elif [ "$NXA_JOB_RESULT" = success ] && [ -n "$NXA_MISSING$NXA_BAD_SAVE" ]; then
    NXA_JOB_RESULT=failure
    nxa_decode "${NXA_MISSING# }"
    nxa_message=$NXA_DECODED
    NXA_REASON="artifact not made: $nxa_message"
    if [ -n "$NXA_BAD_SAVE" ]; then
      nxa_decode "${NXA_BAD_SAVE# }"
      NXA_REASON="artifact could not be saved: $NXA_DECODED"
    fi
  fi
  [ "$NXA_JOB_RESULT" != success ] || nxa_cache_keep
  case $NXA_JOB_RESULT in
  '') nxa_job_end failure "the job runner ended without a result (exit status $1)" ;;
  *) nxa_job_end "$NXA_JOB_RESULT" "$NXA_REASON" ;;
  esac
}

# nxa_cache_made PARTS ENTRY WARNING: what is to be kept of a green job.
nxa_cache_made() {
  nxa_decode "${1-}"
  NXA_CACHE_MADE=$NXA_DECODED
  nxa_decode "${2-}"
  NXA_CACHE_ENTRY=$NXA_DECODED
  nxa_decode "${3-}"
  NXA_CACHE_LOST=$NXA_DECODED
}

# nxa_cache_keep: the job is green: what was staged becomes an entry of the cache, whole or not at all.
nxa_cache_keep() {
  [ -z "$NXA_CACHE_LOST" ] || nxa_log warning "Warning: $NXA_CACHE_LOST" message "$NXA_CACHE_LOST"
  [ -n "$NXA_CACHE_MADE" ] && ! mv "$NXA_CACHE_MADE" "$NXA_CACHE_ENTRY" 2>/dev/null || return 0
  NXA_CACHE_LOST="cannot make $NXA_CACHE_ENTRY"
  nxa_log warning "Warning: $NXA_CACHE_LOST" message "$NXA_CACHE_LOST"
}

# nxa_verdict holds|fails|cancelled|error [MESSAGE]: a job's condition has been evaluated.
nxa_verdict() {
  case $1 in
  holds | cancelled) printf 'verdict %s %s\n' "$NXA_JOB" "$1" >&7 ;;
  *)
    nxa_decode "$2"
    case $1 in
    fails) nxa_job_end skipped "condition: $NXA_DECODED" ;;
    *) nxa_job_end failure "$NXA_DECODED" ;;
    esac
    ;;
  esac
}

# nxa_job_end STATUS REASON: the job's last event, and the line that the scheduler waits for.
nxa_job_end() {
  local nxa_duration='' nxa_exit=''
  nxa_log_step ''
  if [ "$1" != skipped ]; then
    nxa_duration=$((NXA_NOW - NXA_STARTED))
    nxa_exit=1
    [ "$1" != success ] || nxa_exit=0
  fi
  nxa_end_text "$1" "$nxa_exit" "$nxa_duration" "$2" "$NXA_LIMIT"
  nxa_log job_end "$NXA_TEXT" status "$1" exit_code "$nxa_exit" duration_ms "$nxa_duration" reason "$2"
  printf 'done %s %s\n' "$NXA_JOB" "$1" >&7
}
