# Usage: nxa_work JOB; in a background process group of its own
# Requires: core/output.sh core/stream.sh core/process.sh core/runner.sh core/supervisor.sh core/jobscript.sh
# Bare jobs, which have nothing to set up, to save or to clean up: a worker is supervisor and runner in one, since a process more
# costs as much as two steps do. What is plain besides, and so leaves nothing in the process, lets it take the next such job:
# to a job whose process is new, that costs as much as its step.
# Nobody waits for a worker, so descriptor 9, which none of its children has, tells the collector when it is killed; then
# nxa_bury takes its place. The runner's own signals are as in any job; ALRM ends it at once.
# shellcheck shell=bash

# nxa_work JOB: the jobs of the worker NXA_WORKERS, JOB first. NXA_WORKER = its directory.
nxa_work() {
  NXA_WORKER=$NXA_RUN_TMP/worker.$NXA_WORKERS NXA_JOB=$1 NXA_AGAIN=''
  NXA_EXECUTOR=${NXA_JOB_EXECUTOR[NXA_JOB]}
  NXA_KIND=${NXA_EXECUTOR_KIND[NXA_EXECUTOR]}
  exec 9>"$NXA_WORKER/watch" 2>"$NXA_WORKER/words" 7>&- 8>&-
  nxa_restore_locale
  "nxa_executor_${NXA_EXECUTOR}_config"
  # The scheduler's TERM and ALRM stay ignored until there are handlers: an order that comes before is in a file.
  nxa_signals_back HUP
  NXA_HEEDING=nxa_bare_heeds
  while :; do
    "nxa_job_$NXA_JOB" plan
    exec >"$NXA_RUN_TMP/stream.$NXA_JOB"
    nxa_make_start
    NXA_UNTOLD=$NXA_RECORD NXA_ORDER='' NXA_JOB_TIMER='' NXA_FAILED=1 NXA_CANCELLED='' NXA_TIMED_OUT=''
    if [ -n "$NXA_AGAIN" ] || nxa_executor_is_up; then
      "nxa_${NXA_KIND}_execute_job" "$NXA_EXECUTOR" "$NXA_JOB"
    fi
    [ -z "$NXA_JOB_TIMER" ] || nxa_timer_stop "$NXA_JOB_TIMER"
    case $NXA_FAILED$NXA_CANCELLED$NXA_TIMED_OUT:${NXA_JOB_PLAIN[NXA_JOB]-} in
    # Handlers leave it at that: what arrives from here on is not for the next job.
    :1) NXA_CANCELLED=1 NXA_TIMED_OUT=1 ;;
    *)
      nxa_tell_close
      return 0
      ;;
    esac
    # The FIFO is open before the scheduler can know that it may write there. If the script was killed, nobody writes.
    {
      nxa_tell_close
      # A step may have put something else in the place of the file that the next job is to find empty.
      [ -f "$JOB_ENV" ] && [ -w "$JOB_ENV" ] && [ ! -L "$JOB_ENV" ] || return 0
      IFS= read -r -t 5 -u 4 NXA_JOB
    } 4<>"$NXA_WORKER/next" && [ -n "$NXA_JOB" ] || return 0
    NXA_AGAIN=1
    nxa_no_plan
  done
}

# nxa_tell_close: the last record of the job.
nxa_tell_close() {
  printf '%s' "$NXA_UNTOLD${NXA_MARK}close${NXA_SEPARATOR}0$NXA_NEWLINE"
}

# nxa_print_bare: what a job script needs to end a bare job.
nxa_print_bare() {
  declare -f nxa_tell_close nxa_abort_bare nxa_kill_job
  printf 'NXA_JOB_TIMER= NXA_JOB_NAME=() NXA_JOB_TIMEOUT=()\n'
  printf 'NXA_JOB_NAME[%s]=%q\n' "$NXA_JOB" "${NXA_JOB_NAME[NXA_JOB]}"
  printf 'NXA_JOB_TIMEOUT[%s]=%s\n' "$NXA_JOB" "${NXA_JOB_TIMEOUT[NXA_JOB]-}"
}

# nxa_bare_heeds: the runner's handlers stand.
nxa_bare_heeds() {
  trap 'nxa_abort_bare' ALRM
  if [ -n "${NXA_JOB_TIMEOUT[NXA_JOB]-}" ]; then
    nxa_timer_start "${NXA_JOB_TIMEOUT[NXA_JOB]}" USR2 "$NXA_RUNNER"
    NXA_JOB_TIMER=$NXA_TIMER
  fi
  [ -e "$NXA_RUN_TMP/order.$NXA_JOB" ] || return 0
  nxa_read_order
  case $NXA_ORDER in
  TERM) nxa_on_cancel ;;
  ALRM) nxa_abort_bare ;;
  esac
}

# nxa_abort_bare: the job's processes end at once, and no step starts any more.
nxa_abort_bare() {
  NXA_CANCELLED=1 NXA_GRACE_OVER=1 NXA_INTERRUPT=1 NXA_INTERRUPTED=1
  nxa_kill_job "${NXA_CHILD-}"
  nxa_tree_of_groups "${NXA_GROUPS-}"
  nxa_tree_kill KILL
}
