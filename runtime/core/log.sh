# Usage: nxa_log_start; nxa_log EVENT TEXT [KEY VALUE…]; nxa_log_output LINES
# Requires: core/clock.sh core/text.sh core/prettylog.sh
# How events look: structured, json, simple; core/prettylog.sh has the rest. Without a collector every event is written here: in the chosen format to standard
# output, as JSON to the run's events (descriptor 5), structured to the job's log (descriptor 6). NXA_EV_JOB and NXA_EV_STEP
# say what it is about. Everything here runs with LC_ALL=C: lengths and ranges are of bytes.
# shellcheck shell=bash

# nxa_log_start: what stays the same for every line.
nxa_log_start() {
  NXA_MUTE='' NXA_VEILED=''
  nxa_clock
  NXA_RUN_STARTED=$NXA_NOW
  nxa_json_text "$NXA_WORKFLOW"
  NXA_JSON_HEAD="\"workflow\":\"$NXA_JSON\",\"run\":\"$WORKFLOW_ID\""
  nxa_log_about ''
  [ -n "$NXA_COLLECTOR" ] || exec 5>>"$NXA_RUN_DIR/events.jsonl" 6>/dev/null
}

# nxa_log_about [JOB]: what the next lines are about; empty: the run.
nxa_log_about() {
  NXA_EV_JOB=$1
  nxa_json_text "$1"
  NXA_JSON_JOB=${1:+,\"job\":\"$NXA_JSON\"}
  NXA_LINE_JOB="[workflow:$NXA_WORKFLOW]${1:+ [job:$1]}"
  nxa_log_step ''
}

# nxa_log_step [STEP]: the step of the job that the next lines are about, if any.
nxa_log_step() {
  NXA_EV_STEP=$1 NXA_JSON_WHERE=$NXA_JSON_JOB NXA_LINE_WHERE=$NXA_LINE_JOB
  [ -n "$1" ] || return 0
  nxa_json_text "$1"
  NXA_JSON_WHERE="$NXA_JSON_JOB,\"step\":\"$NXA_JSON\""
  NXA_LINE_WHERE="$NXA_LINE_JOB [step:$1]"
}

# nxa_log EVENT TEXT [KEY VALUE…]: one event; TEXT is how people read it, the pairs how programs do (those
# with an empty value do not apply). It bears the time of the last nxa_clock.
nxa_log() {
  if [ -n "$NXA_COLLECTOR" ]; then
    nxa_command event "$1" "$NXA_EV_JOB" "${@:2}"
    return
  fi
  if [ -n "${NXA_MASKING-}" ]; then
    nxa_learn
    nxa_mask_told "$@"
    # shellcheck disable=SC2153  # core/mask.sh sets it, which only scripts with secrets carry
    set -- "${NXA_TOLD[@]}"
  fi
  nxa_json_event "$@"
  NXA_LINE="[$NXA_STAMP] $NXA_LINE_WHERE $2"
  NXA_SIMPLE=''
  case $NXA_FORMAT in
  simple) nxa_simple_event "$1" "$2" ;;
  pretty) nxa_pretty_event "$@" ;;
  esac
  NXA_SHOW=now
  case ${NXA_LOG_LEVEL-} in error | warning) nxa_level_event "$@" ;; esac
  nxa_write
}

# nxa_log_end STATUS EXIT LIMIT: the run's last event; LIMIT is its timeout in ms, if any.
nxa_log_end() {
  local nxa_duration
  if [ -n "$NXA_COLLECTOR" ]; then
    nxa_command end "$@"
    return
  fi
  nxa_clock
  nxa_duration=$((NXA_NOW - NXA_RUN_STARTED))
  nxa_end_text "$1" "$2" "$nxa_duration" '' "$3"
  nxa_log workflow_end "$NXA_TEXT" status "$1" exit_code "$2" duration_ms "$nxa_duration"
}

# nxa_log_output: what a step printed, in NXA_SIMPLE; formats of lines end the last one where it is not ended, simple passes it on
# as it is. Long texts go in pieces, since substitution in older shells is quadratic.
nxa_log_output() {
  local nxa_rest
  nxa_clock
  [ -z "${NXA_MASKING-}" ] || nxa_learn
  if [ "${#NXA_SIMPLE}" -gt 8192 ]; then
    nxa_rest=$NXA_SIMPLE
    while [ "${#nxa_rest}" -gt 8192 ]; do
      NXA_SIMPLE=${nxa_rest:0:8192}
      case $NXA_SIMPLE in
      *"$NXA_NEWLINE"*) NXA_SIMPLE=${NXA_SIMPLE%"$NXA_NEWLINE"*}$NXA_NEWLINE ;;
      *)
        nxa_cut "$nxa_rest" "$NXA_NEWLINE"
        NXA_SIMPLE=${nxa_rest:0:${#NXA_CUT}+1}
        ;;
      esac
      nxa_rest=${nxa_rest:${#NXA_SIMPLE}}
      nxa_log_lines
    done
    NXA_SIMPLE=$nxa_rest
  fi
  [ -z "$NXA_SIMPLE" ] || nxa_log_lines
}

# nxa_log_lines: the lines in NXA_SIMPLE. Each expansion costs by the length of its text, so there is none without need.
nxa_log_lines() {
  local nxa_head nxa_line_head
  if [ -n "${NXA_FIRST-}" ]; then
    nxa_mask "$NXA_SIMPLE"
    NXA_SIMPLE=$NXA_VEILED
  fi
  NXA_LINE=${NXA_SIMPLE%"$NXA_NEWLINE"}
  nxa_json_lines
  nxa_head="{\"timestamp\":\"$NXA_STAMP\",$NXA_JSON_HEAD,\"event\":\"output\"$NXA_JSON_WHERE,\"message\":\""
  nxa_line_head="[$NXA_STAMP] $NXA_LINE_WHERE "
  NXA_OBJECT=$nxa_head${NXA_JSON//$NXA_NEWLINE/\"\}$NXA_NEWLINE$nxa_head}'"}'
  NXA_LINE=$nxa_line_head${NXA_LINE//$NXA_NEWLINE/$NXA_NEWLINE$nxa_line_head}
  [ "$NXA_FORMAT" != pretty ] || nxa_pretty_output "$NXA_SIMPLE"
  NXA_SHOW=now
  case ${NXA_LOG_LEVEL-} in error | warning) NXA_SHOW=held ;; esac
  nxa_write
}

# What a JSON string does not hold as it is, and what is no printable ASCII. A regular expression takes a tenth of the time
# that a pattern does.
NXA_TO_ESCAPE="[^] !#-[^-~$NXA_NEWLINE]"

# nxa_json_lines: NXA_JSON = each line of NXA_LINE escaped for a JSON string; the breaks between them stay.
nxa_json_lines() {
  local nxa_rest nxa_done='' nxa_line
  NXA_JSON=$NXA_LINE
  [[ $NXA_JSON =~ $NXA_TO_ESCAPE ]] || return 0
  case $NXA_JSON in
  *[!\ -~$NXA_NEWLINE]*)
    nxa_rest=$NXA_JSON
    while case $nxa_rest in *"$NXA_NEWLINE"*) true ;; *) false ;; esac do
      nxa_line=${nxa_rest%%"$NXA_NEWLINE"*}
      nxa_rest=${nxa_rest:${#nxa_line}+1}
      nxa_json_text "$nxa_line"
      nxa_done=$nxa_done$NXA_JSON$NXA_NEWLINE
    done
    nxa_json_text "$nxa_rest"
    NXA_JSON=$nxa_done$NXA_JSON
    ;;
  *"$NXA_NEWLINE"*)
    NXA_JSON=${NXA_JSON//"$NXA_BACKSLASH"/$NXA_BACKSLASH$NXA_BACKSLASH}
    NXA_JSON=${NXA_JSON//$NXA_QUOTE/$NXA_BACKSLASH$NXA_QUOTE}
    ;;
  *) nxa_json_text "$NXA_JSON" ;;
  esac
}

# nxa_write: the event in NXA_OBJECT, NXA_LINE and NXA_SIMPLE, written while holding the token, so that no line is torn:
# writes above PIPE_BUF are not atomic, and a short line may fall into a long one. Once nobody reads, output stops and jobs
# go on.
nxa_write() {
  local nxa_lost=''
  read -r -n 1 -u 8 _
  { printf '%s\n' "$NXA_OBJECT" >&5; } 2>/dev/null || nxa_lost=events.jsonl
  if [ -z "$NXA_MUTE" ]; then
    nxa_show 2>/dev/null || NXA_MUTE=1
  fi
  printf 'x' >&8
  { printf '%s\n' "$NXA_LINE" >&6; } 2>/dev/null || nxa_lost="$nxa_lost logs/$NXA_EV_JOB.log"
  # shellcheck disable=SC2086  # names
  [ -z "$nxa_lost" ] || nxa_unkept $nxa_lost
}

# nxa_unkept FILE…: files of the run that cannot be written, most likely since the disk is full: each is told once.
nxa_unkept() {
  local nxa_file nxa_why
  for nxa_file; do
    [ ! -e "$NXA_RUN_TMP/unkept.${nxa_file##*/}" ] || continue
    : >"$NXA_RUN_TMP/unkept.${nxa_file##*/}"
    # The first time was not to be seen; where it stands only now there may be room again.
    nxa_why=$({ printf '%s\n' "$NXA_OBJECT" >"$NXA_RUN_DIR/unkept"; } 2>&1)
    rm -f -- "$NXA_RUN_DIR/unkept"
    nxa_why="cannot write $NXA_RUN_DIR/$nxa_file${nxa_why:+: ${nxa_why##*: }}"
    nxa_log warning "Warning: $nxa_why" message "$nxa_why"
  done
} 2>/dev/null

# nxa_show: to standard output, as NXA_SHOW has it: now, or held back until it is known how the step ends (`held`, beginning
# anew with `anew`); then after what was held (`after`) or not at all (`never`, which drops that, too). Status 1 where nobody reads.
nxa_show() {
  # Members of a group end one by one, so each holds its own.
  local nxa_held=$NXA_RUN_TMP/held.${NXA_JOB-run}${NXA_EV_STEP:+${NXA_MEMBER-}}
  case $NXA_SHOW in
  anew) nxa_shown >"$nxa_held" ;;
  held) nxa_shown >>"$nxa_held" ;;
  after)
    [ ! -e "$nxa_held" ] || cat "$nxa_held" || return 1
    : >"$nxa_held"
    nxa_shown
    ;;
  never) [ ! -s "$nxa_held" ] || : >"$nxa_held" ;;
  now) nxa_shown ;;
  esac
}

nxa_shown() {
  case $NXA_FORMAT in
  structured) printf '%s\n' "$NXA_LINE" ;;
  json) printf '%s\n' "$NXA_OBJECT" ;;
  simple) printf '%s' "$NXA_SIMPLE" ;;
  pretty) nxa_pretty_write ;;
  esac
}

# nxa_level_event EVENT TEXT [KEY VALUE…]: NXA_SHOW = what the levels error and warning make of an event.
nxa_level_event() {
  local nxa_event=$1 nxa_status='' nxa_attempt=''
  shift 2
  while [ $# -gt 0 ]; do
    case $1 in
    status) nxa_status=$2 ;;
    attempt) nxa_attempt=$2 ;;
    esac
    shift 2
  done
  NXA_SHOW=skip
  case $nxa_event:$nxa_status in
  workflow_end:*) NXA_SHOW=now ;;
  warning:*) [ "$NXA_LOG_LEVEL" = error ] || NXA_SHOW=now ;;
  step_start:*)
    NXA_SHOW=held
    [ "$nxa_attempt" != 1 ] || NXA_SHOW=anew
    ;;
  step_retry:*) NXA_SHOW=held ;;
  step_end:failure | step_end:timeout | job_end:failure | job_end:timeout) NXA_SHOW=after ;;
  step_end:* | job_end:*) NXA_SHOW=never ;;
  *:failure) NXA_SHOW=now ;;
  esac
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

# nxa_json_event EVENT TEXT [KEY VALUE…]: NXA_OBJECT = the event as JSON.
nxa_json_event() {
  NXA_OBJECT="{\"timestamp\":\"$NXA_STAMP\",$NXA_JSON_HEAD,\"event\":\"$1\"$NXA_JSON_WHERE"
  shift 2
  while [ $# -gt 0 ]; do
    case $1$NXA_SEPARATOR$2 in
    *"$NXA_SEPARATOR") ;;
    attempt* | max_attempts* | exit_code* | duration_ms* | delay_ms*) NXA_OBJECT="$NXA_OBJECT,\"$1\":$2" ;;
    *)
      nxa_json_text "$2"
      NXA_OBJECT="$NXA_OBJECT,\"$1\":\"$NXA_JSON\""
      ;;
    esac
    shift 2
  done
  NXA_OBJECT="$NXA_OBJECT}"
}

# nxa_simple_event EVENT TEXT: NXA_SIMPLE = a line before and after each step, and what no step tells.
nxa_simple_event() {
  local nxa_name=$NXA_EV_JOB
  [ -z "$NXA_EV_STEP" ] || nxa_name="$nxa_name / $NXA_EV_STEP"
  case $1 in
  step_start) NXA_SIMPLE="==> $nxa_name$NXA_NEWLINE" ;;
  step_end) NXA_SIMPLE="<== $nxa_name: $2$NXA_NEWLINE" ;;
  warning | debug) NXA_SIMPLE=$2$NXA_NEWLINE ;;
  job_end)
    case $2 in
    Completed* | Skipped* | Failed*')') ;;
    *) NXA_SIMPLE="<== $nxa_name: $2$NXA_NEWLINE" ;;
    esac
    ;;
  esac
}
