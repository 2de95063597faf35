# Usage: nxa_start_queued; nxa_worker_done JOB STATUS; nxa_job_orphaned JOB; nxa_job_untaken JOB; nxa_dismiss_idle; in the scheduler
#        nxa_dismiss_all; in the process above it
# Requires: core/supervisor.sh core/worker.sh core/output.sh
# Which process does a job: a supervisor of its own, or a worker (core/worker.sh), known by the number of its first job. A worker
# that is done with a plain job waits a while for another of the same executor. Where it is gone by then, the collector says so,
# and no harm is done: the job has not begun.
# shellcheck shell=bash

# nxa_start_queued: starts what may start, until there is something to be read on descriptor 7: if a job has ended, another needs
# no process of its own. Without locals, since all that a job does happens below this frame.
nxa_start_queued() {
  while nxa_next_queued; do
    nxa_count_started "$NXA_NEXT"
    if [ -n "${NXA_JOB_PLAIN[NXA_NEXT]-}" ] && [ -n "${NXA_IDLE_WORKERS[${NXA_JOB_EXECUTOR[NXA_NEXT]}]-}" ]; then
      nxa_give_job "$NXA_NEXT"
    else
      nxa_start_process "$NXA_NEXT"
    fi
    # Bash 3 cannot tell.
    case $NXA_WATCHING$BASH_VERSION in
    1[!3]*) ! read -r -t 0 -u 7 || return 0 ;;
    esac
  done
}

# nxa_start_process JOB: a process for the job.
nxa_start_process() {
  set -m
  if [ -n "$NXA_WATCHING" ] && [ -n "${NXA_JOB_BARE[$1]-}" ]; then
    nxa_output_begin "$1" stream "watch.$1"
    (nxa_work "$1") </dev/null &
    NXA_WORKER_OF[$1]=$1 NXA_WORKER_PID[$1]=$!
  else
    nxa_output_begin "$1" stream
    (nxa_supervise "$1") </dev/null &
  fi
  NXA_PID[$1]=$!
  set +m
}

# nxa_give_job JOB: to an idle worker, the last that became so.
nxa_give_job() {
  local nxa_executor=${NXA_JOB_EXECUTOR[$1]}
  local nxa_worker=${NXA_IDLE_WORKERS[nxa_executor]##* }
  NXA_IDLE_WORKERS[nxa_executor]=${NXA_IDLE_WORKERS[nxa_executor]% *}
  NXA_WORKER_OF[$1]=$nxa_worker NXA_PID[$1]=${NXA_WORKER_PID[nxa_worker]}
  nxa_output_begin "$1" stream "watch.$nxa_worker"
  nxa_tell_worker "$nxa_worker" "$1"
}

# nxa_tell_worker WORKER TEXT: for reading, too, the FIFO is opened without waiting, whether the worker is there or not.
nxa_tell_worker() {
  printf '%s\n' "$2" 1<>"$NXA_RUN_TMP/next.$1"
}

# nxa_worker_done JOB STATUS: the worker of a plain job that succeeded waits for another.
nxa_worker_done() {
  local nxa_executor=${NXA_JOB_EXECUTOR[$1]}
  [ -n "$NXA_WATCHING" ] && [ -n "${NXA_JOB_PLAIN[$1]-}" ] && [ "$2" = success ] || return 0
  NXA_IDLE_WORKERS[nxa_executor]="${NXA_IDLE_WORKERS[nxa_executor]-} ${NXA_WORKER_OF[$1]}"
}

# nxa_dismiss_idle: returns when they are gone.
nxa_dismiss_idle() {
  local nxa_workers nxa_worker
  for nxa_workers in ${NXA_IDLE_WORKERS[@]+"${NXA_IDLE_WORKERS[@]}"}; do
    for nxa_worker in $nxa_workers; do
      nxa_tell_worker "$nxa_worker" ''
      wait "${NXA_WORKER_PID[nxa_worker]}" 2>/dev/null
    done
  done
}

# nxa_dismiss_all: those that nobody knows any more.
nxa_dismiss_all() {
  local nxa_fifo
  for nxa_fifo in "$NXA_RUN_TMP"/next.*; do
    [ ! -p "$nxa_fifo" ] || nxa_tell_worker "${nxa_fifo##*.}" ''
  done
}

# nxa_job_untaken JOB: it was given to a worker that was gone.
nxa_job_untaken() {
  [ "${NXA_STATE[$1]}" != running ] || nxa_start_process "$1"
}

# nxa_job_orphaned JOB: the worker was killed, most likely by a step of the job.
nxa_job_orphaned() {
  local nxa_status
  [ "${NXA_STATE[$1]}" = running ] || return 0
  wait "${NXA_PID[$1]}" 2>/dev/null
  nxa_status=$?
  set -m
  (nxa_bury "$1" "${NXA_WORKER_OF[$1]}" "$nxa_status") </dev/null &
  NXA_PID[$1]=$!
  set +m
}
