# Usage: nxa_provide_ahead; in a process of its own, with the job's environment in force; then in the job's own script
#        nxa_provided_step
# Requires: core/runner.sh core/text.sh
# The providers of steps whose job runs where the host cannot be asked: those of all its steps run before the first. What is
# `required` is looked at just before the step, since earlier steps may give it.
# shellcheck shell=bash

# nxa_provide_ahead: NXA_AHEAD = what the providers of each step gave, or why not, as lines `step NUMBER=…`, `lost NUMBER=…`.
nxa_provide_ahead() {
  local nxa_list nxa_each
  # shellcheck disable=SC2034  # for core/providers.sh
  NXA_AHEAD='' NXA_LEVEL=step
  # The directories of steps are not here.
  NXA_STEP_WORKDIR=()
  for ((NXA_STEP = 0; NXA_STEP < ${#NXA_STEP_NAME[@]}; NXA_STEP++)); do
    nxa_list=''
    for nxa_each in ${NXA_STEP_PROVIDERS[NXA_STEP]-}; do
      case ${NXA_PROVIDER_KIND[nxa_each]} in required) ;; *) nxa_list="$nxa_list $nxa_each" ;; esac
    done
    [ -n "$nxa_list" ] || continue
    NXA_NOT_PROVIDED='' NXA_FROM_STEP=''
    nxa_provide_heed
    nxa_provide "$nxa_list" || {
      nxa_encode "${NXA_NOT_PROVIDED:-stopped}"
      NXA_AHEAD="${NXA_AHEAD}lost $NXA_STEP=$NXA_ENCODED$NXA_NEWLINE"
      continue
    }
    nxa_encode "$NXA_PROVIDED"
    NXA_AHEAD="${NXA_AHEAD}step $NXA_STEP=$NXA_ENCODED$NXA_NEWLINE"
  done
}

# nxa_print_required: the names that steps require, for the job's own script; and the functions that this takes there.
nxa_print_required() {
  local nxa_step nxa_each nxa_names
  # shellcheck disable=SC2016  # for the shell that reads it
  printf 'nxa_provide_step() { nxa_provided_step; }\nNXA_STEP_GIVEN=() NXA_STEP_LOST=() NXA_STEP_REQUIRED=()\n'
  declare -f nxa_list_exported nxa_export_lines
  for ((nxa_step = 0; nxa_step < ${#NXA_STEP_PROVIDERS[@]}; nxa_step++)); do
    nxa_names=''
    for nxa_each in ${NXA_STEP_PROVIDERS[nxa_step]-}; do
      case ${NXA_PROVIDER_KIND[nxa_each]} in
      required) nxa_names="$nxa_names ${NXA_PROVIDER_ARGUMENTS[nxa_each]//"$NXA_SEPARATOR"/ }" ;;
      esac
    done
    printf "NXA_STEP_REQUIRED[%s]='%s'\n" "$nxa_step" "${nxa_names# }"
  done
}

# nxa_provided_step: in the job's own script, as nxa_provide_step does it on the host. Status 1 where the step has come to its
# end by that.
nxa_provided_step() {
  local nxa_why=${NXA_STEP_LOST[NXA_STEP]-} nxa_missing=''
  NXA_FROM_STEP=${NXA_STEP_GIVEN[NXA_STEP]-}
  if [ -z "$nxa_why" ] && [ -n "${NXA_STEP_REQUIRED[NXA_STEP]-}" ]; then
    nxa_missing=$(nxa_missing_names)
    [ -z "$nxa_missing" ] || nxa_why="required, but not set: ${nxa_missing#, }"
  fi
  [ -n "$nxa_why" ] || return 0
  nxa_status=failure
  nxa_emit end "$NXA_STEP" failure 1 '' '' "envFrom: $nxa_why"
  nxa_count_result
  return 1
}

# nxa_missing_names: prints those that the step requires and its environment has not.
nxa_missing_names() {
  local nxa_name
  # shellcheck disable=SC2034  # for core/secrets.sh
  NXA_HUSHED=1
  nxa_prepare_step >/dev/null || return 0
  nxa_list_exported
  for nxa_name in ${NXA_STEP_REQUIRED[NXA_STEP]}; do
    # shellcheck disable=SC2153  # set by nxa_list_exported
    nxa_within "$nxa_name" "$NXA_EXPORTED" || printf ', %s' "$nxa_name"
  done
}
