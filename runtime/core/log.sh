# Usage: nxa_log_start; nxa_log EVENT TEXT [KEY VALUE…]; nxa_log_output LINE [unterminated]
# Requires: core/clock.sh core/text.sh
# How events look: structured, json, simple. NXA_EV_JOB and NXA_EV_STEP say what they are about. Everything here runs with
# LC_ALL=C: lengths and ranges are of bytes.
# shellcheck shell=bash

# nxa_log_start: what stays the same for every line.
nxa_log_start() {
  NXA_MUTE=''
  nxa_json_text "$NXA_WORKFLOW"
  NXA_JSON_HEAD="\"workflow\":\"$NXA_JSON\",\"run\":\"$WORKFLOW_ID\""
  nxa_log_about ''
}

# nxa_log_about [JOB]: what the next lines are about; empty: the run.
nxa_log_about() {
  NXA_EV_JOB=$1
  case $NXA_FORMAT in
  json)
    nxa_json_text "$1"
    NXA_WHERE_JOB=${1:+,\"job\":\"$NXA_JSON\"}
    ;;
  *) NXA_WHERE_JOB="[workflow:$NXA_WORKFLOW]${1:+ [job:$1]}" ;;
  esac
  nxa_log_step ''
}

# nxa_log_step [STEP]: the step of the job that the next lines are about, if any.
nxa_log_step() {
  NXA_EV_STEP=$1
  case $NXA_FORMAT in
  json)
    nxa_json_text "$1"
    NXA_WHERE=$NXA_WHERE_JOB${1:+,\"step\":\"$NXA_JSON\"}
    ;;
  *) NXA_WHERE=$NXA_WHERE_JOB${1:+ [step:$1]} ;;
  esac
}

# nxa_log EVENT TEXT [KEY VALUE…]: one event; TEXT is how people read it, the pairs how programs do (those
# with an empty value do not apply). It bears the time of the last nxa_clock.
nxa_log() {
  case $NXA_FORMAT in
  structured)
    nxa_put "[$NXA_STAMP] $NXA_WHERE $2$NXA_NEWLINE"
    ;;
  json) nxa_log_json "$@" ;;
  simple) nxa_log_simple "$1" "$2" ;;
  esac
}

# nxa_log_output LINE [unterminated]: a line that a step printed. Formats of lines end what a step left
# open; simple passes it on as it is.
nxa_log_output() {
  case $NXA_FORMAT in
  simple)
    if [ -n "${2-}" ]; then nxa_put "$1"; else nxa_put "$1$NXA_NEWLINE"; fi
    ;;
  json)
    nxa_clock
    nxa_json_text "$1"
    nxa_put "{\"timestamp\":\"$NXA_STAMP\",$NXA_JSON_HEAD,\"event\":\"output\"$NXA_WHERE,\"message\":\"$NXA_JSON\"}$NXA_NEWLINE"
    ;;
  *)
    nxa_clock
    nxa_put "[$NXA_STAMP] $NXA_WHERE $1$NXA_NEWLINE"
    ;;
  esac
}

# nxa_put TEXT: writes to the script's output while holding the token, so that no line is torn: writes
# above PIPE_BUF are not atomic, and a short line may fall into a long one. Once nobody reads, output
# stops and jobs go on.
nxa_put() {
  [ -z "$NXA_MUTE" ] || return 0
  read -r -n 1 -u 8 _
  printf '%s' "$1" 2>/dev/null || NXA_MUTE=1
  printf 'x' >&8
}

# nxa_end_text STATUS EXIT DURATION REASON LIMIT: NXA_TEXT = how the end of a step, a job or the run reads.
nxa_end_text() {
  case $1 in
  success | failure)
    nxa_seconds "$3"
    NXA_TEXT="Failed (duration: $NXA_SECONDS, exit: $2)"
    [ "$1" = failure ] || NXA_TEXT="Completed (duration: $NXA_SECONDS, exit: $2)"
    ;;
  cancelled) NXA_TEXT=Cancelled ;;
  skipped)
    NXA_TEXT="Skipped ($4)"
    return
    ;;
  timeout)
    nxa_short_seconds "$5"
    NXA_TEXT="Timed out after $NXA_SECONDS"
    ;;
  esac
  [ -z "$4" ] || NXA_TEXT="$NXA_TEXT: $4"
}

# nxa_log_json EVENT TEXT [KEY VALUE…]
nxa_log_json() {
  local nxa_line
  nxa_line="{\"timestamp\":\"$NXA_STAMP\",$NXA_JSON_HEAD,\"event\":\"$1\"$NXA_WHERE"
  shift 2
  while [ $# -gt 0 ]; do
    case $1$NXA_SEPARATOR$2 in
    *"$NXA_SEPARATOR") ;;
    attempt* | max_attempts* | exit_code* | duration_ms* | delay_ms*) nxa_line="$nxa_line,\"$1\":$2" ;;
    *)
      nxa_json_text "$2"
      nxa_line="$nxa_line,\"$1\":\"$NXA_JSON\""
      ;;
    esac
    shift 2
  done
  nxa_put "$nxa_line}$NXA_NEWLINE"
}

# nxa_log_simple EVENT TEXT: a line before and after each step, and what no step tells.
nxa_log_simple() {
  local nxa_name=$NXA_EV_JOB
  [ -z "$NXA_EV_STEP" ] || nxa_name="$nxa_name / $NXA_EV_STEP"
  case $1 in
  step_start) nxa_put "==> $nxa_name$NXA_NEWLINE" ;;
  step_end) nxa_put "<== $nxa_name: $2$NXA_NEWLINE" ;;
  warning) nxa_put "$2$NXA_NEWLINE" ;;
  job_end)
    case $2 in
    Completed* | Skipped* | Failed*')') ;;
    *) nxa_put "<== $nxa_name: $2$NXA_NEWLINE" ;;
    esac
    ;;
  esac
}
