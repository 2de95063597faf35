# Usage: nxa_provide_run; nxa_provide_job; nxa_provide_step; each once at its level, where its condition holds
# Requires: core/fetch.sh core/secrets.sh core/runner.sh core/process.sh core/environment.sh core/text.sh
# The providers of `envFrom`: run in order on the host, in the repository, with the environment of their level; what they give
# is kept as lines NAME=encoded (NXA_FROM_RUN, NXA_FROM_JOB, NXA_FROM_STEP) and not exported before the processes that it is for.
# shellcheck shell=bash

NXA_FROM_RUN='' NXA_FROM_JOB='' NXA_FROM_STEP=''

# nxa_provide PROVIDERS: NXA_PROVIDED = what they give. Status 1 after one that failed, or where something required is
# missing: nxa_not_provided has been told each; also where it was interrupted (NXA_INTERRUPT).
nxa_provide() {
  local nxa_provider nxa_required='' nxa_ok=1
  NXA_PROVIDED=''
  for nxa_provider in $1; do
    case ${NXA_PROVIDER_KIND[nxa_provider]} in
    required) nxa_required="$nxa_required ${NXA_PROVIDER_ARGUMENTS[nxa_provider]//"$NXA_SEPARATOR"/ }" ;;
    static) nxa_provide_static "$nxa_provider" || nxa_ok='' ;;
    *) nxa_provide_fetched "$nxa_provider" || nxa_ok='' ;;
    esac
    [ -n "$nxa_ok" ] || break
  done
  [ -n "$NXA_INTERRUPT" ] || [ -z "$nxa_required" ] || nxa_check_required "$nxa_required" || nxa_ok=''
  [ -n "$nxa_ok" ]
}

# nxa_level_environment: the environment in force at NXA_LEVEL as far as it is known, for this process.
nxa_level_environment() {
  case $NXA_LEVEL in
  run)
    nxa_restore_locale
    nxa_export_lines "$NXA_PROVIDED"
    nxa_workflow_env
    ;;
  job)
    NXA_FROM_JOB=$NXA_PROVIDED
    nxa_job_environment "$NXA_JOB"
    ;;
  step)
    NXA_FROM_STEP=$NXA_PROVIDED
    nxa_set STEP_NAME "${NXA_STEP_NAME[NXA_STEP]}"
    nxa_set ATTEMPT 1
    nxa_prepare_step
    ;;
  esac
}

# nxa_export_lines LINES: exports what providers gave.
nxa_export_lines() {
  local nxa_lines=$1 nxa_line
  while [ -n "$nxa_lines" ]; do
    nxa_cut "$nxa_lines" "$NXA_NEWLINE"
    nxa_line=$NXA_CUT nxa_lines=$NXA_CUT_REST
    nxa_decode "${nxa_line#*=}"
    nxa_export "${nxa_line%%=*}" "$NXA_DECODED"
  done
}

# --- one provider --------------------------------------------------------------------------------------------

# nxa_provide_static PROVIDER: names and values alternate.
nxa_provide_static() {
  local nxa_i nxa_name
  nxa_unpack_words "${NXA_PROVIDER_ARGUMENTS[$1]}"
  for ((nxa_i = 0; nxa_i + 1 < ${#NXA_WORDS[@]}; nxa_i += 2)); do
    nxa_name=${NXA_WORDS[nxa_i]}
    nxa_encode "${NXA_WORDS[nxa_i + 1]}"
    nxa_take "$nxa_name=$NXA_ENCODED" '' || {
      nxa_not_provided "${NXA_PROVIDER_LABEL[$1]}: $NXA_ERROR"
      return 1
    }
  done
}

# nxa_provide_fetched PROVIDER: asks in a process of its own, so that every signal is heeded meanwhile.
nxa_provide_fetched() {
  local nxa_were=$- nxa_ok=1
  # Members of a group ask at once.
  NXA_FETCHED=$NXA_RUN_TMP/from.${NXA_JOB-}.$NXA_LEVEL.${NXA_STEP-}
  # The front's providers may ask on the terminal; those of jobs have a group of their own.
  [ "$NXA_LEVEL" = run ] || set -m
  (nxa_fetch "$1") </dev/null >/dev/null &
  NXA_CHILD=$!
  case $nxa_were in *m*) ;; *) set +m ;; esac
  nxa_await_child
  if [ -n "$NXA_INTERRUPT" ]; then
    nxa_ok=''
  elif [ "$NXA_STATUS" = 0 ]; then
    nxa_take_fetched "$1" || nxa_ok=''
  else
    nxa_fetch_failed "$1"
    nxa_ok=''
  fi
  rm -f -- "$NXA_FETCHED".*
  [ -n "$nxa_ok" ]
}

# nxa_take_fetched PROVIDER
nxa_take_fetched() {
  local nxa_line nxa_secret=''
  case ${NXA_PROVIDER_KIND[$1]} in
  sops | vault | onepassword | bitwarden | age) nxa_secret=1 ;;
  file) case ${NXA_PROVIDER_ARGUMENTS[$1]} in *"$NXA_SEPARATOR"1) nxa_secret=1 ;; esac ;;
  esac
  while IFS= LC_ALL=C read -r nxa_line; do
    nxa_take "$nxa_line" "$nxa_secret" || {
      nxa_not_provided "${NXA_PROVIDER_LABEL[$1]}: $NXA_ERROR"
      return 1
    }
  done <"$NXA_FETCHED.lines"
}

# nxa_take LINE SECRET: one variable, NAME=encoded. Status 1 where no process could be given it.
nxa_take() {
  local nxa_name=${1%%=*}
  nxa_decode "${1#*=}"
  if [ -n "$2" ]; then
    nxa_secret "$nxa_name" "$NXA_DECODED"
  else
    nxa_secret_named "$nxa_name" "$NXA_DECODED"
  fi
  case $NXA_CALLER_NAMES in *" $nxa_name "*) return 0 ;; esac
  if [ "${#NXA_DECODED}" -gt 30000 ] && ! nxa_fits "$nxa_name" "$NXA_DECODED"; then
    NXA_ERROR="the value of $nxa_name (${#NXA_DECODED} characters) is too long for this system to hand to a process"
    return 1
  fi
  NXA_PROVIDED=$NXA_PROVIDED$1$NXA_NEWLINE
}

# nxa_fits NAME VALUE: can a process be started with such a variable?
nxa_fits() {
  (export "$1=$2" && exec sh -c :) 2>/dev/null
}

# nxa_fetch_failed PROVIDER: says why, in our words or in the tool's own.
nxa_fetch_failed() {
  local nxa_why="failed (exit status $NXA_STATUS)"
  if [ -s "$NXA_FETCHED.why" ]; then
    IFS= read -r nxa_why <"$NXA_FETCHED.why"
  fi
  nxa_not_provided "${NXA_PROVIDER_LABEL[$1]}: $nxa_why" "$NXA_FETCHED.words"
}

# nxa_check_required NAMES: all that are not set are told at once.
nxa_check_required() {
  local nxa_missing
  nxa_missing=$(
    NXA_HUSHED=1
    nxa_level_environment >/dev/null
    nxa_list_exported
    for nxa_name in $1; do
      nxa_within "$nxa_name" "$NXA_EXPORTED" || printf ' %s' "$nxa_name"
    done
  )
  [ -n "$nxa_missing" ] || return 0
  nxa_missing=${nxa_missing# }
  nxa_not_provided "required, but not set: ${nxa_missing// /, }"
  return 1
}

# nxa_list_exported: NXA_EXPORTED = the names in the environment of what is started from here, blank-separated.
nxa_list_exported() {
  local nxa_line
  NXA_EXPORTED=''
  while IFS= LC_ALL=C read -r nxa_line; do
    case $nxa_line in 'declare -x '*=*) ;; *) continue ;; esac
    nxa_line=${nxa_line#declare -x }
    nxa_line=${nxa_line%%=*}
    # A line of some value may look like one of the list.
    nxa_is_name "$nxa_line" && [ -n "${!nxa_line+x}" ] && NXA_EXPORTED="$NXA_EXPORTED$nxa_line "
  done < <(declare -x)
  for nxa_line in "${NXA_STEP_ENV[@]+"${NXA_STEP_ENV[@]}"}"; do
    NXA_EXPORTED="$NXA_EXPORTED${nxa_line%%=*} "
  done
}

# nxa_not_provided MESSAGE [FILE]: FILE has a tool's words. Before there are jobs it is a problem of the preflight.
nxa_not_provided() {
  local nxa_line
  if [ "$NXA_LEVEL" != run ]; then
    NXA_NOT_PROVIDED="${NXA_NOT_PROVIDED:+$NXA_NOT_PROVIDED; }$1"
    [ -z "${2-}" ] || [ ! -e "$2" ] || nxa_warn_lines "$2"
    return 0
  fi
  nxa_problem "envFrom of the workflow: $1"
  [ -z "${2-}" ] || [ ! -e "$2" ] || while IFS= read -r nxa_line || [ -n "$nxa_line" ]; do
    NXA_PROBLEMS="$NXA_PROBLEMS      $nxa_line$NXA_NEWLINE"
  done <"$2"
}

# --- levels --------------------------------------------------------------------------------------------------

# nxa_provide_start: what the caller has wins over every provider.
nxa_provide_start() {
  nxa_list_exported
  NXA_CALLER_NAMES=" $NXA_EXPORTED"
}

# nxa_provide_run: those of the workflow, in the process that the caller sees; a signal, or the workflow's timeout, ends it.
nxa_provide_run() {
  NXA_LEVEL=run NXA_HALTED=''
  nxa_provide_heed
  trap 'nxa_provide_halted 130' INT
  trap 'nxa_provide_halted 143' TERM
  trap 'nxa_provide_halted 129' HUP
  trap 'nxa_provide_halted 124' USR1
  NXA_TIMER=''
  [ -z "$NXA_WORKFLOW_TIMEOUT" ] || nxa_timer_start "$NXA_WORKFLOW_TIMEOUT" USR1 $$
  nxa_provide "$NXA_RUN_PROVIDERS"
  nxa_timer_stop "$NXA_TIMER"
  trap - INT TERM HUP USR1
  NXA_FROM_RUN=$NXA_PROVIDED
}

# nxa_provide_job: those of the job NXA_JOB, in its body. Status 1 where the job has come to its end by that.
nxa_provide_job() {
  local nxa_ok=1
  NXA_LEVEL=job NXA_HALTED='' NXA_NOT_PROVIDED=''
  nxa_provide_heed
  trap 'nxa_provide_halted cancelled' TERM
  trap 'nxa_provide_halted timeout' USR2
  nxa_provide "${NXA_JOB_PROVIDERS[NXA_JOB]}" || nxa_ok=''
  trap - TERM USR2
  NXA_FROM_JOB=$NXA_PROVIDED
  if [ -n "$NXA_HALTED" ]; then
    nxa_emit job_result "$NXA_HALTED"
    return 1
  fi
  [ -z "$nxa_ok" ] || return 0
  nxa_emit job_failed "envFrom: $NXA_NOT_PROVIDED"
  return 1
}

# nxa_provide_step: those of the step NXA_STEP, in the job runner, once for all its attempts. Status 1 where the step has come
# to its end by that. The runner's handlers of signals are in force.
nxa_provide_step() {
  NXA_LEVEL=step NXA_NOT_PROVIDED=''
  if nxa_provide "${NXA_STEP_PROVIDERS[NXA_STEP]}"; then
    NXA_FROM_STEP=$NXA_PROVIDED
    return 0
  fi
  if [ -n "$NXA_INTERRUPT" ] && [ -z "$NXA_TIMED_OUT" ]; then
    nxa_status=cancelled
  else
    nxa_status=failure
    [ -z "$NXA_INTERRUPT" ] || NXA_NOT_PROVIDED='stopped'
  fi
  nxa_emit end "$NXA_STEP" "$nxa_status" 1 '' '' "envFrom: ${NXA_NOT_PROVIDED:-stopped}"
  nxa_count_result
  return 1
}

# nxa_provide_heed: as the runner does it, a handler stops NXA_CHILD.
nxa_provide_heed() {
  NXA_CHILD='' NXA_STOPPED='' NXA_INTERRUPT=''
}

# nxa_provide_halted HOW
nxa_provide_halted() {
  [ -n "$NXA_HALTED" ] || NXA_HALTED=$1
  nxa_interrupt
}
