# Usage: nx_log_start; nx_log EVENT TEXT [KEY VALUE…]; nx_log_output LINE [unterminated]
# Requires: core/clock.sh core/text.sh
# How events look: structured, json, simple. NX_EV_JOB and NX_EV_STEP say what they are about. Everything here runs with
# LC_ALL=C: lengths and ranges are of bytes.
# shellcheck shell=bash

# nx_log_start: what stays the same for every line.
nx_log_start() {
  NX_MUTE=''
  nx_json_text "$NX_WORKFLOW"
  NX_JSON_HEAD="\"workflow\":\"$NX_JSON\",\"run\":\"$WORKFLOW_ID\""
  nx_log_about ''
}

# nx_log_about [JOB]: what the next lines are about; empty: the run.
nx_log_about() {
  NX_EV_JOB=$1
  case $NX_FORMAT in
  json)
    nx_json_text "$1"
    NX_WHERE_JOB=${1:+,\"job\":\"$NX_JSON\"}
    ;;
  *) NX_WHERE_JOB="[workflow:$NX_WORKFLOW]${1:+ [job:$1]}" ;;
  esac
  nx_log_step ''
}

# nx_log_step [STEP]: the step of the job that the next lines are about, if any.
nx_log_step() {
  NX_EV_STEP=$1
  case $NX_FORMAT in
  json)
    nx_json_text "$1"
    NX_WHERE=$NX_WHERE_JOB${1:+,\"step\":\"$NX_JSON\"}
    ;;
  *) NX_WHERE=$NX_WHERE_JOB${1:+ [step:$1]} ;;
  esac
}

# nx_log EVENT TEXT [KEY VALUE…]: one event; TEXT is how people read it, the pairs how programs do (those
# with an empty value do not apply). It bears the time of the last nx_clock.
nx_log() {
  case $NX_FORMAT in
  structured)
    nx_put "[$NX_STAMP] $NX_WHERE $2$NX_NEWLINE"
    ;;
  json) nx_log_json "$@" ;;
  simple) nx_log_simple "$1" "$2" ;;
  esac
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
    nx_json_text "$1"
    nx_put "{\"timestamp\":\"$NX_STAMP\",$NX_JSON_HEAD,\"event\":\"output\"$NX_WHERE,\"message\":\"$NX_JSON\"}$NX_NEWLINE"
    ;;
  *)
    nx_clock
    nx_put "[$NX_STAMP] $NX_WHERE $1$NX_NEWLINE"
    ;;
  esac
}

# nx_put TEXT: writes to the script's output while holding the token, so that no line is torn: writes
# above PIPE_BUF are not atomic, and a short line may fall into a long one. Once nobody reads, output
# stops and jobs go on.
nx_put() {
  [ -z "$NX_MUTE" ] || return 0
  read -r -n 1 -u 8 _
  printf '%s' "$1" 2>/dev/null || NX_MUTE=1
  printf 'x' >&8
}

# nx_end_text STATUS EXIT DURATION REASON LIMIT: NX_TEXT = how the end of a step, a job or the run reads.
nx_end_text() {
  case $1 in
  success | failure)
    nx_seconds "$3"
    NX_TEXT="Failed (duration: $NX_SECONDS, exit: $2)"
    [ "$1" = failure ] || NX_TEXT="Completed (duration: $NX_SECONDS, exit: $2)"
    ;;
  cancelled) NX_TEXT=Cancelled ;;
  skipped)
    NX_TEXT="Skipped ($4)"
    return
    ;;
  timeout)
    nx_short_seconds "$5"
    NX_TEXT="Timed out after $NX_SECONDS"
    ;;
  esac
  [ -z "$4" ] || NX_TEXT="$NX_TEXT: $4"
}

# nx_log_json EVENT TEXT [KEY VALUE…]
nx_log_json() {
  local nx_line
  nx_line="{\"timestamp\":\"$NX_STAMP\",$NX_JSON_HEAD,\"event\":\"$1\"$NX_WHERE"
  shift 2
  while [ $# -gt 0 ]; do
    case $1$NX_SEPARATOR$2 in
    *"$NX_SEPARATOR") ;;
    attempt* | max_attempts* | exit_code* | duration_ms* | delay_ms*) nx_line="$nx_line,\"$1\":$2" ;;
    *)
      nx_json_text "$2"
      nx_line="$nx_line,\"$1\":\"$NX_JSON\""
      ;;
    esac
    shift 2
  done
  nx_put "$nx_line}$NX_NEWLINE"
}

# nx_log_simple EVENT TEXT: a line before and after each step, and what no step tells.
nx_log_simple() {
  local nx_name=$NX_EV_JOB
  [ -z "$NX_EV_STEP" ] || nx_name="$nx_name / $NX_EV_STEP"
  case $1 in
  step_start) nx_put "==> $nx_name$NX_NEWLINE" ;;
  step_end) nx_put "<== $nx_name: $2$NX_NEWLINE" ;;
  warning) nx_put "$2$NX_NEWLINE" ;;
  job_end)
    case $2 in
    Completed* | Skipped* | Failed*')') ;;
    *) nx_put "<== $nx_name: $2$NX_NEWLINE" ;;
    esac
    ;;
  esac
}
