# Usage: nx_check_job JOB; nx_supervise JOB; each in a background process group of its own
# Requires: core/filter.sh core/stream.sh core/artifact.sh core/process.sh core/condition.sh core/environment.sh
# A job's supervisor: outside of the group in which its steps run, so that nothing a step does to its own
# group keeps the job's end from being told. Signals: TERM cancels the job, HUP ends it at once, USR1 is
# the job's timeout.
# shellcheck shell=bash

# nx_check_job JOB: evaluates the job's condition, on the host, in the repository, with the job's
# environment.
nx_check_job() {
  local nx_job=$1 nx_verdict
  exec > >(nx_filter "$nx_job")
  exec 7>&- 8>&-
  nx_restore_locale
  NX_CHILD='' NX_STOPPED=''
  NX_CONDITION_DIR=$NX_REPOSITORY
  NX_CONDITION_FILE=$NX_RUN_TMP/condition.$nx_job
  trap 'nx_check_aborted' HUP
  nx_job_environment "$nx_job"
  nx_evaluate "nx_job_$nx_job" condition
  nx_verdict=$?
  case $nx_verdict in
  0) nx_emit verdict holds ;;
  1) nx_emit verdict fails ;;
  *) nx_emit verdict error "$NX_CONDITION_ERROR" ;;
  esac
}

# The job was cancelled before it was known whether it would run; the scheduler has told of it.
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
  local nx_job=$1 nx_executor nx_kind nx_timer='' nx_status
  nx_executor=${NX_JOB_EXECUTOR[nx_job]}
  nx_kind=${NX_EXECUTOR_KIND[nx_executor]}
  # The filter inherits the plan: records name steps by number.
  "nx_job_$nx_job" plan
  exec > >(nx_filter "$nx_job")
  exec 7>&- 8>&-
  nx_restore_locale
  nx_emit job_start "${NX_EXECUTOR_NAME[nx_executor]}"
  "nx_executor_${nx_executor}_config"
  NX_BODY='' NX_ORDER=''
  trap 'nx_order TERM' TERM
  trap 'nx_order USR2' USR1
  trap 'nx_abort' HUP
  nx_self
  if [ -n "${NX_JOB_TIMEOUT[nx_job]-}" ]; then
    nx_timer_start "${NX_JOB_TIMEOUT[nx_job]}" USR1 "$NX_SELF"
    nx_timer=$NX_TIMER
  fi
  set -m
  (nx_job_body "$nx_job") </dev/null 2>"$NX_RUN_TMP/runner.$nx_job" &
  NX_BODY=$!
  set +m
  [ -z "$NX_ORDER" ] || kill -s "$NX_ORDER" "$NX_BODY" 2>/dev/null
  nx_await "$NX_BODY"
  nx_status=$NX_STATUS
  NX_BODY=''
  nx_timer_stop "$nx_timer"
  [ "$nx_status" = 0 ] || nx_body_died
  nx_save_outputs "$nx_job"
  "nx_${nx_kind}_cleanup_job" "$nx_executor" "$nx_job" 2>&1
  nx_emit close "$nx_status"
}

# nx_order SIGNAL: passes an order on to the job's body.
nx_order() {
  NX_ORDER=$1
  NX_INTERRUPTED=1
  [ -z "$NX_BODY" ] || kill -s "$1" "$NX_BODY" 2>/dev/null
}

# nx_abort: ends the job's processes at once; the rest of the supervision goes on.
nx_abort() {
  NX_INTERRUPTED=1
  [ -n "$NX_BODY" ] || return 0
  nx_marked_processes "${NX_JOB_NAME[nx_job]}"
  nx_tree_find "$NX_BODY$NX_MARKED"
  nx_tree_kill KILL
}

# nx_body_died: the job runner did not end by itself; nothing of the job may outlive it.
nx_body_died() {
  local nx_line
  nx_marked_processes "${NX_JOB_NAME[nx_job]}"
  nx_tree_find "${NX_MARKED# }"
  nx_tree_kill KILL
  case $NX_ORDER in
  USR2) nx_emit job_result timeout ;;
  TERM) nx_emit job_result cancelled ;;
  *)
    while IFS= read -r nx_line || [ -n "$nx_line" ]; do
      nx_warn "$nx_line"
    done <"$NX_RUN_TMP/runner.$nx_job"
    ;;
  esac
}

# nx_job_body JOB: set-up, inputs and steps, in the job's own process group.
nx_job_body() {
  local nx_job=$1
  trap - TERM USR1 HUP
  if [ -e "$NX_RUN_TMP/setup-failed.$nx_executor" ]; then
    while IFS= read -r nx_line || [ -n "$nx_line" ]; do
      printf '%s\n' "$nx_line"
    done <"$NX_RUN_TMP/setup.$nx_executor"
    nx_emit job_failed "executor ${NX_EXECUTOR_NAME[nx_executor]} could not be set up"
    return 0
  fi
  "nx_${nx_kind}_setup_job" "$nx_executor" "$nx_job" 2>&1 || {
    nx_emit job_failed "the job's directory could not be set up"
    return 0
  }
  nx_restore_inputs "$nx_job" 2>&1 || {
    nx_emit job_failed "$NX_ERROR"
    return 0
  }
  nx_job_environment "$nx_job"
  "nx_${nx_kind}_execute_job" "$nx_executor" "$nx_job"
}
