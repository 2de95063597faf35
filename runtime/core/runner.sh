# Usage: nxa_run_job; runs a job's steps in the current directory, writing its stream to stdout
# Requires: core/clock.sh core/text.sh core/stream.sh core/process.sh core/environment.sh core/condition.sh
# The job runner, the same for every executor. It takes the job's plan from generated functions and
# ends by writing the job's result into the stream: only that counts, never an exit status.
# Signals: TERM cancels the job, USR2 is its timeout. Own: USR1 a step's timeout, VTALRM the end of grace.
# shellcheck shell=bash

# nxa_no_plan: the plan of a job that asks for nothing; its function `nxa_job_N plan` fills it in.
nxa_no_plan() {
  NXA_STEP_NAME=() NXA_STEP_ACTION=() NXA_STEP_INTERPRETER=() NXA_STEP_PROVIDERS=() NXA_STEP_CONDITION=() NXA_STEP_RETRY=()
  NXA_STEP_HAS_ENV=() NXA_STEP_TIMEOUT=() NXA_STEP_TOLERATED=() NXA_STEP_WORKDIR=() NXA_STEP_PARALLEL=() NXA_EXPORTS=''
  NXA_GIVEN_NAME=() NXA_GIVEN_VALUE=()
}

# nxa_run_job: NXA_JOB is the job's number, its plan is loaded; NXA_JOB_TMP a directory for the runner's own files, NXA_BUNDLE
# that of the actions. What is in NXA_UNTOLD is told first.
nxa_run_job() {
  NXA_FAILED='' NXA_CANCELLED='' NXA_TIMED_OUT='' NXA_INTERRUPT='' NXA_CHILD='' NXA_GROUPS='' NXA_MEMBERS='' NXA_RELAYS=''
  NXA_GRACE_OVER='' NXA_CONDITION_FILE=$NXA_JOB_TMP/condition
  [ -n "${NXA_AGAIN-}" ] || nxa_heed_signals
  export JOB_ENV="$NXA_JOB_TMP/env"
  : >"$JOB_ENV"
  cd "$NXA_JOB_DIR" || return
  [ -z "${NXA_HEEDING-}" ] || "$NXA_HEEDING"
  # From here on every child has a process group of its own.
  set -m
  nxa_run_steps 0 "${#NXA_STEP_NAME[@]}"
  set +m
  # What steps left in the background lives until their job ends.
  nxa_end_groups "$NXA_GROUPS"
  nxa_end_detached
  [ -z "$NXA_RELAYS" ] || nxa_end_relays
  [ -z "$NXA_EXPORTS" ] || nxa_emit_exports
  NXA_OUTCOME=success
  [ -z "$NXA_FAILED" ] || NXA_OUTCOME=failure
  [ -z "$NXA_CANCELLED" ] || NXA_OUTCOME=cancelled
  [ -z "$NXA_TIMED_OUT" ] || NXA_OUTCOME=timeout
  NXA_UNTOLD="$NXA_UNTOLD${NXA_MARK}job_result$NXA_SEPARATOR$NXA_OUTCOME$NXA_NEWLINE"
  # A bare job has one record more.
  [ "${NXA_HEEDING-}" = nxa_bare_heeds ] || nxa_tell_untold
}

# nxa_heed_signals: once in a process.
nxa_heed_signals() {
  # Of a run in which every step is more than a bash that starts: it is told of, or parted from a terminal.
  NXA_SPECIAL=${NXA_TERMINAL-}
  [ "${NXA_LOG_LEVEL-}" != debug ] || NXA_SPECIAL=1
  nxa_self
  NXA_RUNNER=$NXA_SELF
  trap 'nxa_on_cancel' TERM
  trap 'nxa_on_job_timeout' USR2
  trap 'nxa_on_step_timeout' USR1
  trap 'nxa_on_grace' VTALRM
  # To compare with at the job's end.
  [ -z "${NXA_ALIVE-}" ] || nxa_orphans
  [ -z "${NXA_DEADLINE-}" ] || nxa_heed_deadline
}

# --- signals: the handlers act themselves, so none is lost between a test and a wait ------------

nxa_on_cancel() {
  # Of one order there may be two signals, where something between hands them on; the second would end what runs because
  # of the first. It cuts a `wait` short all the same.
  NXA_INTERRUPTED=1
  [ -z "$NXA_CANCELLED" ] || return 0
  if [ -n "${NXA_DEADLINE-}" ] && nxa_past_deadline; then
    nxa_on_job_timeout
    return
  fi
  NXA_CANCELLED=1
  nxa_interrupt
}

nxa_on_job_timeout() {
  NXA_INTERRUPTED=1
  [ -z "$NXA_TIMED_OUT" ] || return 0
  NXA_TIMED_OUT=1
  # What is left (`always()`) gets ten seconds.
  nxa_timer_start 10000 VTALRM "$NXA_RUNNER"
  nxa_interrupt
}

nxa_on_step_timeout() {
  NXA_STEP_TIMED_OUT=1
  NXA_INTERRUPTED=1
  [ -z "$NXA_CHILD" ] || nxa_stop_child
}

nxa_on_grace() {
  NXA_GRACE_OVER=1
  nxa_interrupt
}

# Stops what runs now; the step under way sees NXA_INTERRUPT.
nxa_interrupt() {
  NXA_INTERRUPT=1
  NXA_INTERRUPTED=1
  [ -z "${NXA_MEMBERS-}" ] || nxa_order_members
  [ -n "$NXA_CHILD" ] || return 0
  nxa_stop_child
}

nxa_stop_child() {
  [ -z "$NXA_STOPPED" ] || return 0
  NXA_STOPPED=$SECONDS
  # What a step has detached is found by its environment. Providers that are asked before any step have no step's.
  NXA_MARKED=''
  [ -z "${NXA_STEP-}" ] || nxa_marked_processes "${JOB_NAME-}" "${NXA_STEP_NAME[NXA_STEP]-$NXA_SEPARATOR}"
  nxa_tree_find "$NXA_CHILD$NXA_MARKED"
  nxa_tree_kill TERM
  # The child itself may be the one that ignores SIGTERM: then the wait must end all the same.
  nxa_timer_start 10000 KILL "$NXA_CHILD"
  NXA_KILL_TIMER=$NXA_TIMER
}

# nxa_await_child: waits for NXA_CHILD, just started; NXA_STATUS = how it ended.
nxa_await_child() {
  [ -z "$NXA_INTERRUPT" ] || nxa_stop_child
  NXA_INTERRUPTED=''
  wait "$NXA_CHILD"
  nxa_child_ended $?
}

# nxa_child_ended STATUS: a first wait for NXA_CHILD gave STATUS; if a signal cut it short, waits on. Of a child that was
# stopped nothing is left.
nxa_child_ended() {
  local nxa_child=$NXA_CHILD
  NXA_STATUS=$1
  [ -z "$NXA_INTERRUPTED" ] || nxa_await "$NXA_CHILD" "$1"
  NXA_CHILD=''
  [ -z "$NXA_STOPPED" ] || nxa_child_stopped "$nxa_child"
}

# nxa_child_stopped PID
nxa_child_stopped() {
  nxa_timer_stop "$NXA_KILL_TIMER"
  nxa_tree_end $((100 - (SECONDS - NXA_STOPPED) * 10))
  # What it started between our look at it and the signal.
  nxa_end_groups "$1"
  NXA_STOPPED=''
}

# --- steps ------------------------------------------------------------------------------------------

# nxa_run_steps FROM END: the steps from FROM to before END: condition, attempts, result. Every step comes through here, and a
# command costs about a hundredth of a process start: what is rare is behind one test, and what is not is in the loop, since
# a shell makes a copy of each function that it calls, to be copied once more page by page when it forks.
nxa_run_steps() {
  local nxa_attempt nxa_max nxa_status nxa_exit nxa_timer nxa_anew=1 nxa_last=$(($2 - 1))
  for ((NXA_STEP = $1; NXA_STEP < $2; NXA_STEP++)); do
    # Of the retry's words the first is the number of attempts.
    nxa_max=${NXA_STEP_RETRY[NXA_STEP]:-1} nxa_max=${nxa_max%% *}
    case $nxa_anew${NXA_STEP_PARALLEL[NXA_STEP]-}${NXA_STEP_CONDITION[NXA_STEP]-}$NXA_FAILED$NXA_CANCELLED$NXA_TIMED_OUT${NXA_STEP_PROVIDERS[NXA_STEP]-} in
    '') ;;
    *) nxa_step_begins || continue ;;
    esac
    while :; do
      # A record of numbers only, as nxa_emit would write it. With \n in the format a shell would write what stands before first.
      printf '%s' "$NXA_UNTOLD${NXA_MARK}start$NXA_SEPARATOR$NXA_STEP$NXA_SEPARATOR$nxa_attempt$NXA_SEPARATOR$nxa_max$NXA_NEWLINE"
      export STEP_NAME="${NXA_STEP_NAME[NXA_STEP]}" ATTEMPT="$nxa_attempt"
      case ${NXA_STEP_INTERPRETER[NXA_STEP]-}${NXA_STEP_HAS_ENV[NXA_STEP]-}${NXA_GIVEN_NAME[0]-}${NXA_STEP_WORKDIR[NXA_STEP]-}${NXA_STEP_ENV-}$NXA_SPECIAL in
      '') "$NXA_BASH" -eo pipefail "$NXA_BUNDLE/${NXA_STEP_ACTION[NXA_STEP]}/run" </dev/null 2>&1 9>&- & ;;
      *)
        [ "${NXA_LOG_LEVEL-}" != debug ] || nxa_tell_command
        (nxa_start_step) </dev/null 2>&1 9>&- &
        ;;
      esac
      NXA_CHILD=$! NXA_GROUPS="$NXA_GROUPS $!" NXA_INTERRUPTED='' NXA_UNTOLD=''
      case ${NXA_STEP_TIMEOUT[NXA_STEP]-}$NXA_INTERRUPT in '') ;; *) nxa_attempt_started ;; esac
      wait "$NXA_CHILD"
      nxa_exit=$?
      case $nxa_exit$NXA_INTERRUPTED$nxa_timer in
      0) [ -s "$JOB_ENV" ] || break ;;
      esac
      nxa_judge_attempt || break
      nxa_attempt=$((nxa_attempt + 1)) nxa_status=success
    done
    case $nxa_status in
    success)
      NXA_CHILD=''
      NXA_UNTOLD="${NXA_MARK}end$NXA_SEPARATOR$NXA_STEP${NXA_SEPARATOR}success${NXA_SEPARATOR}0$NXA_SEPARATOR$nxa_attempt$NXA_SEPARATOR$nxa_max$NXA_NEWLINE"
      ;;
    *)
      nxa_emit end "$NXA_STEP" "$nxa_status" "$nxa_exit" "$nxa_attempt" "$nxa_max" "$NXA_ERROR" "${NXA_STEP_TIMEOUT[NXA_STEP]-}"
      nxa_count_result
      ;;
    esac
    # The test of a loop makes bash note how children ended, for which it fills half a megabyte the first time.
    [ "$NXA_STEP" -lt "$nxa_last" ] || break
  done
}

# nxa_step_begins: for the first step, one that may not be wanted, or one after a step that did not simply succeed. Status 1
# if there is nothing more to do for it.
nxa_step_begins() {
  nxa_anew='' nxa_attempt=1 nxa_status=success nxa_timer=''
  NXA_INTERRUPT='' NXA_STOPPED='' NXA_STEP_TIMED_OUT='' NXA_ERROR='' NXA_FROM_STEP=''
  if [ -n "${NXA_STEP_PARALLEL[NXA_STEP]-}" ]; then
    nxa_anew=1
    nxa_tell_untold
    nxa_run_group
    return 1
  fi
  if [ -n "${NXA_STEP_CONDITION[NXA_STEP]-}$NXA_FAILED$NXA_CANCELLED$NXA_TIMED_OUT" ]; then
    nxa_tell_untold
    nxa_step_wanted || return 1
  fi
  [ -n "${NXA_STEP_PROVIDERS[NXA_STEP]-}" ] || return 0
  nxa_anew=1
  nxa_tell_untold
  nxa_provide_step
}

# nxa_tell_untold: the records that were to be told together with the next one, in one write, for which whoever reads the stream
# wakes up once: the beginning of a bare job, the end of a step that succeeded.
nxa_tell_untold() {
  [ -z "$NXA_UNTOLD" ] || printf '%s' "$NXA_UNTOLD"
  NXA_UNTOLD=''
}

# nxa_tell_command: what the step runs, and the condition that held.
nxa_tell_command() {
  local nxa_line
  [ -z "${NXA_STEP_CONDITION[NXA_STEP]-}" ] || nxa_emit debug "condition holds: ${NXA_STEP_CONDITION[NXA_STEP]}"
  nxa_emit debug "runs with ${NXA_STEP_INTERPRETER[NXA_STEP]:-bash}:"
  while IFS= read -r nxa_line || [ -n "$nxa_line" ]; do
    nxa_emit debug "  $nxa_line"
  done <"$NXA_BUNDLE/${NXA_STEP_ACTION[NXA_STEP]}/run"
}

# nxa_attempt_started: a timer for the attempt; a signal that came before the child's number was known is made good.
nxa_attempt_started() {
  [ -z "$NXA_INTERRUPT" ] || nxa_stop_child
  [ -n "${NXA_STEP_TIMEOUT[NXA_STEP]-}" ] || return 0
  nxa_timer_start "${NXA_STEP_TIMEOUT[NXA_STEP]}" USR1 "$NXA_RUNNER"
  nxa_timer=$NXA_TIMER
}

# nxa_judge_attempt: of an attempt that was interrupted, timed, failed, or wrote to $JOB_ENV. Sets nxa_status, nxa_exit, and
# NXA_ERROR where there is something to say. Status 0 if there is to be another.
nxa_judge_attempt() {
  nxa_anew=1 NXA_UNTOLD=''
  nxa_child_ended "$nxa_exit"
  nxa_timer_stop "$nxa_timer"
  nxa_timer=''
  nxa_exit=$NXA_STATUS
  NXA_ERROR=''
  nxa_status=failure
  if [ -n "$NXA_STEP_TIMED_OUT" ]; then
    nxa_status=timeout nxa_exit=124 NXA_STEP_TIMED_OUT=''
  elif [ "$nxa_exit" = 0 ]; then
    nxa_status=success
  elif [ -n "$NXA_INTERRUPT" ] && [ -z "$NXA_TIMED_OUT" ]; then
    nxa_status=cancelled
  fi
  [ ! -s "$JOB_ENV" ] || nxa_take_job_env
  [ "$nxa_status" != success ] && [ "$nxa_attempt" -lt "$nxa_max" ] && [ -z "$NXA_CANCELLED$NXA_TIMED_OUT" ] && nxa_retry_pause
}

# nxa_take_job_env: what the attempt wrote counts if it succeeded; the next one finds the file empty.
nxa_take_job_env() {
  if [ "$nxa_status" = success ] && ! nxa_read_job_env "$JOB_ENV"; then
    nxa_status=failure nxa_exit=1
  fi
  : >"$JOB_ENV"
}

nxa_count_result() {
  case $nxa_status in
  failure | timeout) [ -n "${NXA_STEP_TOLERATED[NXA_STEP]-}" ] || NXA_FAILED=1 ;;
  esac
}

# Whether the step's condition holds; one that does not, or is in error, is told here.
nxa_step_wanted() {
  local nxa_verdict=1
  # After the job's timeout its grace may be over.
  [ -z "$NXA_GRACE_OVER" ] || return 1
  NXA_IS_SUCCESS='' NXA_IS_FAILURE='' NXA_IS_CANCELLED=$NXA_CANCELLED
  if [ -z "$NXA_CANCELLED$NXA_TIMED_OUT" ]; then
    if [ -z "$NXA_FAILED" ]; then NXA_IS_SUCCESS=1; else NXA_IS_FAILURE=1; fi
  fi
  if [ -z "${NXA_STEP_CONDITION[NXA_STEP]-}" ]; then
    nxa_success && return 0
  else
    nxa_evaluate_step
    nxa_verdict=$?
    [ "$nxa_verdict" != 0 ] || return 0
  fi
  if [ "$nxa_verdict" = 2 ]; then
    nxa_emit end "$NXA_STEP" failure 1 '' '' "$NXA_CONDITION_ERROR"
    nxa_status=failure
    nxa_count_result
  else
    nxa_emit end "$NXA_STEP" skipped '' '' '' "condition: ${NXA_STEP_CONDITION[NXA_STEP]:-success()}"
  fi
  return 1
}

# nxa_evaluate_step: the step's condition in a subshell, since values are those the step would see.
nxa_evaluate_step() {
  local nxa_verdict
  (
    # The runner's signals are not for this shell.
    trap - TERM USR1 USR2 VTALRM ALRM
    export STEP_NAME="${NXA_STEP_NAME[NXA_STEP]}" ATTEMPT=1
    nxa_prepare_step
    NXA_CONDITION_DIR=.
    nxa_evaluate "nxa_job_$NXA_JOB" step_condition "$NXA_STEP"
    nxa_verdict=$?
    [ "$nxa_verdict" = 2 ] && printf '%s\n' "$NXA_CONDITION_ERROR" >"$NXA_JOB_TMP/condition-error"
    exit "$nxa_verdict"
  ) </dev/null 9>&- &
  NXA_CHILD=$!
  nxa_await_child
  nxa_verdict=$NXA_STATUS
  case $nxa_verdict in
  0 | 1) return "$nxa_verdict" ;;
  2) IFS= read -r NXA_CONDITION_ERROR <"$NXA_JOB_TMP/condition-error" ;;
  *) NXA_CONDITION_ERROR="condition ended with $nxa_verdict" ;;
  esac
  return 2
}

# nxa_retry_pause: tells of the retry and waits; status 1 where that was interrupted.
nxa_retry_pause() {
  local nxa_words=${NXA_STEP_RETRY[NXA_STEP]#* } nxa_backoff nxa_min nxa_top nxa_delay nxa_n
  # After the number of attempts: backoff, least and greatest delay.
  nxa_backoff=${nxa_words%% *}
  nxa_words=${nxa_words#* }
  nxa_min=${nxa_words% *}
  nxa_top=${nxa_words#* }
  nxa_delay=$nxa_min
  case $nxa_backoff in
  linear) nxa_delay=$((nxa_min * nxa_attempt)) ;;
  exponential)
    for ((nxa_n = 1; nxa_n < nxa_attempt && nxa_delay < nxa_top; nxa_n++)); do
      nxa_delay=$((nxa_delay * 2))
    done
    ;;
  esac
  [ "$nxa_delay" -le "$nxa_top" ] || nxa_delay=$nxa_top
  nxa_emit retry "$NXA_STEP" "$nxa_status" "$nxa_exit" "$nxa_attempt" \
    "$nxa_max" "$nxa_delay" "$nxa_backoff" "$NXA_ERROR"
  NXA_ERROR=''
  nxa_sleep_text "$nxa_delay"
  sleep "$NXA_SLEEP" >/dev/null 2>&1 9>&- &
  NXA_CHILD=$!
  nxa_await_child
  [ -z "$NXA_INTERRUPT" ] || {
    nxa_status=cancelled
    return 1
  }
}

# --- inside a step's process ---------------------------------------------------------------------

# nxa_start_step: becomes the step's interpreter.
nxa_start_step() {
  local nxa_file=$NXA_BUNDLE/${NXA_STEP_ACTION[NXA_STEP]}/run
  nxa_prepare_step || exit 1
  case ${NXA_STEP_INTERPRETER[NXA_STEP]-} in
  '') nxa_become "$NXA_BASH" -eo pipefail "$nxa_file" ;;
  sh) nxa_become sh -e "$nxa_file" ;;
  python)
    command -v python3 >/dev/null 2>&1 && nxa_become python3 -u "$nxa_file"
    nxa_become python -u "$nxa_file"
    ;;
  *) nxa_become "${NXA_STEP_INTERPRETER[NXA_STEP]}" "$nxa_file" ;;
  esac
}

# nxa_prepare_step: the variables that only this step sees, and its directory.
nxa_prepare_step() {
  nxa_export_given
  [ -z "$NXA_FROM_STEP" ] || nxa_export_lines "$NXA_FROM_STEP"
  [ -z "${NXA_STEP_HAS_ENV[NXA_STEP]-}" ] || "nxa_job_$NXA_JOB" step_env "$NXA_STEP" || return 1
  [ -z "${NXA_STEP_WORKDIR[NXA_STEP]-}" ] || nxa_enter "${NXA_STEP_WORKDIR[NXA_STEP]}"
}

# nxa_enter WORKDIR: goes there, from the job's directory.
nxa_enter() {
  cd "./$1" 2>/dev/null && return
  printf 'the workdir %s is no directory that can be entered, in %s\n' "$1" "$PWD" >&2
  return 1
}

# --- the end -----------------------------------------------------------------------------------------

# nxa_end_groups GROUPS: ends what is left of process groups.
nxa_end_groups() {
  # shellcheck disable=SC2086  # numbers
  set -- $1
  # Most often none is left, as one look at all of them tells.
  [ $# != 0 ] && kill -0 -- "${@/#/-}" 2>/dev/null || return 0
  local nxa_group nxa_alive=''
  for nxa_group; do
    kill -0 -- "-$nxa_group" && nxa_alive="$nxa_alive $nxa_group"
  done 2>/dev/null
  [ -n "$nxa_alive" ] || return 0
  nxa_tell_untold
  nxa_tree_of_groups "$nxa_alive"
  nxa_tree_kill TERM
  nxa_tree_end 100
}

# nxa_end_detached: the same of what has left its group and its parents, as far as its environment tells.
nxa_end_detached() {
  ! nxa_none_detached && [ -r /proc/self/environ ] || return 0
  nxa_marked_processes "$JOB_NAME" "$NXA_SEPARATOR"
  [ -n "$NXA_MARKED" ] || return 0
  nxa_tell_untold
  nxa_tree_find "${NXA_MARKED# }"
  nxa_tree_kill TERM
  nxa_tree_end 100
}

# nxa_none_detached: is there nothing that steps have left? To look at all processes costs as much as a step. What they left has
# the FIFO that descriptor 5 was for all that they started, as `read -t 0` tells since bash 4; a program that closes what it does
# not know (Python, Node.js) has an orphan to show for it. On a machine with something to do there are those of others as well.
nxa_none_detached() {
  local nxa_before=${NXA_ORPHANS-}
  [ -n "${NXA_ALIVE-}" ] || return 1
  case $BASH_VERSION in 3.*) return 1 ;; esac
  # Opened while there is a writer for certain.
  exec 6<"$NXA_ALIVE" 5>&-
  read -r -t 0 -u 6 && nxa_orphans || return 1
  [ "$NXA_ORPHANS" = "$nxa_before" ] || ! nxa_orphan_since "$nxa_before"
}

# nxa_tree_of_groups GROUPS: NXA_TREE = all members of the groups and what descends from them.
nxa_tree_of_groups() {
  local nxa_p nxa_roots=''
  nxa_processes
  for nxa_p in $NXA_PROCESSES; do
    nxa_within "${nxa_p##*:}" "$1" && nxa_roots="$nxa_roots ${nxa_p%%:*}"
  done
  nxa_tree_find "${nxa_roots# }"
}

nxa_emit_exports() {
  local nxa_name nxa_i
  nxa_tell_untold
  for nxa_name in $NXA_EXPORTS; do
    for ((nxa_i = ${#NXA_GIVEN_NAME[@]} - 1; nxa_i >= 0; nxa_i--)); do
      if [ "${NXA_GIVEN_NAME[nxa_i]}" = "$nxa_name" ]; then
        nxa_emit export "$nxa_name" "${NXA_GIVEN_VALUE[nxa_i]}"
        break
      fi
    done
  done
}
