# Usage: nxa_job_script FILE; nxa_portable_script FILE; nxa_write_job_env FILE; in a job's own process, its environment and
#        plan in force; nxa_job_files SCRIPT ENV, which sees to that itself
# Requires: core/runner.sh core/text.sh core/environment.sh core/ahead.sh core/clock.sh
# A job as one script: the job runner, the job's generated functions and what these read. On this machine the environment is
# handed over by the process that becomes the script; the portable one runs wherever it is taken, and values reach it by
# the file that nxa_write_job_env writes. Neither script nor command line holds any.
# shellcheck shell=bash

# nxa_job_script FILE: for a shell on this machine that takes over from this one.
nxa_job_script() {
  {
    # As core/start.sh has it.
    printf 'set -u\nshopt -u patsub_replacement 2>/dev/null\n'
    nxa_print_job
    nxa_print_texts NXA_JOB_TMP NXA_JOB_DIR NXA_BUNDLE NXA_BASH NXA_ALIVE NXA_REAPERS NXA_TERMINAL NXA_DETACH_PL
    nxa_print_array NXA_STEP_ENV
    nxa_print_array NXA_REF
    nxa_print_heeding
    printf 'nxa_run_job\n'
    # shellcheck disable=SC2016  # for the shell that reads it
    [ "$NXA_HEEDING" != nxa_bare_heeds ] || printf 'nxa_timer_stop "$NXA_JOB_TIMER"\nnxa_tell_close\n'
  } >"$1"
}

# nxa_job_files SCRIPT ENV [FUNCTION]: in a process of its own, whose environment is the job's; FUNCTION adds to that. Both are
# appended to; they may be one file, which then begins with the values.
nxa_job_files() {
  nxa_job_for_elsewhere "${3-}"
  nxa_write_job_env "$2" && nxa_portable_script "$1"
}

# nxa_job_for_elsewhere [FUNCTION]: the job's environment and deadline in force, what its providers give at hand.
nxa_job_for_elsewhere() {
  local nxa_left
  NXA_DEADLINE=''
  if [ -n "${NXA_JOB_TIMEOUT[NXA_JOB]-}" ]; then
    nxa_job_clock
    nxa_left=$((NXA_JOB_UNTIL - NXA_NOW))
    [ "$nxa_left" -gt 0 ] || nxa_left=1
    NXA_DEADLINE="$NXA_JOB_UNTIL $nxa_left"
  fi
  umask 077
  nxa_job_environment "$NXA_JOB"
  [ -z "${1-}" ] || "$1"
  NXA_AHEAD=''
  [ "${#NXA_STEP_PROVIDERS[@]}" = 0 ] || nxa_provide_ahead
}

# nxa_portable_script FILE: for any bash, anywhere. The whole is read before it does anything, so it may come by a pipe.
nxa_portable_script() {
  {
    # shellcheck disable=SC2153  # given by the compiler
    printf '#!/usr/bin/env bash\n%s\n' "$NXA_START_SH"
    nxa_print_job
    nxa_print_texts NXA_DEADLINE
    nxa_quote "${NXA_UNSET_NAMES# }"
    printf 'NXA_UNSET_NAMES=%s\n' "$NXA_QUOTED"
    nxa_print_actions
    nxa_print_needed
    [ "${#NXA_STEP_PROVIDERS[@]}" = 0 ] || nxa_print_required
    printf '{\n  nxa_elsewhere\n  exit\n}\n'
  } >>"$1"
}

# nxa_print_job: the functions and the plan. NXA_RUNNER_FUNCTIONS, which the compiler gives, names the functions of
# core/runner.sh and of all it requires.
nxa_print_job() {
  # shellcheck disable=SC2086  # a list of names
  nxa_print_functions $NXA_RUNNER_FUNCTIONS "nxa_job_$NXA_JOB"
  nxa_print_texts NXA_NEWLINE NXA_SEPARATOR NXA_BACKSLASH NXA_QUOTE
  [ -z "${NXA_RELAY_PL-}" ] || nxa_print_texts NXA_RELAY_PL
  nxa_print_plan
}

# nxa_print_functions NAME…: bash 3.2 puts a U+0001 before each U+0001 and U+007F of a text in a function.
nxa_print_functions() {
  case $BASH_VERSION in
  3.*) declare -f "$@" | LC_ALL=C sed $'s/\001\\(.\\)/\\1/g' ;;
  *) declare -f "$@" ;;
  esac
}

# nxa_print_plan: what is of this run and this job.
nxa_print_plan() {
  nxa_print_texts NXA_MARK NXA_JOB NXA_LOG_LEVEL NXA_OVERRIDES NXA_SECRETS
  printf 'NXA_SET_NAMES= NXA_UNSET_NAMES= NXA_UNTOLD=\nnxa_no_plan\nnxa_job_%s plan\n' "$NXA_JOB"
}

# nxa_print_texts NAME…: assignments of what the variables hold.
nxa_print_texts() {
  local nxa_name
  for nxa_name; do
    printf '%s=%q\n' "$nxa_name" "${!nxa_name}"
  done
}

# nxa_print_array NAME: the same of an array, element by element.
nxa_print_array() {
  local nxa_element nxa_index nxa_indices=''
  printf '%s=()\n' "$1"
  case $1 in
  NXA_REF) nxa_indices="${!NXA_REF[*]}" ;;
  NXA_STEP_ENV) nxa_indices="${!NXA_STEP_ENV[*]}" ;;
  esac
  for nxa_index in $nxa_indices; do
    nxa_element=$1[$nxa_index]
    printf '%s=%q\n' "$nxa_element" "${!nxa_element}"
  done
}

# nxa_print_actions: the texts of this job's actions, each once.
nxa_print_actions() {
  local nxa_i nxa_wanted=" ${NXA_STEP_ACTION[*]-} "
  printf 'NXA_ACTION_DIR=() NXA_ACTION_TEXT=()\n'
  for ((nxa_i = 0; nxa_i < ${#NXA_ACTION_DIR[@]}; nxa_i++)); do
    case $nxa_wanted in *" ${NXA_ACTION_DIR[nxa_i]} "*) nxa_print_action "$nxa_i" ;; esac
  done
}

# nxa_print_action NUMBER: adds it to the actions of whoever reads this.
nxa_print_action() {
  nxa_quote "${NXA_ACTION_TEXT[$1]}"
  # shellcheck disable=SC2016  # for the shell that reads it
  printf 'NXA_ACTION_DIR[${#NXA_ACTION_DIR[@]}]=%s\nNXA_ACTION_TEXT[${#NXA_ACTION_TEXT[@]}]=%s\n' \
    "${NXA_ACTION_DIR[$1]}" "$NXA_QUOTED"
}

# nxa_print_needed: the commands that this job's steps need, and who wants them.
nxa_print_needed() {
  local nxa_i
  printf 'NXA_NEEDED=()\n'
  for ((nxa_i = 0; nxa_i < ${#NXA_DEP_COMMAND[@]}; nxa_i++)); do
    nxa_within "$NXA_JOB" "${NXA_DEP_JOBS[nxa_i]}" || continue
    nxa_quote "${NXA_DEP_COMMAND[nxa_i]} ${NXA_DEP_WANTED[nxa_i]}"
    # shellcheck disable=SC2016  # for the shell that reads it
    printf 'NXA_NEEDED[${#NXA_NEEDED[@]}]=%s\n' "$NXA_QUOTED"
  done
}

# --- values ------------------------------------------------------------------------------------------------------

# nxa_write_job_env FILE: the environment of the job, as lines for `.`.
nxa_write_job_env() {
  nxa_print_job_env >>"$1"
}

# nxa_print_job_env: what the caller's environment has besides is not for elsewhere, except what the workflow names as secret.
nxa_print_job_env() {
  local nxa_name nxa_done=' '
  for nxa_name in WORKFLOW_NAME WORKFLOW_ID CI NIXACTIONS NIXACTIONS_ARTIFACTS_DIR JOB_NAME \
    ${NXA_INPUT_VARIABLE[@]+"${NXA_INPUT_VARIABLE[@]}"} $NXA_SECRETS $NXA_SET_NAMES; do
    case $nxa_done in *" $nxa_name "*) continue ;; esac
    nxa_done="$nxa_done$nxa_name "
    if nxa_plain "$nxa_name" && [ -n "${!nxa_name+x}" ]; then
      nxa_quote "${!nxa_name}"
      printf 'export %s=%s\n' "$nxa_name" "$NXA_QUOTED"
    fi
  done
  nxa_job_values
  nxa_quote "$NXA_VALUES"
  printf 'export NXA_JOB_VALUES=%s\n' "$NXA_QUOTED"
}

# nxa_plain NAME: may a shell that is not a step have such a variable in its environment?
nxa_plain() {
  ! nxa_ours "$1" || return 1
  case $1 in
  BASH_ENV | ENV | GREP_OPTIONS | TAPE | TAR_OPTIONS | POSIX_ME_HARDER | SHELLOPTS | BASHOPTS) return 1 ;;
  UID | EUID | PPID | BASH_VERSINFO) return 1 ;;
  esac
}

# nxa_job_values: NXA_VALUES = what is no plain variable, as lines: `env NAME=encoded`, `ref NUMBER=encoded`, and
# those of core/ahead.sh.
nxa_job_values() {
  local nxa_each
  NXA_VALUES=$NXA_AHEAD
  for nxa_each in BASH_ENV ENV GREP_OPTIONS TAPE TAR_OPTIONS POSIX_ME_HARDER; do
    nxa_within "$nxa_each" "$NXA_SET_NAMES" && [ -n "${!nxa_each+x}" ] || continue
    nxa_encode "${!nxa_each}"
    NXA_VALUES="${NXA_VALUES}env $nxa_each=$NXA_ENCODED$NXA_NEWLINE"
  done
  for nxa_each in "${NXA_STEP_ENV[@]+"${NXA_STEP_ENV[@]}"}"; do
    nxa_within "${nxa_each%%=*}" "$NXA_SET_NAMES" || continue
    nxa_encode "${nxa_each#*=}"
    NXA_VALUES="${NXA_VALUES}env ${nxa_each%%=*}=$NXA_ENCODED$NXA_NEWLINE"
  done
  for nxa_each in ${NXA_JOB_REFS[NXA_JOB]-}; do
    nxa_encode "${NXA_REF[nxa_each]-}"
    NXA_VALUES="${NXA_VALUES}ref $nxa_each=$NXA_ENCODED$NXA_NEWLINE"
  done
}

# nxa_quote TEXT: NXA_QUOTED = the text as one word of any shell, in single quotes.
nxa_quote() {
  local nxa_mark=\' nxa_escaped="'\\''"
  NXA_QUOTED=\'${1//$nxa_mark/$nxa_escaped}\'
}
