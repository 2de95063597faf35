# Usage: nxa_elsewhere; the last command of a portable job script (core/jobscript.sh), wherever that was taken
# Requires: core/runner.sh core/clock.sh core/ahead.sh
# What a job does for itself where no supervisor is: its values, a room for the runner's files, the actions, its deadline.
# shellcheck shell=bash

# nxa_elsewhere: the job from start to end, in the current directory, its stream on standard output.
nxa_elsewhere() {
  case ${BASH##*/} in
  sh) NXA_BASH=bash ;;
  *) NXA_BASH=$BASH ;;
  esac
  NXA_REF=()
  nxa_elsewhere_values
  NXA_JOB_DIR=$PWD
  export JOB_DIR="$NXA_JOB_DIR"
  nxa_elsewhere_tools && nxa_elsewhere_room || return 0
  trap 'nxa_elsewhere_end' EXIT
  # What this shell itself has to say (of children that were killed, for one) counts only if it comes to grief.
  exec 2>"$NXA_JOB_TMP/words"
  nxa_run_job
  : >"$NXA_JOB_TMP/words"
}

# nxa_elsewhere_values: from the file that JOB_ENV_FILE names, if that can be read here, else from the environment.
nxa_elsewhere_values() {
  local nxa_each nxa_kept nxa_brought=''
  nxa_kept=()
  # As the environment brought it, core/start.sh has put it away.
  for nxa_each in "${NXA_STEP_ENV[@]+"${NXA_STEP_ENV[@]}"}"; do
    case $nxa_each in
    NXA_JOB_VALUES=*) nxa_brought=${nxa_each#*=} ;;
    *) nxa_kept[${#nxa_kept[@]}]=$nxa_each ;;
    esac
  done
  NXA_STEP_ENV=("${nxa_kept[@]+"${nxa_kept[@]}"}")
  # shellcheck disable=SC2086  # a list of names
  [ -z "$NXA_UNSET_NAMES" ] || unset $NXA_UNSET_NAMES
  if [ -n "${JOB_ENV_FILE-}" ] && [ -r "$JOB_ENV_FILE" ]; then
    # shellcheck disable=SC1090  # written by us
    . "$JOB_ENV_FILE"
    nxa_brought=${NXA_JOB_VALUES-}
  fi
  unset NXA_JOB_VALUES JOB_ENV_FILE
  [ -n "${WORKFLOW_ID-}" ] ||
    nxa_warn 'the job has no values: hand JOB_ENV_FILE over, or read it before JOB_SCRIPT is run'
  nxa_elsewhere_take "$nxa_brought"
}

# nxa_elsewhere_take LINES: as nxa_job_values made them.
nxa_elsewhere_take() {
  local nxa_lines=$1 nxa_line
  while [ -n "$nxa_lines" ]; do
    nxa_cut "$nxa_lines" "$NXA_NEWLINE"
    nxa_line=$NXA_CUT nxa_lines=$NXA_CUT_REST
    nxa_decode "${nxa_line#*=}"
    nxa_line=${nxa_line%%=*}
    case $nxa_line in
    env\ *) nxa_set "${nxa_line#* }" "$NXA_DECODED" ;;
    ref\ *) NXA_REF[${nxa_line#* }]=$NXA_DECODED ;;
    step\ *) NXA_STEP_GIVEN[${nxa_line#* }]=$NXA_DECODED ;;
    lost\ *) NXA_STEP_LOST[${nxa_line#* }]=$NXA_DECODED ;;
    esac
  done
}

# nxa_elsewhere_tools: all that is missing here is told at once; then nothing runs.
nxa_elsewhere_tools() {
  # shellcheck disable=SC2153  # given by the script
  nxa_lacking 'mkdir (the job runner itself needs it)' 'rm (the job runner itself needs it)' \
    'sleep (the job runner itself needs it)' ${NXA_STEP_PARALLEL[0]+'mkfifo (steps that run at once need it)'} \
    "${NXA_NEEDED[@]+"${NXA_NEEDED[@]}"}"
  [ -n "$NXA_LACKING" ] || return 0
  nxa_emit job_failed "command not found where the job runs: $NXA_LACKING"
  return 1
}

# nxa_lacking COMMAND…: NXA_LACKING = those that are not here, each as it was given: a name, and perhaps who wants it.
nxa_lacking() {
  local nxa_each nxa_tool
  NXA_LACKING=''
  for nxa_each; do
    nxa_tool=${nxa_each%% *}
    ! command -v "$nxa_tool" >/dev/null 2>&1 || continue
    [ "$nxa_tool" != python3 ] || ! command -v python >/dev/null 2>&1 || continue
    NXA_LACKING="$NXA_LACKING${NXA_LACKING:+, }$nxa_each"
  done
}

# nxa_elsewhere_room: NXA_JOB_TMP and NXA_BUNDLE = directories of our own, outside of the job's if there is any place.
nxa_elsewhere_room() {
  local nxa_place nxa_umask
  nxa_umask=$(umask)
  umask 077
  for nxa_place in "${TMPDIR:-/tmp}" /tmp /var/tmp "$PWD"; do
    NXA_JOB_TMP=$nxa_place/nixactions-job.$$.$RANDOM$RANDOM
    mkdir "$NXA_JOB_TMP" 2>/dev/null && break
    NXA_JOB_TMP=''
  done
  [ -n "$NXA_JOB_TMP" ] || {
    nxa_emit job_failed "no directory where the job runs can be written: tried ${TMPDIR:-/tmp}, /tmp, /var/tmp and $PWD"
    return 1
  }
  NXA_BUNDLE=$NXA_JOB_TMP/bundle
  if ! nxa_elsewhere_bundle; then
    nxa_emit job_failed "cannot write below $NXA_JOB_TMP where the job runs"
    rm -rf -- "$NXA_JOB_TMP"
    return 1
  fi
  umask "$nxa_umask"
}

# nxa_elsewhere_bundle: the actions, as the host's bundle has them.
nxa_elsewhere_bundle() {
  local nxa_i
  [ "${#NXA_ACTION_DIR[@]}" -gt 0 ] || return 0
  mkdir -p "${NXA_ACTION_DIR[@]/#/$NXA_BUNDLE/}" || return 1
  for ((nxa_i = 0; nxa_i < ${#NXA_ACTION_DIR[@]}; nxa_i++)); do
    printf '%s\n' "${NXA_ACTION_TEXT[nxa_i]}" >"$NXA_BUNDLE/${NXA_ACTION_DIR[nxa_i]}/run" || return 1
  done
}

# nxa_elsewhere_end: whatever ends the script, short of SIGKILL.
nxa_elsewhere_end() {
  [ -z "${NXA_DEADLINE_TIMER-}" ] || nxa_timer_stop "$NXA_DEADLINE_TIMER"
  nxa_warn_lines "$NXA_JOB_TMP/words"
  rm -rf -- "$NXA_JOB_TMP"
}

# --- the deadline ----------------------------------------------------------------------------------------------------

# nxa_heed_deadline: the job's timeout, from here: no signal of the host need reach this place. NXA_DEADLINE is two numbers:
# the time in ms, by the host's clock, at which the job must end; and what was left of it when the script was written.
nxa_heed_deadline() {
  nxa_clock_start
  nxa_timer_start "${NXA_DEADLINE#* }" USR2 "$NXA_RUNNER"
  NXA_DEADLINE_TIMER=$NXA_TIMER
}

# nxa_past_deadline: a host that ends a job sends the same signal when it is cancelled and when its time is up. A clock of
# whole seconds is up to one behind.
nxa_past_deadline() {
  NXA_NOW=$(nxa_print_clock)
  [ -n "${EPOCHREALTIME-}" ] || NXA_NOW=$((NXA_NOW + 1000))
  [ "$NXA_NOW" -ge "${NXA_DEADLINE% *}" ]
}
