# Usage: nxa_report_option KIND=FILE; nxa_preflight_reports; nxa_report_plan; nxa_reports
# Requires: core/options.sh report/json.awk report/junit.awk report/trace.awk report/html.awk
# The reports that --report asks for. They are made from the run's record when it has ended, however it ended, by awk, which
# every machine has.
# shellcheck shell=bash

NXA_REPORT_KINDS='junit json html trace'

# nxa_report_option KIND=FILE: adds to NXA_REPORT_KIND and NXA_REPORT_FILE. FILE is the caller's, whatever -C says.
nxa_report_option() {
  local nxa_file=${1#*=}
  case $1 in
  ?*=?*) ;;
  *) nxa_usage "--report wants KIND=FILE, not '$1'" "KIND is one of $NXA_REPORT_KINDS" ;;
  esac
  case ${1%%=*} in
  junit | json | html | trace) ;;
  *)
    nxa_nearest "${1%%=*}" "$NXA_REPORT_KINDS"
    nxa_usage "--report: unknown kind '${1%%=*}'" "did you mean ${NXA_NEAREST:-one of $NXA_REPORT_KINDS}?"
    ;;
  esac
  [ "$nxa_file" != - ] || nxa_usage "--report wants a file: standard output is the run's"
  case $nxa_file in /*) ;; *) nxa_file=${PWD%/}/$nxa_file ;; esac
  NXA_REPORT_KIND[${#NXA_REPORT_KIND[@]}]=${1%%=*}
  NXA_REPORT_FILE[${#NXA_REPORT_FILE[@]}]=$nxa_file
}

# nxa_preflight_reports: can they be written?
nxa_preflight_reports() {
  local nxa_i nxa_j nxa_file
  [ "${#NXA_REPORT_FILE[@]}" != 0 ] || return 0
  command -v awk >/dev/null 2>&1 || nxa_problem 'command not found: awk (wanted for --report)'
  for ((nxa_i = 0; nxa_i < ${#NXA_REPORT_FILE[@]}; nxa_i++)); do
    nxa_file=${NXA_REPORT_FILE[nxa_i]}
    for ((nxa_j = 0; nxa_j < nxa_i; nxa_j++)); do
      [ "$nxa_file" != "${NXA_REPORT_FILE[nxa_j]}" ] || nxa_problem "--report: two reports in $nxa_file"
    done
    if [ -d "$nxa_file" ]; then
      nxa_problem "--report: $nxa_file is a directory"
    elif [ -e "$nxa_file" ] && [ ! -w "$nxa_file" ]; then
      nxa_problem "--report: cannot write $nxa_file"
    elif ! [ -e "$nxa_file" ] && ! [ -d "${nxa_file%/*}/" ]; then
      nxa_problem "--report: no directory ${nxa_file%/*}"
    elif ! nxa_report_through "$nxa_file" && ! [ -w "${nxa_file%/*}/" ]; then
      nxa_problem "--report: cannot write in ${nxa_file%/*}"
    fi
  done
}

# nxa_report_through FILE: is it written to as it is (a link, a device, a pipe)? All else is replaced in one go.
nxa_report_through() {
  [ -h "$1" ] || { [ -e "$1" ] && [ ! -f "$1" ]; }
}

# nxa_report_plan: what reports cannot learn from events: the source, and what the selected jobs need.
nxa_report_plan() {
  local nxa_job nxa_group nxa_need nxa_line
  nxa_json_text "$NXA_SOURCE"
  printf 'source %s\n' "$NXA_JSON"
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ -n "${NXA_SELECTED[nxa_job]-}" ] || continue
    nxa_line="job ${NXA_JOB_NAME[nxa_job]}"
    for nxa_group in ${NXA_JOB_NEEDS[nxa_job]}; do
      for nxa_need in ${nxa_group//,/ }; do
        [ -z "${NXA_SELECTED[nxa_need]-}" ] || nxa_line="$nxa_line ${NXA_JOB_NAME[nxa_need]}"
      done
    done
    printf '%s\n' "$nxa_line"
  done
} >"$NXA_RUN_DIR/plan"

# nxa_reports: makes them all; status 1 if one could not be made.
nxa_reports() {
  local nxa_i nxa_lost=0
  for ((nxa_i = 0; nxa_i < ${#NXA_REPORT_FILE[@]}; nxa_i++)); do
    (nxa_report_write "${NXA_REPORT_KIND[nxa_i]}" "${NXA_REPORT_FILE[nxa_i]}") && continue
    printf '%s: error: cannot write the report %s\n' "${0##*/}" "${NXA_REPORT_FILE[nxa_i]}" >&2
    nxa_lost=1
  done
  return "$nxa_lost"
}

# nxa_report_write KIND FILE: in a process of its own, with the caller's file mode mask. What is there stays until all is written.
nxa_report_write() {
  local nxa_temporary=${2%/*}/.${2##*/}.$$
  umask "$NXA_CALLER_UMASK"
  if nxa_report_through "$2"; then
    nxa_report "$1" >"$2"
  else
    rm -f -- "$nxa_temporary"
    # Nobody puts a link there meanwhile.
    set -C
    if nxa_report "$1" >"$nxa_temporary" && mv -f -- "$nxa_temporary" "$2"; then return 0; fi
    rm -f -- "$nxa_temporary"
    return 1
  fi
}

# nxa_report KIND: prints one.
nxa_report() {
  local nxa_program=$NXA_EVENTS_AWK$NXA_NEWLINE
  case $1 in
  json) nxa_program=$nxa_program$NXA_JSON_AWK ;;
  junit) nxa_program=$nxa_program$NXA_JUNIT_AWK ;;
  trace) nxa_program=$nxa_program$NXA_TRACE_AWK ;;
  html) nxa_program=$nxa_program$NXA_HTML_AWK ;;
  esac
  # The awk of BusyBox does not tell when it cannot write; cat does.
  LC_ALL=C NXA_PAGE_CSS=$NXA_PAGE_CSS NXA_PAGE_JS=$NXA_PAGE_JS \
    awk "$nxa_program" part=plan "$NXA_RUN_DIR/plan" part=events "$NXA_RUN_DIR/events.jsonl" | cat
  [ "${PIPESTATUS[*]}" = '0 0' ]
}
