# Usage: nx_log_start; nx_log EVENT; nx_log_output LINE [unterminated]
# Requires: core/clock.sh core/text.sh
# How events look: structured, json, simple. An event's fields are the NX_EV_ variables; what is empty
# does not apply. Everything here runs with LC_ALL=C: lengths and ranges are of bytes.
# shellcheck shell=bash

# nx_log_start: what stays the same for every line.
nx_log_start() {
  NX_EV_JOB='' NX_EV_STEP=''
  NX_MUTE=''
  nx_log_clear
  nx_json_text "$NX_WORKFLOW"
  NX_JSON_HEAD="\"workflow\":\"$NX_JSON\",\"run\":\"$WORKFLOW_ID\""
  nx_log_where
}

# nx_log_where: NX_WHERE = the part of a line that says which job and step, for NX_EV_JOB, NX_EV_STEP.
nx_log_where() {
  case $NX_FORMAT in
  json)
    NX_WHERE=''
    if [ -n "$NX_EV_JOB" ]; then
      nx_json_text "$NX_EV_JOB"
      NX_WHERE=",\"job\":\"$NX_JSON\""
    fi
    if [ -n "$NX_EV_STEP" ]; then
      nx_json_text "$NX_EV_STEP"
      NX_WHERE="$NX_WHERE,\"step\":\"$NX_JSON\""
    fi
    ;;
  *)
    NX_WHERE="[workflow:$NX_WORKFLOW]"
    [ -z "$NX_EV_JOB" ] || NX_WHERE="$NX_WHERE [job:$NX_EV_JOB]"
    [ -z "$NX_EV_STEP" ] || NX_WHERE="$NX_WHERE [step:$NX_EV_STEP]"
    ;;
  esac
}

# nx_log_clear: no field applies any more.
nx_log_clear() {
  NX_EV_STATUS='' NX_EV_EXIT='' NX_EV_DURATION='' NX_EV_ATTEMPT='' NX_EV_MAX='' NX_EV_DELAY=''
  NX_EV_REASON='' NX_EV_EXECUTOR='' NX_EV_MESSAGE='' NX_EV_BACKOFF='' NX_EV_LIMIT=''
}

# nx_log EVENT: one event in the chosen format; the fields are cleared afterwards.
nx_log() {
  nx_clock
  nx_timestamp
  case $NX_FORMAT in
  json) nx_log_json "$1" ;;
  simple) nx_log_simple "$1" ;;
  *)
    nx_log_text "$1"
    [ -z "$NX_TEXT" ] || nx_put "[$NX_STAMP] $NX_WHERE $NX_TEXT$NX_NEWLINE"
    ;;
  esac
  nx_log_clear
}

# nx_log_output LINE [unterminated]: a line that a step printed. Formats of lines end what a step left
# open; simple passes it on as it is.
nx_log_output() {
  case $NX_FORMAT in
  simple)
    if [ -n "${2-}" ]; then nx_put "$1"; else nx_put "$1$NX_NEWLINE"; fi
    ;;
  json)
    nx_clock
    nx_timestamp
    nx_json_text "$1"
    nx_put "{\"timestamp\":\"$NX_STAMP\",$NX_JSON_HEAD,\"event\":\"output\"$NX_WHERE,\"message\":\"$NX_JSON\"}$NX_NEWLINE"
    ;;
  *)
    nx_clock
    nx_timestamp
    nx_put "[$NX_STAMP] $NX_WHERE $1$NX_NEWLINE"
    ;;
  esac
}

# nx_put TEXT: writes to the script's output while holding the token, so that no line is torn: writes
# above PIPE_BUF are not atomic, and a short line may fall into a long one. Once nobody reads, output
# stops and jobs go on.
nx_put() {
  [ -z "$NX_MUTE" ] || return 0
  IFS= read -r -n 1 _ <&8
  printf '%s' "$1" 2>/dev/null || NX_MUTE=1
  printf 'x' >&8
}

# --- structured -----------------------------------------------------------------------------------

# nx_log_text EVENT: NX_TEXT = what a structured line says.
nx_log_text() {
  case $1 in
  workflow_start | job_start | step_start) NX_TEXT=Starting ;;
  workflow_end | job_end | step_end) nx_log_text_end ;;
  step_retry)
    nx_short_seconds "$NX_EV_DELAY"
    NX_TEXT="Retrying in $NX_SECONDS (attempt $NX_EV_ATTEMPT/$NX_EV_MAX, $NX_EV_BACKOFF)"
    [ -z "$NX_EV_REASON" ] || NX_TEXT="$NX_TEXT: $NX_EV_REASON"
    ;;
  executor_setup | executor_cleanup)
    NX_TEXT="Executor $NX_EV_EXECUTOR"
    case $1$NX_EV_STATUS in
    executor_setupsuccess) NX_TEXT="$NX_TEXT set up" ;;
    executor_setup*) NX_TEXT="$NX_TEXT could not be set up" ;;
    *success) NX_TEXT="$NX_TEXT cleaned up" ;;
    *) NX_TEXT="$NX_TEXT could not be cleaned up" ;;
    esac
    ;;
  artifact_saved) NX_TEXT="Saved artifact $NX_EV_MESSAGE" ;;
  artifact_restored) NX_TEXT="Restored artifact $NX_EV_MESSAGE" ;;
  warning) NX_TEXT="Warning: $NX_EV_MESSAGE" ;;
  *) NX_TEXT=$NX_EV_MESSAGE ;;
  esac
}

nx_log_text_end() {
  case $NX_EV_STATUS in
  success) NX_TEXT=Completed ;;
  failure) NX_TEXT=Failed ;;
  cancelled) NX_TEXT=Cancelled ;;
  skipped)
    NX_TEXT="Skipped ($NX_EV_REASON)"
    return
    ;;
  timeout)
    nx_short_seconds "$NX_EV_LIMIT"
    NX_TEXT="Timed out after $NX_SECONDS"
    return
    ;;
  esac
  case $NX_EV_STATUS in
  success | failure)
    nx_seconds "$NX_EV_DURATION"
    NX_TEXT="$NX_TEXT (duration: $NX_SECONDS, exit: $NX_EV_EXIT)"
    ;;
  esac
  [ -z "$NX_EV_REASON" ] || NX_TEXT="$NX_TEXT: $NX_EV_REASON"
}

# --- json -------------------------------------------------------------------------------------------

nx_log_json() {
  local nx_line="{\"timestamp\":\"$NX_STAMP\",$NX_JSON_HEAD,\"event\":\"$1\"$NX_WHERE"
  [ -z "$NX_EV_ATTEMPT" ] || nx_line="$nx_line,\"attempt\":$NX_EV_ATTEMPT"
  [ -z "$NX_EV_MAX" ] || nx_line="$nx_line,\"max_attempts\":$NX_EV_MAX"
  [ -z "$NX_EV_STATUS" ] || nx_line="$nx_line,\"status\":\"$NX_EV_STATUS\""
  [ -z "$NX_EV_EXIT" ] || nx_line="$nx_line,\"exit_code\":$NX_EV_EXIT"
  [ -z "$NX_EV_DURATION" ] || nx_line="$nx_line,\"duration_ms\":$NX_EV_DURATION"
  [ -z "$NX_EV_DELAY" ] || nx_line="$nx_line,\"delay_ms\":$NX_EV_DELAY"
  nx_log_json_text reason "$NX_EV_REASON"
  nx_log_json_text executor "$NX_EV_EXECUTOR"
  nx_log_json_text message "$NX_EV_MESSAGE"
  nx_put "$nx_line}$NX_NEWLINE"
}

# nx_log_json_text KEY TEXT: adds a text to nx_line, if there is one.
nx_log_json_text() {
  [ -n "$2" ] || return 0
  nx_json_text "$2"
  nx_line="$nx_line,\"$1\":\"$NX_JSON\""
}

# --- simple -----------------------------------------------------------------------------------------

nx_log_simple() {
  local nx_name=$NX_EV_JOB
  [ -z "$NX_EV_STEP" ] || nx_name="$nx_name / $NX_EV_STEP"
  case $1 in
  step_start) nx_put "==> $nx_name$NX_NEWLINE" ;;
  step_end)
    nx_log_text "$1"
    nx_put "<== $nx_name: $NX_TEXT$NX_NEWLINE"
    ;;
  job_end)
    # What no step has told: why a job failed outside of its steps.
    case $NX_EV_STATUS-$NX_EV_REASON in
    success-* | skipped-* | *-) return ;;
    esac
    nx_log_text "$1"
    nx_put "<== $nx_name: $NX_TEXT$NX_NEWLINE"
    ;;
  warning) nx_put "warning: $NX_EV_MESSAGE$NX_NEWLINE" ;;
  esac
}
