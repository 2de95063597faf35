# Usage: nxa_schedule; runs the selected jobs, returns the run's exit status
# Requires: core/resume.sh core/assign.sh core/cancel.sh core/refs.sh core/supervisor.sh core/log.sh core/process.sh core/environment.sh
# The event-driven scheduler. All that happens arrives as one line on descriptor 7: a job ended, a
# condition was evaluated, an executor is set up, a signal came, time is up. Between lines the shell is
# blocked in `read` and uses no CPU.
# A job's state: waiting, checking, blocked (on its executor), queued, running, ended.
# shellcheck shell=bash

# nxa_schedule: the main loop.
nxa_schedule() {
  nxa_schedule_start
  nxa_start_queued
  while [ "$NXA_LEFT" -gt 0 ]; do
    IFS= read -r -u 7 NXA_LINE || continue
    # shellcheck disable=SC2086  # words without blanks in them
    nxa_happened $NXA_LINE
    [ "$NXA_QUEUE_HEAD" = "${#NXA_QUEUE[@]}" ] || nxa_start_queued
  done
  nxa_schedule_end
}

# nxa_happened WORD…: a line of descriptor 7.
nxa_happened() {
  case $1 in
  done) nxa_job_done "$2" "$3" ;;
  verdict) nxa_job_checked "$2" "$3" ;;
  executor) nxa_executor_ready "$2" "$3" ;;
  signal) nxa_signalled "$2" ;;
  time) nxa_time_up ;;
  grace) nxa_abort_run ;;
  orphan) nxa_job_orphaned "$2" ;;
  untaken) nxa_job_untaken "$2" ;;
  collector) nxa_collector_gone ;;
  esac
}

# --- start and end ------------------------------------------------------------------------------------

nxa_schedule_start() {
  local nxa_i nxa_need
  # A handler, not ignored: that steps would inherit. A write then fails, and nxa_put stops writing.
  trap : PIPE
  # A process just started ignores what it is told until its own handlers stand; the order is in a file too.
  trap '' TERM HUP ALRM
  NXA_STATE=() NXA_RESULT=() NXA_PENDING=() NXA_DEPENDENTS=() NXA_PID=() NXA_BLOCKED=() NXA_UP_FAILED=() NXA_UP_BROKEN=()
  NXA_EXECUTOR_STATE=() NXA_SETUP_PID=() NXA_QUEUE=() NXA_QUEUE_HEAD=0 NXA_RUNNING=0 NXA_LEFT=0 NXA_GROUP_RUNNING=() NXA_GROUP_CANCELLED=()
  NXA_WORKER_OF=() NXA_WORKER_PID=() NXA_IDLE_WORKERS=()
  NXA_KEPT=() NXA_SECRET_JOBS='' NXA_CANCELLING='' NXA_EXIT=0 NXA_ANY_FAILED='' NXA_RUN_TIMER='' NXA_GRACE_TIMER=''
  # Here, so that not each process finds them.
  nxa_find_reapers
  # In force in each job's process, where only what its plan has is set.
  nxa_no_plan
  nxa_output_start
  [ -n "$NXA_WATCHING" ] || nxa_without_workers
  nxa_jobs_at_most
  nxa_log_start
  nxa_tell workflow_start Starting
  [ -z "${NXA_RUN_WARNINGS-}" ] || nxa_tell_warnings
  if [ -n "$NXA_WORKFLOW_TIMEOUT" ]; then
    nxa_alarm "$NXA_WORKFLOW_TIMEOUT" time
    NXA_RUN_TIMER=$NXA_TIMER
  fi
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    [ -n "${NXA_SELECTED[nxa_i]-}" ] || continue
    NXA_STATE[nxa_i]=waiting
    NXA_PENDING[nxa_i]=0
    NXA_LEFT=$((NXA_LEFT + 1))
    for nxa_need in ${NXA_JOB_NEEDS[nxa_i]//,/ }; do
      [ -n "${NXA_SELECTED[nxa_need]-}" ] || continue
      NXA_PENDING[nxa_i]=$((NXA_PENDING[nxa_i] + 1))
      NXA_DEPENDENTS[nxa_need]="${NXA_DEPENDENTS[nxa_need]-} $nxa_i"
    done
  done
  nxa_adopt_unselected
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    # One that ends here may have let others go on already.
    [ "${NXA_STATE[nxa_i]-}" = waiting ] && [ "${NXA_PENDING[nxa_i]}" = 0 ] && nxa_consider "$nxa_i"
  done
}

# nxa_collector_gone: it was killed. Nothing more can be told, so the run ends; what still runs is among the strays.
nxa_collector_gone() {
  nxa_pretty_wipe
  printf '%s: error: the process that writes the output was killed\n' "${0##*/}" >&2
  NXA_COLLECTOR='' NXA_FORMAT=none NXA_EXIT=1 NXA_LEFT=0
  # What is told from here on goes to the records alone.
  nxa_token_start
  exec 5>>"$NXA_RUN_DIR/events.jsonl" 6>/dev/null
  nxa_abort_run
}

# nxa_tell EVENT TEXT [KEY VALUE…]: an event of the run itself.
nxa_tell() {
  nxa_clock
  nxa_log "$@"
}

# nxa_tell_warnings: what there was to warn of before there was a log.
nxa_tell_warnings() {
  local nxa_rest=$NXA_RUN_WARNINGS nxa_line
  while [ -n "$nxa_rest" ]; do
    nxa_line=${nxa_rest%%"$NXA_NEWLINE"*}
    nxa_rest=${nxa_rest#*"$NXA_NEWLINE"}
    nxa_tell warning "Warning: $nxa_line" message "$nxa_line"
  done
}

# nxa_alarm MS WORD: after MS, WORD is among what happens. NXA_TIMER = its process group.
nxa_alarm() {
  local nxa_word=$2
  nxa_sleep_text "$1"
  set -m
  (
    exec >/dev/null 2>&1 8>&-
    sleep "$NXA_SLEEP" && printf '%s\n' "$nxa_word" >&7
  ) </dev/null &
  NXA_TIMER=$!
  set +m
  disown "$NXA_TIMER"
}

nxa_schedule_end() {
  local nxa_i nxa_status
  nxa_timer_stop "$NXA_RUN_TIMER"
  nxa_timer_stop "$NXA_GRACE_TIMER"
  nxa_dismiss_idle
  for ((nxa_i = 0; nxa_i < ${#NXA_EXECUTOR_NAME[@]}; nxa_i++)); do
    [ -n "${NXA_EXECUTOR_STATE[nxa_i]-}" ] || continue
    [ "${NXA_EXECUTOR_STATE[nxa_i]}" != starting ] || nxa_end_setup "${NXA_SETUP_PID[nxa_i]}"
    nxa_clean_up_executor "$nxa_i"
  done
  nxa_end_strays
  [ -z "$NXA_CACHING" ] || nxa_cache_tidy
  [ "$NXA_EXIT" != 0 ] || [ -z "$NXA_ANY_FAILED" ] || NXA_EXIT=1
  case $NXA_EXIT in
  0) nxa_status=success ;;
  124) nxa_status=timeout ;;
  129 | 130 | 143) nxa_status=cancelled ;;
  *) nxa_status=failure ;;
  esac
  nxa_log_end "$nxa_status" "$NXA_EXIT" "$NXA_WORKFLOW_TIMEOUT"
  nxa_output_end
  return "$NXA_EXIT"
}

# nxa_cache_tidy: what it has to say is a warning of the run.
nxa_cache_tidy() {
  nxa_cache_end >"$NXA_RUN_TMP/cache-end" 2>&1
  nxa_tell_file "$NXA_RUN_TMP/cache-end"
}

# nxa_tell_file FILE: each line is a warning of the run.
nxa_tell_file() {
  local nxa_line
  while IFS= read -r nxa_line || [ -n "$nxa_line" ]; do
    nxa_tell warning "Warning: $nxa_line" message "$nxa_line"
  done <"$1"
}

# nxa_end_setup PID: nobody waits any more for an executor that is being set up.
nxa_end_setup() {
  nxa_tree_find "$1"
  nxa_tree_kill TERM
  nxa_tree_end 100
}

# nxa_clean_up_executor EXECUTOR: what its tools say is shown where they fail.
nxa_clean_up_executor() {
  local nxa_name=${NXA_EXECUTOR_NAME[$1]}
  if (
    "nxa_executor_${1}_config"
    "nxa_${NXA_EXECUTOR_KIND[$1]}_cleanup_workspace" "$1"
  ) </dev/null >"$NXA_RUN_TMP/cleanup.$1" 2>&1; then
    nxa_tell executor_cleanup "Executor $nxa_name cleaned up" executor "$nxa_name" status success
    return
  fi
  nxa_tell_file "$NXA_RUN_TMP/cleanup.$1"
  nxa_tell executor_cleanup "Executor $nxa_name could not be cleaned up" executor "$nxa_name" status failure
}

# nxa_end_strays: what left its group and its parents is found by its environment.
nxa_end_strays() {
  local nxa_pid
  nxa_marked_processes ''
  nxa_self
  NXA_TREE=''
  for nxa_pid in $NXA_MARKED; do
    # Our own timers and filters have no JOB_NAME of a step, but they share our groups and are gone.
    [ "$nxa_pid" = "$NXA_SELF" ] || [ "$nxa_pid" = "$$" ] || NXA_TREE="$NXA_TREE $nxa_pid"
  done
  [ -n "$NXA_TREE" ] || return 0
  nxa_tree_kill TERM
  nxa_tree_end 20
}

# --- jobs ------------------------------------------------------------------------------------------------

# nxa_consider JOB: all it needs has ended; decide what becomes of it.
nxa_consider() {
  local nxa_job=$1 nxa_skip=''
  nxa_look_up "$nxa_job"
  if [ -n "$nxa_skip" ] && [ -z "${NXA_JOB_ANYWAY[nxa_job]-}" ]; then
    nxa_end_unstarted "$nxa_job" skipped "condition: ${NXA_JOB_CONDITION_TEXT[nxa_job]:-success()}"
  elif [ -n "${NXA_SKIP[nxa_job]-}" ]; then
    nxa_end_unstarted "$nxa_job" skipped '--skip'
  elif nxa_overtaken "$nxa_job"; then
    nxa_end_unstarted "$nxa_job" cancelled ''
  elif [ -n "${NXA_JOB_CONDITION_TEXT[nxa_job]-}" ]; then
    nxa_resolve_refs "$nxa_job"
    NXA_STATE[nxa_job]=checking
    nxa_output_begin "$nxa_job" check
    set -m
    (nxa_check_job "$nxa_job") </dev/null &
    NXA_PID[nxa_job]=$!
    set +m
  elif [ -n "$NXA_IS_SUCCESS" ]; then
    nxa_job_wanted "$nxa_job"
  else
    nxa_end_unstarted "$nxa_job" skipped 'condition: success()'
  fi
}

# nxa_look_up JOB: what stands above the job: NXA_IS_SUCCESS, NXA_IS_FAILURE, NXA_IS_CANCELLED for its condition, nxa_skip
# if a need was skipped whole, NXA_UP_FAILED and NXA_UP_BROKEN for those below.
nxa_look_up() {
  local nxa_group nxa_need nxa_skipped nxa_ok=1
  NXA_UP_FAILED[$1]='' NXA_UP_BROKEN[$1]=''
  for nxa_group in ${NXA_JOB_NEEDS[$1]}; do
    nxa_skipped=1
    for nxa_need in ${nxa_group//,/ }; do
      if [ -n "${NXA_SELECTED[nxa_need]-}${NXA_RESULT[nxa_need]-}" ]; then
        nxa_look_up_need "$1" "$nxa_need"
      else
        # Left out by --only, and no earlier run tells of it.
        nxa_skipped=''
      fi
    done
    [ -z "$nxa_skipped" ] || nxa_skip=1
  done
  NXA_IS_SUCCESS='' NXA_IS_FAILURE=${NXA_UP_FAILED[$1]} NXA_IS_CANCELLED=$NXA_CANCELLING
  [ -z "${NXA_UP_BROKEN[$1]}${NXA_CANCELLING}$nxa_skip" ] && [ -n "$nxa_ok" ] && NXA_IS_SUCCESS=1
  ! nxa_group_cancelled "$1" || NXA_IS_CANCELLED=1
}

# nxa_look_up_need JOB NEED: one job that is needed. Failed and not tolerated counts against success and for
# failure, here and further down; cancelled only against success.
nxa_look_up_need() {
  case ${NXA_RESULT[$2]} in
  skipped) ;;
  failure | timeout)
    nxa_skipped=''
    if [ -z "${NXA_JOB_TOLERATED[$2]-}" ]; then
      NXA_UP_FAILED[$1]=1 NXA_UP_BROKEN[$1]=1
    fi
    ;;
  cancelled)
    nxa_skipped=''
    NXA_UP_BROKEN[$1]=1
    ;;
  *) nxa_skipped='' ;;
  esac
  [ -z "${NXA_UP_FAILED[$2]-}" ] || NXA_UP_FAILED[$1]=1
  [ -z "${NXA_UP_BROKEN[$2]-}" ] || NXA_UP_BROKEN[$1]=1
}

# nxa_overtaken JOB: has it been cancelled before it could start?
nxa_overtaken() {
  [ -z "${NXA_JOB_ON_CANCEL[$1]-}" ] || return 1
  [ -n "$NXA_CANCELLING" ] || nxa_group_cancelled "$1"
}

nxa_group_cancelled() {
  local nxa_group=${NXA_JOB_GROUP[$1]-}
  [ -n "$nxa_group" ] && [ -n "${NXA_GROUP_CANCELLED[nxa_group]-}" ]
}

# nxa_job_checked JOB holds|cancelled: its condition was evaluated, or given up.
nxa_job_checked() {
  if [ "$2" = cancelled ] || nxa_overtaken "$1"; then
    nxa_end_unstarted "$1" cancelled ''
  else
    nxa_job_wanted "$1"
  fi
}

# nxa_job_wanted JOB: it will run; its executor is set up first.
nxa_job_wanted() {
  local nxa_executor=${NXA_JOB_EXECUTOR[$1]}
  if nxa_resumable "$1" && nxa_keep_job "$1"; then
    nxa_job_ended "$1" success
    return
  fi
  case ${NXA_EXECUTOR_STATE[nxa_executor]-} in
  ready)
    nxa_enqueue "$1"
    return
    ;;
  '')
    NXA_EXECUTOR_STATE[nxa_executor]=starting
    set -m
    (nxa_set_up_executor "$nxa_executor") </dev/null >"$NXA_RUN_TMP/setup.$nxa_executor" 2>&1 &
    NXA_SETUP_PID[nxa_executor]=$!
    set +m
    ;;
  esac
  NXA_STATE[$1]=blocked
  NXA_BLOCKED[nxa_executor]="${NXA_BLOCKED[nxa_executor]-} $1"
}

# nxa_set_up_executor EXECUTOR: in a process of its own; its end is told on descriptor 7.
nxa_set_up_executor() {
  local nxa_status=failure
  nxa_signals_back TERM HUP ALRM
  exec 8>&-
  (
    exec 7>&-
    nxa_restore_locale
    "nxa_executor_${1}_config"
    "nxa_${NXA_EXECUTOR_KIND[$1]}_setup_workspace" "$1"
  ) && nxa_status=success
  printf 'executor %s %s\n' "$1" "$nxa_status" >&7
}

nxa_executor_ready() {
  local nxa_job
  NXA_EXECUTOR_STATE[$1]=ready
  [ "$2" = success ] || : >"$NXA_RUN_TMP/setup-failed.$1"
  if [ "$2" = success ]; then
    nxa_tell executor_setup "Executor ${NXA_EXECUTOR_NAME[$1]} set up" executor "${NXA_EXECUTOR_NAME[$1]}" status success
    [ ! -e "$NXA_RUN_TMP/setup-warnings.$1" ] || nxa_tell_file "$NXA_RUN_TMP/setup-warnings.$1"
  else
    nxa_tell executor_setup "Executor ${NXA_EXECUTOR_NAME[$1]} could not be set up" \
      executor "${NXA_EXECUTOR_NAME[$1]}" status failure
  fi
  for nxa_job in ${NXA_BLOCKED[$1]-}; do
    [ "${NXA_STATE[nxa_job]}" != blocked ] || nxa_enqueue "$nxa_job"
  done
  NXA_BLOCKED[$1]=''
}

nxa_enqueue() {
  NXA_STATE[$1]=queued
  NXA_QUEUE[${#NXA_QUEUE[@]}]=$1
}

# nxa_next_queued: NXA_NEXT = the next job that the limits allow to start, in the order in which jobs became ready; status 1
# if there is none.
nxa_next_queued() {
  local nxa_at nxa_held=''
  [ -z "$NXA_JOBS" ] || [ "$NXA_RUNNING" -lt "$NXA_JOBS" ] || return 1
  for ((nxa_at = NXA_QUEUE_HEAD; nxa_at < ${#NXA_QUEUE[@]}; nxa_at++)); do
    NXA_NEXT=${NXA_QUEUE[nxa_at]}
    case ${NXA_NEXT:+${NXA_STATE[NXA_NEXT]}} in
    queued)
      if [ -z "${NXA_JOB_GROUP[NXA_NEXT]-}" ] || ! nxa_group_full "$NXA_NEXT"; then
        NXA_QUEUE[nxa_at]=''
        [ -n "$nxa_held" ] || NXA_QUEUE_HEAD=$((nxa_at + 1))
        return 0
      fi
      nxa_held=1
      ;;
    esac
    [ -n "$nxa_held" ] || NXA_QUEUE_HEAD=$((nxa_at + 1))
  done
  return 1
}

# nxa_group_full JOB: of a job of a matrix: do as many of its jobs run as may?
nxa_group_full() {
  local nxa_group=${NXA_JOB_GROUP[$1]}
  [ -n "${NXA_GROUP_MAX[nxa_group]-}" ] &&
    [ "${NXA_GROUP_RUNNING[nxa_group]-0}" -ge "${NXA_GROUP_MAX[nxa_group]}" ]
}

# nxa_count_started JOB
nxa_count_started() {
  local nxa_group=${NXA_JOB_GROUP[$1]-}
  NXA_STATE[$1]=running
  NXA_RUNNING=$((NXA_RUNNING + 1))
  [ -z "$nxa_group" ] || NXA_GROUP_RUNNING[nxa_group]=$((${NXA_GROUP_RUNNING[nxa_group]-0} + 1))
  [ -z "${NXA_JOB_REFS[$1]-}" ] || nxa_resolve_refs "$1"
}

# nxa_end_unstarted JOB STATUS REASON: a job that never ran ends.
nxa_end_unstarted() {
  nxa_log_about "${NXA_JOB_NAME[$1]}"
  nxa_end_text "$2" 1 0 "$3" ''
  nxa_tell job_end "$NXA_TEXT" status "$2" reason "$3"
  nxa_log_about ''
  nxa_job_done "$1" "$2"
}

# nxa_job_done JOB STATUS: a job has ended.
nxa_job_done() {
  local nxa_group=${NXA_JOB_GROUP[$1]-}
  case ${NXA_STATE[$1]} in
  running)
    NXA_RUNNING=$((NXA_RUNNING - 1))
    [ -z "$nxa_group" ] || NXA_GROUP_RUNNING[nxa_group]=$((NXA_GROUP_RUNNING[nxa_group] - 1))
    nxa_worker_done "$1" "$2"
    ;;
  ended) return 0 ;;
  esac
  nxa_job_ended "$1" "$2"
}

# nxa_job_ended JOB STATUS: keeps the result, cancels what it should, lets go on what waited for it.
nxa_job_ended() {
  local nxa_next
  NXA_STATE[$1]=ended
  NXA_RESULT[$1]=$2
  NXA_PID[$1]=''
  nxa_note_job "$1" "$2"
  NXA_LEFT=$((NXA_LEFT - 1))
  case $2 in
  failure | timeout) [ -n "${NXA_JOB_TOLERATED[$1]-}" ] || nxa_job_failed "$1" ;;
  esac
  for nxa_next in ${NXA_DEPENDENTS[$1]-}; do
    NXA_PENDING[nxa_next]=$((NXA_PENDING[nxa_next] - 1))
    [ "${NXA_PENDING[nxa_next]}" != 0 ] || [ "${NXA_STATE[nxa_next]}" != waiting ] || nxa_consider "$nxa_next"
  done
}

nxa_job_failed() {
  local nxa_group=${NXA_JOB_GROUP[$1]-}
  NXA_ANY_FAILED=1
  if [ -n "$NXA_FAIL_FAST" ]; then
    nxa_cancel_run
  elif [ -n "$nxa_group" ] && [ -n "${NXA_GROUP_FAIL_FAST[nxa_group]-}" ] && [ -z "${NXA_GROUP_CANCELLED[nxa_group]-}" ]; then
    NXA_GROUP_CANCELLED[nxa_group]=1
    nxa_cancel_jobs "$nxa_group"
  fi
}
