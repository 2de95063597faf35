# Usage: nx_schedule; runs the selected jobs, returns the run's exit status
# Requires: core/supervisor.sh core/log.sh core/process.sh core/environment.sh
# The event-driven scheduler. All that happens arrives as one line on descriptor 7: a job ended, a
# condition was evaluated, an executor is set up, a signal came, time is up. Between lines the shell is
# blocked in `read` and uses no CPU.
# A job's state: waiting, checking, blocked (on its executor), queued, running, ended.
# shellcheck shell=bash

# nx_schedule: the main loop.
nx_schedule() {
  nx_schedule_start
  nx_start_queued
  while [ "$NX_LEFT" -gt 0 ]; do
    IFS= read -r NX_LINE <&7 || continue
    nx_happened "$NX_LINE"
    nx_start_queued
  done
  nx_schedule_end
}

nx_happened() {
  local nx_job
  # shellcheck disable=SC2086  # words without blanks in them
  set -- $1
  case $1 in
  done) nx_job_done "$2" "$3" ;;
  verdict) nx_job_checked "$2" "$3" ;;
  executor) nx_executor_ready "$2" "$3" ;;
  signal) nx_signalled "$2" ;;
  time) nx_time_up ;;
  grace) nx_abort_run ;;
  esac
}

# --- start and end ------------------------------------------------------------------------------------

nx_schedule_start() {
  local nx_i nx_need
  # A handler, not ignored: that steps would inherit. A write then fails, and nx_put stops writing.
  trap : PIPE
  # A process just started ignores what it is told until its own handlers stand; the order is in a file too.
  trap '' TERM HUP ALRM
  nx_clock
  NX_RUN_STARTED=$NX_NOW
  NX_STATE=() NX_RESULT=() NX_PENDING=() NX_DEPENDENTS=() NX_PID=() NX_BLOCKED=() NX_UP_FAILED=() NX_UP_BROKEN=()
  NX_EXECUTOR_STATE=() NX_QUEUE=() NX_QUEUE_HEAD=0 NX_RUNNING=0 NX_LEFT=0 NX_GROUP_RUNNING=() NX_GROUP_CANCELLED=()
  NX_CANCELLING='' NX_EXIT=0 NX_SIGNALS=0 NX_ANY_FAILED='' NX_RUN_TIMER='' NX_GRACE_TIMER=''
  nx_log_start
  nx_tell workflow_start Starting
  if [ -n "$NX_WORKFLOW_TIMEOUT" ]; then
    nx_alarm "$NX_WORKFLOW_TIMEOUT" time
    NX_RUN_TIMER=$NX_TIMER
  fi
  for ((nx_i = 0; nx_i < ${#NX_JOB_NAME[@]}; nx_i++)); do
    [ -n "${NX_SELECTED[nx_i]-}" ] || continue
    NX_STATE[nx_i]=waiting
    NX_PENDING[nx_i]=0
    NX_LEFT=$((NX_LEFT + 1))
    for nx_need in ${NX_JOB_NEEDS[nx_i]//,/ }; do
      [ -n "${NX_SELECTED[nx_need]-}" ] || continue
      NX_PENDING[nx_i]=$((NX_PENDING[nx_i] + 1))
      NX_DEPENDENTS[nx_need]="${NX_DEPENDENTS[nx_need]-} $nx_i"
    done
  done
  for ((nx_i = 0; nx_i < ${#NX_JOB_NAME[@]}; nx_i++)); do
    # One that ends here may have let others go on already.
    [ "${NX_STATE[nx_i]-}" = waiting ] && [ "${NX_PENDING[nx_i]}" = 0 ] && nx_consider "$nx_i"
  done
}

# nx_tell EVENT TEXT [KEY VALUE…]: an event of the run itself.
nx_tell() {
  nx_clock
  nx_log "$@"
}

# nx_alarm MS WORD: after MS, WORD is among what happens. NX_TIMER = its process group.
nx_alarm() {
  local nx_word=$2
  nx_sleep_text "$1"
  set -m
  (
    exec >/dev/null 2>&1 8>&-
    sleep "$NX_SLEEP" && printf '%s\n' "$nx_word" >&7
  ) </dev/null &
  NX_TIMER=$!
  set +m
  disown "$NX_TIMER"
}

nx_schedule_end() {
  local nx_i nx_status nx_duration
  nx_timer_stop "$NX_RUN_TIMER"
  nx_timer_stop "$NX_GRACE_TIMER"
  for ((nx_i = 0; nx_i < ${#NX_EXECUTOR_NAME[@]}; nx_i++)); do
    [ -n "${NX_EXECUTOR_STATE[nx_i]-}" ] || continue
    nx_clean_up_executor "$nx_i"
  done
  nx_end_strays
  [ "$NX_EXIT" != 0 ] || [ -z "$NX_ANY_FAILED" ] || NX_EXIT=1
  case $NX_EXIT in
  0) nx_status=success ;;
  124) nx_status=timeout ;;
  129 | 130 | 143) nx_status=cancelled ;;
  *) nx_status=failure ;;
  esac
  nx_clock
  nx_duration=$((NX_NOW - NX_RUN_STARTED))
  nx_end_text "$nx_status" "$NX_EXIT" "$nx_duration" '' "$NX_WORKFLOW_TIMEOUT"
  nx_log workflow_end "$NX_TEXT" status "$nx_status" exit_code "$NX_EXIT" duration_ms "$nx_duration"
  return "$NX_EXIT"
}

# nx_clean_up_executor EXECUTOR: what its tools say is shown where they fail.
nx_clean_up_executor() {
  local nx_name=${NX_EXECUTOR_NAME[$1]} nx_line
  if (
    "nx_executor_${1}_config"
    "nx_${NX_EXECUTOR_KIND[$1]}_cleanup_workspace" "$1"
  ) </dev/null >"$NX_RUN_TMP/cleanup.$1" 2>&1; then
    nx_tell executor_cleanup "Executor $nx_name cleaned up" executor "$nx_name" status success
    return
  fi
  while IFS= read -r nx_line || [ -n "$nx_line" ]; do
    nx_tell warning "Warning: $nx_line" message "$nx_line"
  done <"$NX_RUN_TMP/cleanup.$1"
  nx_tell executor_cleanup "Executor $nx_name could not be cleaned up" executor "$nx_name" status failure
}

# nx_end_strays: what left its group and its parents is found by its environment.
nx_end_strays() {
  local nx_pid
  nx_marked_processes ''
  nx_self
  NX_TREE=''
  for nx_pid in $NX_MARKED; do
    # Our own timers and filters have no JOB_NAME of a step, but they share our groups and are gone.
    [ "$nx_pid" = "$NX_SELF" ] || [ "$nx_pid" = "$$" ] || NX_TREE="$NX_TREE $nx_pid"
  done
  [ -n "$NX_TREE" ] || return 0
  nx_tree_kill TERM
  nx_tree_end 20
}

# --- jobs ------------------------------------------------------------------------------------------------

# nx_consider JOB: all it needs has ended; decide what becomes of it.
nx_consider() {
  local nx_job=$1 nx_skip=''
  nx_look_up "$nx_job"
  if [ -n "$nx_skip" ] && [ -z "${NX_JOB_ANYWAY[nx_job]-}" ]; then
    nx_end_unstarted "$nx_job" skipped "condition: ${NX_JOB_CONDITION_TEXT[nx_job]:-success()}"
  elif [ -n "${NX_SKIP[nx_job]-}" ]; then
    nx_end_unstarted "$nx_job" skipped '--skip'
  elif nx_overtaken "$nx_job"; then
    nx_end_unstarted "$nx_job" cancelled ''
  elif [ -n "${NX_JOB_CONDITION_TEXT[nx_job]-}" ]; then
    nx_resolve_refs "$nx_job"
    NX_STATE[nx_job]=checking
    set -m
    (nx_check_job "$nx_job") </dev/null &
    NX_PID[nx_job]=$!
    set +m
  elif [ -n "$NX_IS_SUCCESS" ]; then
    nx_job_wanted "$nx_job"
  else
    nx_end_unstarted "$nx_job" skipped 'condition: success()'
  fi
}

# nx_look_up JOB: what stands above the job: NX_IS_SUCCESS, NX_IS_FAILURE, NX_IS_CANCELLED for its condition, nx_skip
# if a need was skipped whole, NX_UP_FAILED and NX_UP_BROKEN for those below.
nx_look_up() {
  local nx_group nx_need nx_skipped nx_ok=1
  NX_UP_FAILED[$1]='' NX_UP_BROKEN[$1]=''
  for nx_group in ${NX_JOB_NEEDS[$1]}; do
    nx_skipped=1
    for nx_need in ${nx_group//,/ }; do
      [ -n "${NX_SELECTED[nx_need]-}" ] || continue
      nx_look_up_need "$1" "$nx_need"
    done
    [ -z "$nx_skipped" ] || nx_skip=1
  done
  NX_IS_SUCCESS='' NX_IS_FAILURE=${NX_UP_FAILED[$1]} NX_IS_CANCELLED=$NX_CANCELLING
  [ -z "${NX_UP_BROKEN[$1]}${NX_CANCELLING}$nx_skip" ] && [ -n "$nx_ok" ] && NX_IS_SUCCESS=1
  ! nx_group_cancelled "$1" || NX_IS_CANCELLED=1
}

# nx_look_up_need JOB NEED: one job that is needed. Failed and not tolerated counts against success and for
# failure, here and further down; cancelled only against success.
nx_look_up_need() {
  case ${NX_RESULT[$2]} in
  skipped) ;;
  failure | timeout)
    nx_skipped=''
    if [ -z "${NX_JOB_TOLERATED[$2]-}" ]; then
      NX_UP_FAILED[$1]=1 NX_UP_BROKEN[$1]=1
    fi
    ;;
  cancelled)
    nx_skipped=''
    NX_UP_BROKEN[$1]=1
    ;;
  *) nx_skipped='' ;;
  esac
  [ -z "${NX_UP_FAILED[$2]-}" ] || NX_UP_FAILED[$1]=1
  [ -z "${NX_UP_BROKEN[$2]-}" ] || NX_UP_BROKEN[$1]=1
}

# nx_overtaken JOB: has it been cancelled before it could start?
nx_overtaken() {
  [ -z "${NX_JOB_ON_CANCEL[$1]-}" ] || return 1
  [ -n "$NX_CANCELLING" ] || nx_group_cancelled "$1"
}

nx_group_cancelled() {
  local nx_group=${NX_JOB_GROUP[$1]-}
  [ -n "$nx_group" ] && [ -n "${NX_GROUP_CANCELLED[nx_group]-}" ]
}

# nx_job_checked JOB holds|cancelled: its condition was evaluated, or given up.
nx_job_checked() {
  if [ "$2" = cancelled ] || nx_overtaken "$1"; then
    nx_end_unstarted "$1" cancelled ''
  else
    nx_job_wanted "$1"
  fi
}

# nx_job_wanted JOB: it will run; its executor is set up first.
nx_job_wanted() {
  local nx_executor=${NX_JOB_EXECUTOR[$1]}
  case ${NX_EXECUTOR_STATE[nx_executor]-} in
  ready)
    nx_enqueue "$1"
    return
    ;;
  '')
    NX_EXECUTOR_STATE[nx_executor]=starting
    set -m
    (nx_set_up_executor "$nx_executor") </dev/null >"$NX_RUN_TMP/setup.$nx_executor" 2>&1 &
    set +m
    ;;
  esac
  NX_STATE[$1]=blocked
  NX_BLOCKED[nx_executor]="${NX_BLOCKED[nx_executor]-} $1"
}

# nx_set_up_executor EXECUTOR: in a process of its own; its end is told on descriptor 7.
nx_set_up_executor() {
  local nx_status=failure
  trap - TERM HUP ALRM
  exec 8>&-
  (
    exec 7>&-
    nx_restore_locale
    "nx_executor_${1}_config"
    "nx_${NX_EXECUTOR_KIND[$1]}_setup_workspace" "$1"
  ) && nx_status=success
  printf 'executor %s %s\n' "$1" "$nx_status" >&7
}

nx_executor_ready() {
  local nx_job
  NX_EXECUTOR_STATE[$1]=ready
  [ "$2" = success ] || : >"$NX_RUN_TMP/setup-failed.$1"
  if [ "$2" = success ]; then
    nx_tell executor_setup "Executor ${NX_EXECUTOR_NAME[$1]} set up" executor "${NX_EXECUTOR_NAME[$1]}" status success
  else
    nx_tell executor_setup "Executor ${NX_EXECUTOR_NAME[$1]} could not be set up" \
      executor "${NX_EXECUTOR_NAME[$1]}" status failure
  fi
  for nx_job in ${NX_BLOCKED[$1]-}; do
    [ "${NX_STATE[nx_job]}" != blocked ] || nx_enqueue "$nx_job"
  done
  NX_BLOCKED[$1]=''
}

nx_enqueue() {
  NX_STATE[$1]=queued
  NX_QUEUE[${#NX_QUEUE[@]}]=$1
}

# nx_next_queued: NX_NEXT = the next job that the limits allow to start, in the order in which jobs became ready; status 1
# if there is none.
nx_next_queued() {
  local nx_at nx_job nx_held=''
  [ -z "$NX_JOBS" ] || [ "$NX_RUNNING" -lt "$NX_JOBS" ] || return 1
  for ((nx_at = NX_QUEUE_HEAD; nx_at < ${#NX_QUEUE[@]}; nx_at++)); do
    nx_job=${NX_QUEUE[nx_at]}
    if [ -n "$nx_job" ] && [ "${NX_STATE[nx_job]}" = queued ]; then
      if ! nx_group_full "$nx_job"; then
        NX_QUEUE[nx_at]=''
        NX_NEXT=$nx_job
        return 0
      fi
      nx_held=1
    fi
    [ -n "$nx_held" ] || NX_QUEUE_HEAD=$((nx_at + 1))
  done
  return 1
}

# nx_group_full JOB: do as many jobs of its matrix run as may?
nx_group_full() {
  local nx_group=${NX_JOB_GROUP[$1]-}
  [ -n "$nx_group" ] && [ -n "${NX_GROUP_MAX[nx_group]-}" ] &&
    [ "${NX_GROUP_RUNNING[nx_group]-0}" -ge "${NX_GROUP_MAX[nx_group]}" ]
}

# nx_count_started JOB
nx_count_started() {
  local nx_group=${NX_JOB_GROUP[$1]-}
  NX_STATE[$1]=running
  NX_RUNNING=$((NX_RUNNING + 1))
  [ -z "$nx_group" ] || NX_GROUP_RUNNING[nx_group]=$((${NX_GROUP_RUNNING[nx_group]-0} + 1))
  nx_resolve_refs "$1"
}

# nx_start_queued: starts what may start. Without locals, since all that a job does happens below this frame.
nx_start_queued() {
  while nx_next_queued; do
    nx_count_started "$NX_NEXT"
    set -m
    (nx_supervise "$NX_NEXT") </dev/null &
    NX_PID[NX_NEXT]=$!
    set +m
  done
}

# nx_end_unstarted JOB STATUS REASON: a job that never ran ends.
nx_end_unstarted() {
  nx_log_about "${NX_JOB_NAME[$1]}"
  nx_end_text "$2" '' '' "$3" ''
  nx_tell job_end "$NX_TEXT" status "$2" reason "$3"
  nx_log_about ''
  nx_job_ended "$1" "$2"
}

# nx_job_done JOB STATUS: a job's filter said so.
nx_job_done() {
  local nx_group=${NX_JOB_GROUP[$1]-}
  case ${NX_STATE[$1]} in
  running)
    NX_RUNNING=$((NX_RUNNING - 1))
    [ -z "$nx_group" ] || NX_GROUP_RUNNING[nx_group]=$((NX_GROUP_RUNNING[nx_group] - 1))
    ;;
  ended) return 0 ;;
  esac
  nx_job_ended "$1" "$2"
}

# nx_job_ended JOB STATUS: keeps the result, cancels what it should, lets go on what waited for it.
nx_job_ended() {
  local nx_next
  NX_STATE[$1]=ended
  NX_RESULT[$1]=$2
  NX_PID[$1]=''
  NX_LEFT=$((NX_LEFT - 1))
  case $2 in
  failure | timeout) [ -n "${NX_JOB_TOLERATED[$1]-}" ] || nx_job_failed "$1" ;;
  esac
  for nx_next in ${NX_DEPENDENTS[$1]-}; do
    NX_PENDING[nx_next]=$((NX_PENDING[nx_next] - 1))
    [ "${NX_PENDING[nx_next]}" != 0 ] || [ "${NX_STATE[nx_next]}" != waiting ] || nx_consider "$nx_next"
  done
}

nx_job_failed() {
  local nx_group=${NX_JOB_GROUP[$1]-}
  NX_ANY_FAILED=1
  if [ -n "$NX_FAIL_FAST" ]; then
    nx_cancel_run
  elif [ -n "$nx_group" ] && [ -n "${NX_GROUP_FAIL_FAST[nx_group]-}" ] && [ -z "${NX_GROUP_CANCELLED[nx_group]-}" ]; then
    NX_GROUP_CANCELLED[nx_group]=1
    nx_cancel_jobs "$nx_group"
  fi
}

# --- references to other jobs ----------------------------------------------------------------------------

# nx_resolve_refs JOB: sets NX_REF for what its expressions read of jobs it needs.
nx_resolve_refs() {
  local nx_ref
  for nx_ref in ${NX_JOB_REFS[$1]-}; do
    case ${NX_REF_NAME[nx_ref]} in
    '') nx_group_result "${NX_REF_JOBS[nx_ref]}" ;;
    *) nx_group_export "${NX_REF_JOBS[nx_ref]}" "${NX_REF_NAME[nx_ref]}" ;;
    esac
    # shellcheck disable=SC2034  # read by generated code, where the workflow has such expressions
    NX_REF[nx_ref]=$NX_VALUE
  done
}

# nx_group_result JOBS: NX_VALUE = failure, else cancelled, if one of them is, skipped if all are, else success.
nx_group_result() {
  local nx_job nx_all=''
  for nx_job in $1; do
    case ${NX_RESULT[nx_job]-skipped} in timeout) nx_all="$nx_all failure" ;; *) nx_all="$nx_all ${NX_RESULT[nx_job]-skipped}" ;; esac
  done
  case "$nx_all " in
  *' failure '*) NX_VALUE=failure ;;
  *' cancelled '*) NX_VALUE=cancelled ;;
  *' success '*) NX_VALUE=success ;;
  *) NX_VALUE=skipped ;;
  esac
}

# nx_group_export JOBS NAME: NX_VALUE = what they exported, where all that ran agree.
nx_group_export() {
  local nx_job nx_line nx_found='' nx_mine
  NX_VALUE=''
  for nx_job in $1; do
    case ${NX_RESULT[nx_job]-skipped} in skipped) continue ;; esac
    nx_mine=''
    if [ -e "$NX_RUN_TMP/exports.$nx_job" ]; then
      while IFS= read -r nx_line; do
        [ "${nx_line%%=*}" != "$2" ] || nx_mine=${nx_line#*=}
      done <"$NX_RUN_TMP/exports.$nx_job"
    fi
    if [ -n "$nx_found" ] && [ "$nx_mine" != "$NX_VALUE" ]; then
      NX_VALUE=''
      return 0
    fi
    nx_found=1
    NX_VALUE=$nx_mine
  done
  nx_decode "$NX_VALUE"
  NX_VALUE=$NX_DECODED
}

# --- cancelling ------------------------------------------------------------------------------------------------

nx_signalled() {
  NX_SIGNALS=$((NX_SIGNALS + 1))
  [ "$NX_EXIT" != 0 ] || NX_EXIT=$1
  if [ "$NX_SIGNALS" = 1 ]; then nx_cancel_run; else nx_abort_run; fi
}

nx_time_up() {
  NX_EXIT=124
  nx_alarm 60000 grace
  NX_GRACE_TIMER=$NX_TIMER
  nx_cancel_run
}

# nx_cancel_run: stops what runs; what has not started ends, unless it is there for this very case.
nx_cancel_run() {
  [ -z "$NX_CANCELLING" ] || return 0
  NX_CANCELLING=1
  nx_cancel_jobs ''
}

# nx_cancel_jobs GROUP: the jobs of a matrix, or all.
nx_cancel_jobs() {
  local nx_job
  for ((nx_job = 0; nx_job < ${#NX_JOB_NAME[@]}; nx_job++)); do
    [ -z "$1" ] || [ "${NX_JOB_GROUP[nx_job]-}" = "$1" ] || continue
    case ${NX_STATE[nx_job]-} in
    running) nx_order_job "$nx_job" TERM ;;
    checking | blocked | queued)
      [ -n "${NX_JOB_ON_CANCEL[nx_job]-}" ] || nx_cancel_unstarted "$nx_job"
      ;;
    esac
  done
}

nx_cancel_unstarted() {
  case ${NX_STATE[$1]} in
  # Its verdict may be on its way: one end is told, by whoever knows.
  checking) nx_order_job "$1" ALRM ;;
  *) nx_end_unstarted "$1" cancelled '' ;;
  esac
}

# nx_order_job JOB SIGNAL: TERM cancels, ALRM ends at once (not HUP: under nohup nobody could heed it).
nx_order_job() {
  printf '%s\n' "$2" >"$NX_RUN_TMP/order.$1"
  kill -s "$2" "${NX_PID[$1]}" 2>/dev/null
}

# nx_abort_run: no job gets any more time; only the clean-up is left.
nx_abort_run() {
  local nx_job
  NX_CANCELLING=1
  for ((nx_job = 0; nx_job < ${#NX_JOB_NAME[@]}; nx_job++)); do
    NX_JOB_ON_CANCEL[nx_job]=''
    case ${NX_STATE[nx_job]-} in
    running) nx_order_job "$nx_job" ALRM ;;
    checking | blocked | queued) nx_cancel_unstarted "$nx_job" ;;
    esac
  done
}
