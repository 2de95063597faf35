# Usage: nxa_check_job JOB; nxa_supervise JOB; nxa_bury JOB WORKER STATUS; each in a background process group of its own
# Requires: core/clock.sh core/output.sh core/stream.sh core/artifact.sh core/process.sh core/condition.sh core/environment.sh
# A job's supervisor: outside of the group in which its steps run, so that nothing a step does to its own
# group keeps the job's end from being told. Signals: TERM cancels the job, ALRM ends it at once, USR1 is
# the job's timeout.
# Functions that last as long as their process keep their state in globals, here and in the runner and the filter: each
# frame with locals makes every look-up of a variable below it dearer.
# shellcheck shell=bash

# nxa_check_job JOB: evaluates the job's condition, on the host, in the repository, with the job's
# environment.
nxa_check_job() {
  NXA_JOB=$1
  nxa_output_join check
  nxa_restore_locale
  NXA_CHILD='' NXA_STOPPED=''
  NXA_CONDITION_DIR=$NXA_REPOSITORY
  NXA_CONDITION_FILE=$NXA_RUN_TMP/condition.$NXA_JOB
  nxa_signals_back TERM HUP
  trap 'nxa_check_aborted' ALRM
  [ ! -e "$NXA_RUN_TMP/order.$NXA_JOB" ] || nxa_check_aborted
  nxa_job_environment "$NXA_JOB"
  umask "$NXA_CALLER_UMASK"
  nxa_evaluate "nxa_job_$NXA_JOB" condition
  case $? in
  0) nxa_emit verdict holds ;;
  1) nxa_emit verdict fails "${NXA_JOB_CONDITION_TEXT[NXA_JOB]}" ;;
  *) nxa_emit verdict error "$NXA_CONDITION_ERROR" ;;
  esac
}

# The job was cancelled before it was known whether it would run.
nxa_check_aborted() {
  nxa_tree_find "$NXA_CHILD"
  nxa_tree_kill KILL
  nxa_emit verdict cancelled
  exit 0
}

# nxa_job_environment JOB: the workflow's and the job's variables, for this process and what it starts. A worker that has run a
# job has those of the workflow, and none of the job's.
nxa_job_environment() {
  export JOB_NAME="${NXA_JOB_NAME[$1]}"
  [ -z "${NXA_AGAIN-}" ] || return 0
  nxa_run_environment
  [ -z "${NXA_FROM_JOB-}" ] || nxa_export_lines "$NXA_FROM_JOB"
  "nxa_job_$1" env
}

# nxa_supervise JOB: the job from its set-up to its clean-up.
nxa_supervise() {
  NXA_JOB=$1
  NXA_EXECUTOR=${NXA_JOB_EXECUTOR[NXA_JOB]}
  NXA_KIND=${NXA_EXECUTOR_KIND[NXA_EXECUTOR]}
  "nxa_job_$NXA_JOB" plan
  nxa_output_join stream
  nxa_restore_locale
  nxa_make_start
  printf '%s' "$NXA_RECORD"
  "nxa_executor_${NXA_EXECUTOR}_config"
  NXA_BODY='' NXA_ORDER='' NXA_JOB_TIMER='' NXA_UNTOLD=''
  nxa_watch_over_body
  nxa_emit close "$NXA_BODY_STATUS"
}

# nxa_make_start: NXA_RECORD = the first record of the job. Later ones name steps by number.
nxa_make_start() {
  nxa_make_record "$NXA_MARK" job_start "${NXA_EXECUTOR_NAME[NXA_EXECUTOR]}" "${NXA_JOB_TIMEOUT[NXA_JOB]-}" \
    ${NXA_STEP_NAME[@]+"${NXA_STEP_NAME[@]}"}
}

# nxa_watch_over_body: the job in a process of its own, and what follows it.
nxa_watch_over_body() {
  trap 'nxa_order TERM' TERM
  trap 'nxa_order USR2' USR1
  trap 'nxa_abort' ALRM
  nxa_signals_back HUP
  # What came before the handlers stood.
  nxa_read_order
  nxa_self
  if [ -n "${NXA_JOB_TIMEOUT[NXA_JOB]-}" ]; then
    nxa_job_clock
    # shellcheck disable=SC2034  # for jobs elsewhere, which keep it themselves
    NXA_JOB_UNTIL=$((NXA_NOW + NXA_JOB_TIMEOUT[NXA_JOB]))
    nxa_timer_start "${NXA_JOB_TIMEOUT[NXA_JOB]}" USR1 "$NXA_SELF"
    NXA_JOB_TIMER=$NXA_TIMER
  fi
  set -m
  (nxa_job_body) </dev/null 2>"$NXA_RUN_TMP/runner.$NXA_JOB" &
  NXA_BODY=$!
  set +m
  [ -z "$NXA_ORDER" ] || kill -s "${NXA_ORDER/ALRM/KILL}" "$NXA_BODY" 2>/dev/null
  nxa_await "$NXA_BODY"
  NXA_BODY_STATUS=$NXA_STATUS
  NXA_BODY=''
  nxa_timer_stop "$NXA_JOB_TIMER"
  [ "$NXA_BODY_STATUS" = 0 ] || nxa_body_died "$NXA_RUN_TMP/runner.$NXA_JOB"
  # Here, too, a loop without a turn would make bash fill its table of children.
  [ "${#NXA_OUTPUT_NAME[@]}" = 0 ] || nxa_save_outputs
  [ -z "${NXA_CACHE_KEY-}" ] || nxa_cache_save
  "nxa_${NXA_KIND}_cleanup_job" "$NXA_EXECUTOR" "$NXA_JOB" 2>&1
}

# nxa_read_order: NXA_ORDER = what the scheduler has ordered, if anything.
nxa_read_order() {
  [ ! -e "$NXA_RUN_TMP/order.$NXA_JOB" ] || IFS= read -r NXA_ORDER <"$NXA_RUN_TMP/order.$NXA_JOB"
}

# nxa_job_clock: NXA_NOW = ms since the epoch; the clock wants our own locale, jobs have the caller's.
nxa_job_clock() {
  NXA_NOW=$(nxa_print_clock)
}

# nxa_order SIGNAL: passes an order on to the job's body.
nxa_order() {
  NXA_INTERRUPTED=1
  # A second cancel would end what runs because of the first.
  [ "$NXA_ORDER" != "$1" ] || return 0
  NXA_ORDER=$1
  [ -z "$NXA_BODY" ] || kill -s "$1" "$NXA_BODY" 2>/dev/null
}

# nxa_abort: ends the job's processes at once; the rest of the supervision goes on.
nxa_abort() {
  NXA_ORDER=ALRM
  NXA_INTERRUPTED=1
  # Without a body it is about what follows: an output that is fetched, the clean-up.
  nxa_kill_job "$NXA_BODY"
}

# nxa_kill_job [PID]: ends PID, and what bears the job's name in its environment, with all that descends from them.
nxa_kill_job() {
  nxa_marked_processes "${NXA_JOB_NAME[NXA_JOB]}"
  nxa_tree_find "${1-}$NXA_MARKED"
  nxa_tree_kill KILL
}

# nxa_body_died FILE: the job runner did not end by itself; nothing of the job may outlive it. FILE has what it said.
nxa_body_died() {
  nxa_kill_job
  case $NXA_ORDER in
  USR2) nxa_emit job_result timeout ;;
  TERM | ALRM) nxa_emit job_result cancelled ;;
  *) nxa_warn_lines "$1" ;;
  esac
}

# nxa_job_body: set-up, inputs and steps, in the job's own process group.
nxa_job_body() {
  trap - TERM USR1 ALRM
  NXA_HEEDING=nxa_body_heeds
  nxa_executor_is_up || return 0
  NXA_ERROR="the job's directory could not be set up"
  "nxa_${NXA_KIND}_setup_job" "$NXA_EXECUTOR" "$NXA_JOB" 2>&1 || {
    nxa_emit job_failed "$NXA_ERROR"
    return 0
  }
  [ -z "${NXA_CACHE_KEY-}" ] || nxa_cache_restore 2>&1
  nxa_restore_inputs 2>&1 || {
    nxa_emit job_failed "$NXA_ERROR"
    return 0
  }
  [ -z "${NXA_JOB_PROVIDERS[NXA_JOB]-}" ] || nxa_provide_job || return 0
  "nxa_${NXA_KIND}_execute_job" "$NXA_EXECUTOR" "$NXA_JOB"
}

# nxa_body_heeds: the runner's handlers stand. A signal that came to this process before its first command was lost with the
# supervisor's handlers.
nxa_body_heeds() {
  nxa_read_order
  [ "$NXA_ORDER" != TERM ] || nxa_on_cancel
}

# nxa_print_heeding: what a shell that takes over from this one needs besides the runner.
nxa_print_heeding() {
  declare -f nxa_read_order "$NXA_HEEDING"
  nxa_print_texts NXA_RUN_TMP NXA_HEEDING
  printf 'NXA_ORDER=\n'
  [ "$NXA_HEEDING" != nxa_bare_heeds ] || nxa_print_bare
}

# nxa_executor_is_up: one that is not fails the job.
nxa_executor_is_up() {
  [ -e "$NXA_RUN_TMP/setup-failed.$NXA_EXECUTOR" ] || return 0
  nxa_tell_untold
  cat <"$NXA_RUN_TMP/setup.$NXA_EXECUTOR"
  nxa_emit job_failed "executor ${NXA_EXECUTOR_NAME[NXA_EXECUTOR]} could not be set up"
  return 1
}

# nxa_bury JOB WORKER STATUS: in the place of the worker of a bare job, which was killed; the job's stream goes on here.
nxa_bury() {
  NXA_JOB=$1 NXA_ORDER=''
  nxa_output_join stream
  nxa_emit heir
  nxa_restore_locale
  nxa_read_order
  nxa_body_died "$NXA_RUN_TMP/worker.$2/words"
  nxa_emit close "$3"
}
