# Usage: nx_check_job JOB; nx_supervise JOB; each in a background process group of its own
# Requires: core/filter.sh core/stream.sh core/artifact.sh core/process.sh core/condition.sh core/environment.sh
# A job's supervisor: outside of the group in which its steps run, so that nothing a step does to its own
# group keeps the job's end from being told. Signals: TERM cancels the job, ALRM ends it at once, USR1 is
# the job's timeout.
# Functions that last as long as their process keep their state in globals, here and in the runner and the filter: each
# frame with locals makes every look-up of a variable below it dearer.
# shellcheck shell=bash

# nx_check_job JOB: evaluates the job's condition, on the host, in the repository, with the job's
# environment.
nx_check_job() {
  NX_JOB=$1
  exec > >(nx_filter)
  exec 7>&- 8>&-
  nx_restore_locale
  NX_CHILD='' NX_STOPPED=''
  NX_CONDITION_DIR=$NX_REPOSITORY
  NX_CONDITION_FILE=$NX_RUN_TMP/condition.$NX_JOB
  trap - TERM HUP
  trap 'nx_check_aborted' ALRM
  [ ! -e "$NX_RUN_TMP/order.$NX_JOB" ] || nx_check_aborted
  nx_job_environment "$NX_JOB"
  umask "$NX_CALLER_UMASK"
  nx_evaluate "nx_job_$NX_JOB" condition
  case $? in
  0) nx_emit verdict holds ;;
  1) nx_emit verdict fails ;;
  *) nx_emit verdict error "$NX_CONDITION_ERROR" ;;
  esac
}

# The job was cancelled before it was known whether it would run.
nx_check_aborted() {
  nx_tree_find "$NX_CHILD"
  nx_tree_kill KILL
  nx_emit verdict cancelled
  exit 0
}

# nx_job_environment JOB: the workflow's and the job's variables, for this process and what it starts.
nx_job_environment() {
  export JOB_NAME="${NX_JOB_NAME[$1]}"
  nx_workflow_env
  "nx_job_$1" env
}

# nx_supervise JOB: the job from its set-up to its clean-up.
nx_supervise() {
  NX_JOB=$1
  NX_EXECUTOR=${NX_JOB_EXECUTOR[NX_JOB]}
  NX_KIND=${NX_EXECUTOR_KIND[NX_EXECUTOR]}
  # The filter inherits the plan: records name steps by number.
  "nx_job_$NX_JOB" plan
  exec > >(nx_filter)
  exec 7>&- 8>&-
  nx_restore_locale
  nx_emit job_start "${NX_EXECUTOR_NAME[NX_EXECUTOR]}"
  "nx_executor_${NX_EXECUTOR}_config"
  NX_BODY='' NX_ORDER='' NX_JOB_TIMER=''
  trap 'nx_order TERM' TERM
  trap 'nx_order USR2' USR1
  trap 'nx_abort' ALRM
  trap - HUP
  # What came before the handlers stood.
  [ ! -e "$NX_RUN_TMP/order.$NX_JOB" ] || IFS= read -r NX_ORDER <"$NX_RUN_TMP/order.$NX_JOB"
  nx_self
  if [ -n "${NX_JOB_TIMEOUT[NX_JOB]-}" ]; then
    nx_timer_start "${NX_JOB_TIMEOUT[NX_JOB]}" USR1 "$NX_SELF"
    NX_JOB_TIMER=$NX_TIMER
  fi
  set -m
  (nx_job_body) </dev/null 2>"$NX_RUN_TMP/runner.$NX_JOB" &
  NX_BODY=$!
  set +m
  [ -z "$NX_ORDER" ] || kill -s "${NX_ORDER/ALRM/KILL}" "$NX_BODY" 2>/dev/null
  nx_await "$NX_BODY"
  NX_BODY_STATUS=$NX_STATUS
  NX_BODY=''
  nx_timer_stop "$NX_JOB_TIMER"
  [ "$NX_BODY_STATUS" = 0 ] || nx_body_died
  nx_save_outputs
  "nx_${NX_KIND}_cleanup_job" "$NX_EXECUTOR" "$NX_JOB" 2>&1
  nx_emit close "$NX_BODY_STATUS"
}

# nx_order SIGNAL: passes an order on to the job's body.
nx_order() {
  NX_INTERRUPTED=1
  # A second cancel would end what runs because of the first.
  [ "$NX_ORDER" != "$1" ] || return 0
  NX_ORDER=$1
  [ -z "$NX_BODY" ] || kill -s "$1" "$NX_BODY" 2>/dev/null
}

# nx_abort: ends the job's processes at once; the rest of the supervision goes on.
nx_abort() {
  NX_ORDER=ALRM
  NX_INTERRUPTED=1
  [ -n "$NX_BODY" ] || return 0
  nx_marked_processes "${NX_JOB_NAME[NX_JOB]}"
  nx_tree_find "$NX_BODY$NX_MARKED"
  nx_tree_kill KILL
}

# nx_body_died: the job runner did not end by itself; nothing of the job may outlive it.
nx_body_died() {
  local nx_line
  nx_marked_processes "${NX_JOB_NAME[NX_JOB]}"
  nx_tree_find "${NX_MARKED# }"
  nx_tree_kill KILL
  case $NX_ORDER in
  USR2) nx_emit job_result timeout ;;
  TERM | ALRM) nx_emit job_result cancelled ;;
  *)
    while IFS= read -r nx_line || [ -n "$nx_line" ]; do
      nx_warn "$nx_line"
    done <"$NX_RUN_TMP/runner.$NX_JOB"
    ;;
  esac
}

# nx_job_body: set-up, inputs and steps, in the job's own process group.
nx_job_body() {
  trap - TERM USR1 ALRM
  if [ -e "$NX_RUN_TMP/setup-failed.$NX_EXECUTOR" ]; then
    cat <"$NX_RUN_TMP/setup.$NX_EXECUTOR"
    nx_emit job_failed "executor ${NX_EXECUTOR_NAME[NX_EXECUTOR]} could not be set up"
    return 0
  fi
  "nx_${NX_KIND}_setup_job" "$NX_EXECUTOR" "$NX_JOB" 2>&1 || {
    nx_emit job_failed "the job's directory could not be set up"
    return 0
  }
  nx_restore_inputs 2>&1 || {
    nx_emit job_failed "$NX_ERROR"
    return 0
  }
  nx_job_environment "$NX_JOB"
  umask "$NX_CALLER_UMASK"
  "nx_${NX_KIND}_execute_job" "$NX_EXECUTOR" "$NX_JOB"
}
