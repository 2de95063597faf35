# Usage: nxa_start_queued; nxa_worker_done JOB STATUS; nxa_job_orphaned JOB; nxa_job_untaken JOB; nxa_dismiss_idle; in the scheduler
#        nxa_name_first_workers; nxa_dismiss_all; in the process above it
# Requires: core/supervisor.sh core/worker.sh core/output.sh core/bundle.sh
# Which process does a job: a supervisor of its own, or a worker (core/worker.sh). A worker that is done with a plain job waits a
# while for another of the same executor. Where it is gone by then, the collector says so, and no harm is done: the job has not
# begun.
# A worker's directory has what would else be made for each job, and on a disk costs as much as a step: FIFOs, $JOB_ENV, what it
# says. Few workers do many jobs, so the first few directories are made with the run's, and more when they are wanted.
# shellcheck shell=bash

# nxa_name_first_workers: NXA_WORKER_DIRS, NXA_WORKER_FIFOS = what is to be made with the run's own.
nxa_name_first_workers() {
  local nxa_job nxa_most=0
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]} && nxa_most < 8; nxa_job++)); do
    [ -z "${NXA_SELECTED[nxa_job]-}" ] || [ -z "${NXA_JOB_BARE[nxa_job]-}" ] || nxa_most=$((nxa_most + 1))
  done
  NXA_WORKERS=0 NXA_WORKERS_MADE=0
  nxa_name_workers "$nxa_most"
}

# nxa_name_workers COUNT: the same for COUNT more. Each has a FIFO that tells whether the worker is there, one that tells this
# which job is next, and one that tells whether something of its job is alive.
nxa_name_workers() {
  local nxa_dir nxa_end=$((NXA_WORKERS_MADE + $1))
  NXA_WORKER_DIRS=() NXA_WORKER_FIFOS=()
  for (( ; NXA_WORKERS_MADE < nxa_end; NXA_WORKERS_MADE++)); do
    nxa_dir=$NXA_RUN_TMP/worker.$NXA_WORKERS_MADE
    NXA_WORKER_DIRS[${#NXA_WORKER_DIRS[@]}]=$nxa_dir
    NXA_WORKER_FIFOS[${#NXA_WORKER_FIFOS[@]}]=$nxa_dir/watch
    NXA_WORKER_FIFOS[${#NXA_WORKER_FIFOS[@]}]=$nxa_dir/next
    NXA_WORKER_FIFOS[${#NXA_WORKER_FIFOS[@]}]=$nxa_dir/alive
  done
}

# nxa_room_for_worker: is there a directory for the worker NXA_WORKERS? Twice as many when they have run out.
nxa_room_for_worker() {
  [ "$NXA_WORKERS" -ge "$NXA_WORKERS_MADE" ] || return 0
  nxa_name_workers "$NXA_WORKERS_MADE"
  nxa_make_directories "${NXA_WORKER_DIRS[@]}" && nxa_make_pipes "${NXA_WORKER_FIFOS[@]}" && return
  NXA_WORKERS_MADE=$NXA_WORKERS
  return 1
}

# nxa_without_workers: nobody would see their end. Each bare job has a process of its own, then, and a FIFO as others have.
nxa_without_workers() {
  local nxa_job nxa_fifos
  nxa_fifos=()
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ -z "${NXA_SELECTED[nxa_job]-}" ] || [ -z "${NXA_JOB_BARE[nxa_job]-}" ] || nxa_fifos[${#nxa_fifos[@]}]=$NXA_RUN_TMP/alive.$nxa_job
  done
  [ "${#nxa_fifos[@]}" = 0 ] || nxa_make_pipes "${nxa_fifos[@]}"
}

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

# nxa_start_process JOB: a new process for the job.
nxa_start_process() {
  if [ -n "$NXA_WATCHING" ] && [ -n "${NXA_JOB_BARE[$1]-}" ]; then
    nxa_start_worker "$1"
    return
  fi
  nxa_output_begin "$1" stream
  set -m
  (nxa_supervise "$1") </dev/null &
  NXA_PID[$1]=$!
  set +m
}

# nxa_start_worker JOB: another worker, with JOB as its first.
nxa_start_worker() {
  nxa_room_for_worker || {
    nxa_end_unstarted "$1" failure "no room for its process below $NXA_RUN_TMP"
    return
  }
  nxa_output_begin "$1" stream "worker.$NXA_WORKERS/watch" new
  set -m
  (nxa_work "$1") </dev/null &
  NXA_WORKER_OF[$1]=$NXA_WORKERS NXA_WORKER_PID[NXA_WORKERS]=$! NXA_PID[$1]=$!
  set +m
  NXA_WORKERS=$((NXA_WORKERS + 1))
}

# nxa_give_job JOB: to an idle worker, the last that became so.
nxa_give_job() {
  local nxa_executor=${NXA_JOB_EXECUTOR[$1]}
  local nxa_worker=${NXA_IDLE_WORKERS[nxa_executor]##* }
  NXA_IDLE_WORKERS[nxa_executor]=${NXA_IDLE_WORKERS[nxa_executor]% *}
  NXA_WORKER_OF[$1]=$nxa_worker NXA_PID[$1]=${NXA_WORKER_PID[nxa_worker]}
  nxa_output_begin "$1" stream "worker.$nxa_worker/watch"
  nxa_tell_worker "$nxa_worker" "$1"
}

# nxa_tell_worker WORKER TEXT: for reading, too, the FIFO is opened without waiting, whether the worker is there or not.
nxa_tell_worker() {
  printf '%s\n' "$2" 1<>"$NXA_RUN_TMP/worker.$1/next"
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
  local nxa_dir
  for nxa_dir in "$NXA_RUN_TMP"/worker.*; do
    [ ! -p "$nxa_dir/next" ] || nxa_tell_worker "${nxa_dir##*.}" ''
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
