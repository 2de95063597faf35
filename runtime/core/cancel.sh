# Usage: nxa_signalled STATUS; nxa_time_up; nxa_cancel_run; nxa_cancel_jobs GROUP; nxa_abort_run; in the scheduler
# Requires: core/process.sh
# How a run, or a matrix that fails fast, comes to an early end: what runs is told to stop, what has not started ends.
# shellcheck shell=bash

# nxa_signalled STATUS: the first signal cancels; where the run is being cancelled already, as by `failFast`, it is the second.
nxa_signalled() {
  [ "$NXA_EXIT" != 0 ] || NXA_EXIT=$1
  if [ -z "$NXA_CANCELLING" ]; then nxa_cancel_run; else nxa_abort_run; fi
}

nxa_time_up() {
  NXA_EXIT=124
  nxa_alarm 60000 grace
  NXA_GRACE_TIMER=$NXA_TIMER
  nxa_cancel_run
}

# nxa_cancel_run: stops what runs; what has not started ends, unless it is there for this very case.
nxa_cancel_run() {
  [ -z "$NXA_CANCELLING" ] || return 0
  NXA_CANCELLING=1
  nxa_cancel_jobs ''
}

# nxa_cancel_jobs GROUP: the jobs of a matrix, or all.
nxa_cancel_jobs() {
  local nxa_job
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ -z "$1" ] || [ "${NXA_JOB_GROUP[nxa_job]-}" = "$1" ] || continue
    case ${NXA_STATE[nxa_job]-} in
    running) nxa_order_job "$nxa_job" TERM ;;
    checking | blocked | queued)
      [ -n "${NXA_JOB_ON_CANCEL[nxa_job]-}" ] || nxa_cancel_unstarted "$nxa_job"
      ;;
    esac
  done
}

nxa_cancel_unstarted() {
  case ${NXA_STATE[$1]} in
  # Its verdict may be on its way: one end is told, by whoever knows.
  checking) nxa_order_job "$1" ALRM ;;
  *) nxa_end_unstarted "$1" cancelled '' ;;
  esac
}

# nxa_order_job JOB SIGNAL: TERM cancels, ALRM ends at once (not HUP: under nohup nobody could heed it).
nxa_order_job() {
  printf '%s\n' "$2" >"$NXA_RUN_TMP/order.$1"
  kill -s "$2" "${NXA_PID[$1]}" 2>/dev/null
}

# nxa_abort_run: no job gets any more time; only the clean-up is left.
nxa_abort_run() {
  local nxa_job
  NXA_CANCELLING=1
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    NXA_JOB_ON_CANCEL[nxa_job]=''
    case ${NXA_STATE[nxa_job]-} in
    running) nxa_order_job "$nxa_job" ALRM ;;
    checking | blocked | queued) nxa_cancel_unstarted "$nxa_job" ;;
    esac
  done
}
