# Usage: nxa_job_script FILE; in a job's own process, its environment and plan in force
# Requires: core/runner.sh
# A job as one self-contained script: the job runner, the job's generated functions and what these read. The environment is
# for whoever starts it to hand over.
# shellcheck shell=bash

# nxa_job_script FILE: writes the script of the job NXA_JOB. NXA_RUNNER_FUNCTIONS, which the compiler gives, names the
# functions of core/runner.sh and of all it requires.
nxa_job_script() {
  {
    # As core/start.sh has it.
    printf 'set -u\nshopt -u patsub_replacement 2>/dev/null\n'
    # shellcheck disable=SC2086  # a list of names
    declare -f $NXA_RUNNER_FUNCTIONS "nxa_job_$NXA_JOB"
    nxa_print_texts NXA_NEWLINE NXA_SEPARATOR NXA_BACKSLASH NXA_QUOTE NXA_MARK NXA_JOB NXA_JOB_TMP NXA_JOB_DIR \
      NXA_LOG_LEVEL NXA_BUNDLE NXA_BASH NXA_OVERRIDES NXA_SECRETS
    [ -z "${NXA_RELAY_PL-}" ] || nxa_print_texts NXA_RELAY_PL
    nxa_print_array NXA_STEP_ENV
    nxa_print_array NXA_REF
    printf 'NXA_GIVEN_NAME=() NXA_GIVEN_VALUE=()\nnxa_no_plan\nnxa_job_%s plan\nnxa_run_job\n' "$NXA_JOB"
  } >"$1"
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
