# Usage: nx_run_job; runs a job's steps in the current directory, writing its stream to stdout
# Requires: core/clock.sh core/text.sh core/stream.sh core/process.sh core/environment.sh core/condition.sh
# The job runner, the same for every executor. It takes the job's plan from generated functions and
# ends by writing the job's result into the stream: only that counts, never an exit status.
# Signals: TERM cancels the job, USR2 is its timeout. Own: USR1 a step's timeout, ALRM the end of grace.
# shellcheck shell=bash

# A job's plan, as its function `nx_job_N plan` fills it in.
NX_STEP_NAME=() NX_STEP_ACTION=() NX_STEP_INTERPRETER=() NX_STEP_HAS_ENV=() NX_STEP_CONDITION=() NX_STEP_RETRY=()
NX_STEP_TIMEOUT=() NX_STEP_TOLERATED=() NX_STEP_WORKDIR=() NX_EXPORTS=''

# nx_run_job: NX_JOB is the job's number, its plan is loaded; NX_JOB_TMP a directory for the runner's own files, NX_BUNDLE
# that of the actions.
nx_run_job() {
  NX_FAILED='' NX_CANCELLED='' NX_TIMED_OUT='' NX_INTERRUPT='' NX_CHILD='' NX_GROUPS=''
  NX_CONDITION_FILE=$NX_JOB_TMP/condition
  nx_self
  NX_RUNNER=$NX_SELF
  trap 'nx_on_cancel' TERM
  trap 'nx_on_job_timeout' USR2
  trap 'nx_on_step_timeout' USR1
  trap 'nx_on_grace' ALRM
  export JOB_ENV="$NX_JOB_TMP/env"
  : >"$JOB_ENV"
  cd "$NX_JOB_DIR" || return
  # From here on every child has a process group of its own.
  set -m
  for ((NX_STEP = 0; NX_STEP < ${#NX_STEP_NAME[@]}; NX_STEP++)); do
    nx_run_step
  done
  set +m
  nx_end_leftovers
  nx_emit_exports
  if [ -n "$NX_TIMED_OUT" ]; then
    nx_emit job_result timeout
  elif [ -n "$NX_CANCELLED" ]; then
    nx_emit job_result cancelled
  elif [ -n "$NX_FAILED" ]; then
    nx_emit job_result failure
  else
    nx_emit job_result success
  fi
}

# --- signals: the handlers act themselves, so none is lost between a test and a wait ------------

nx_on_cancel() {
  NX_CANCELLED=1
  nx_interrupt
}

nx_on_job_timeout() {
  [ -z "$NX_TIMED_OUT" ] || return 0
  NX_TIMED_OUT=1
  # What is left (`always()`) gets ten seconds.
  nx_timer_start 10000 ALRM "$NX_RUNNER"
  nx_interrupt
}

nx_on_step_timeout() {
  NX_STEP_TIMED_OUT=1
  NX_INTERRUPTED=1
  [ -z "$NX_CHILD" ] || nx_stop_child
}

nx_on_grace() {
  NX_GRACE_OVER=1
  nx_interrupt
}

# Stops what runs now; the step under way sees NX_INTERRUPT.
nx_interrupt() {
  NX_INTERRUPT=1
  NX_INTERRUPTED=1
  [ -n "$NX_CHILD" ] || return 0
  nx_stop_child
}

nx_stop_child() {
  [ -z "$NX_STOPPED" ] || return 0
  NX_STOPPED=$SECONDS
  nx_tree_find "$NX_CHILD"
  nx_tree_kill TERM
  # The child itself may be the one that ignores SIGTERM: then the wait must end all the same.
  nx_timer_start 10000 KILL "$NX_CHILD"
  NX_KILL_TIMER=$NX_TIMER
}

# nx_await_child: waits for NX_CHILD, just started; NX_STATUS = how it ended.
nx_await_child() {
  [ -z "$NX_INTERRUPT" ] || nx_stop_child
  NX_INTERRUPTED=''
  wait "$NX_CHILD"
  nx_child_ended $?
}

# nx_child_ended STATUS: a first wait for NX_CHILD gave STATUS; if a signal cut it short, waits on. Of a child that was
# stopped nothing is left.
nx_child_ended() {
  NX_STATUS=$1
  [ -z "$NX_INTERRUPTED" ] || nx_await "$NX_CHILD" "$1"
  NX_CHILD=''
  [ -z "$NX_STOPPED" ] || nx_child_stopped
}

nx_child_stopped() {
  nx_timer_stop "$NX_KILL_TIMER"
  nx_tree_end $((100 - (SECONDS - NX_STOPPED) * 10))
  NX_STOPPED=''
}

# --- steps ------------------------------------------------------------------------------------------

# nx_run_step: the step NX_STEP: condition, attempts, result. Every step comes through here, and a command costs about a
# hundredth of a process start: what is rare is behind one test.
nx_run_step() {
  local nx_attempt=1 nx_max=${NX_STEP_RETRY[NX_STEP]-1} nx_status=success nx_exit
  NX_INTERRUPT='' NX_STOPPED='' NX_STEP_TIMED_OUT='' NX_ERROR=''
  if [ -n "${NX_STEP_CONDITION[NX_STEP]-}$NX_FAILED$NX_CANCELLED$NX_TIMED_OUT" ]; then
    nx_step_wanted || return 0
  fi
  # Of the retry's words the first is the number of attempts.
  nx_max=${nx_max:-1} nx_max=${nx_max%% *}
  while nx_run_attempt; do
    nx_attempt=$((nx_attempt + 1))
  done
  nx_emit end "$NX_STEP" "$nx_status" "$nx_exit" "$nx_attempt" "$nx_max" "$NX_ERROR"
  [ "$nx_status" = success ] || nx_count_result
}

# nx_run_attempt: one attempt. Sets nx_status, nx_exit, and NX_ERROR where there is something to say. Status 0 if there is
# to be another.
nx_run_attempt() {
  local nx_timer=''
  # A record of numbers only, as nx_emit would write it.
  printf '%s\n' "${NX_TOKEN}start$NX_SEPARATOR$NX_STEP$NX_SEPARATOR$nx_attempt$NX_SEPARATOR$nx_max"
  export STEP_NAME="${NX_STEP_NAME[NX_STEP]}" ATTEMPT="$nx_attempt"
  if [ -z "${NX_STEP_INTERPRETER[NX_STEP]-}${NX_STEP_HAS_ENV[NX_STEP]-}${NX_GIVEN_NAME[0]-}${NX_STEP_WORKDIR[NX_STEP]-}${NX_STEP_ENV-}" ]; then
    "$NX_BASH" -eo pipefail "$NX_BUNDLE/${NX_STEP_ACTION[NX_STEP]}/run" </dev/null 2>&1 &
  else
    (nx_start_step) </dev/null 2>&1 &
  fi
  NX_CHILD=$! NX_GROUPS="$NX_GROUPS $!" NX_INTERRUPTED=''
  [ -z "${NX_STEP_TIMEOUT[NX_STEP]-}$NX_INTERRUPT" ] || nx_attempt_started
  wait "$NX_CHILD"
  nx_exit=$?
  [ "$nx_exit$NX_INTERRUPTED$nx_timer" != 0 ] || [ -s "$JOB_ENV" ] || {
    NX_CHILD=''
    nx_status=success
    return 1
  }
  nx_judge_attempt
}

# nx_attempt_started: a timer for the attempt; a signal that came before the child's number was known is made good.
nx_attempt_started() {
  [ -z "$NX_INTERRUPT" ] || nx_stop_child
  [ -n "${NX_STEP_TIMEOUT[NX_STEP]-}" ] || return 0
  nx_timer_start "${NX_STEP_TIMEOUT[NX_STEP]}" USR1 "$NX_RUNNER"
  nx_timer=$NX_TIMER
}

# nx_judge_attempt: of an attempt that was interrupted, timed, failed, or wrote to $JOB_ENV.
nx_judge_attempt() {
  nx_child_ended "$nx_exit"
  nx_timer_stop "$nx_timer"
  nx_exit=$NX_STATUS
  NX_ERROR=''
  nx_status=failure
  if [ -n "$NX_STEP_TIMED_OUT" ]; then
    nx_status=timeout nx_exit=124 NX_STEP_TIMED_OUT=''
  elif [ "$nx_exit" = 0 ]; then
    nx_status=success
  elif [ -n "$NX_INTERRUPT" ] && [ -z "$NX_TIMED_OUT" ]; then
    nx_status=cancelled
  fi
  [ ! -s "$JOB_ENV" ] || nx_take_job_env
  [ "$nx_status" != success ] && [ "$nx_attempt" -lt "$nx_max" ] && [ -z "$NX_CANCELLED$NX_TIMED_OUT" ] && nx_retry_pause
}

# nx_take_job_env: what the attempt wrote counts if it succeeded; the next one finds the file empty.
nx_take_job_env() {
  if [ "$nx_status" = success ] && ! nx_read_job_env "$JOB_ENV"; then
    nx_status=failure nx_exit=1
  fi
  : >"$JOB_ENV"
}

nx_count_result() {
  case $nx_status in
  failure | timeout) [ -n "${NX_STEP_TOLERATED[NX_STEP]-}" ] || NX_FAILED=1 ;;
  esac
}

# Whether the step's condition holds; one that does not, or is in error, is told here.
nx_step_wanted() {
  local nx_verdict=1
  # After the job's timeout its grace may be over.
  [ -z "${NX_GRACE_OVER-}" ] || return 1
  NX_IS_SUCCESS='' NX_IS_FAILURE='' NX_IS_CANCELLED=$NX_CANCELLED
  if [ -z "$NX_CANCELLED$NX_TIMED_OUT" ]; then
    if [ -z "$NX_FAILED" ]; then NX_IS_SUCCESS=1; else NX_IS_FAILURE=1; fi
  fi
  if [ -z "${NX_STEP_CONDITION[NX_STEP]-}" ]; then
    nx_success && return 0
  else
    nx_evaluate_step
    nx_verdict=$?
    [ "$nx_verdict" != 0 ] || return 0
  fi
  if [ "$nx_verdict" = 2 ]; then
    nx_emit end "$NX_STEP" failure 1 '' '' "$NX_CONDITION_ERROR"
    nx_status=failure
    nx_count_result
  else
    nx_emit end "$NX_STEP" skipped '' '' '' "condition: ${NX_STEP_CONDITION[NX_STEP]:-success()}"
  fi
  return 1
}

# nx_evaluate_step: the step's condition in a subshell, since values are those the step would see.
nx_evaluate_step() {
  local nx_verdict
  (
    # The runner's signals are not for this shell.
    trap - TERM USR1 USR2 ALRM
    export STEP_NAME="${NX_STEP_NAME[NX_STEP]}" ATTEMPT=1
    nx_prepare_step
    NX_CONDITION_DIR=.
    nx_evaluate "nx_job_$NX_JOB" step_condition "$NX_STEP"
    nx_verdict=$?
    [ "$nx_verdict" = 2 ] && printf '%s\n' "$NX_CONDITION_ERROR" >"$NX_JOB_TMP/condition-error"
    exit "$nx_verdict"
  ) </dev/null &
  NX_CHILD=$!
  nx_await_child
  nx_verdict=$NX_STATUS
  case $nx_verdict in
  0 | 1) return "$nx_verdict" ;;
  2) IFS= read -r NX_CONDITION_ERROR <"$NX_JOB_TMP/condition-error" ;;
  *) NX_CONDITION_ERROR="condition ended with $nx_verdict" ;;
  esac
  return 2
}

# nx_retry_pause: tells of the retry and waits; status 1 where that was interrupted.
nx_retry_pause() {
  local nx_words=${NX_STEP_RETRY[NX_STEP]#* } nx_backoff nx_min nx_top nx_delay nx_n
  # After the number of attempts: backoff, least and greatest delay.
  nx_backoff=${nx_words%% *}
  nx_words=${nx_words#* }
  nx_min=${nx_words% *}
  nx_top=${nx_words#* }
  nx_delay=$nx_min
  case $nx_backoff in
  linear) nx_delay=$((nx_min * nx_attempt)) ;;
  exponential)
    for ((nx_n = 1; nx_n < nx_attempt && nx_delay < nx_top; nx_n++)); do
      nx_delay=$((nx_delay * 2))
    done
    ;;
  esac
  [ "$nx_delay" -le "$nx_top" ] || nx_delay=$nx_top
  nx_emit retry "$NX_STEP" "$nx_status" "$nx_exit" "$nx_attempt" \
    "$nx_max" "$nx_delay" "$nx_backoff" "$NX_ERROR"
  NX_ERROR=''
  nx_sleep_text "$nx_delay"
  sleep "$NX_SLEEP" >/dev/null 2>&1 &
  NX_CHILD=$!
  nx_await_child
  [ -z "$NX_INTERRUPT" ] || {
    nx_status=cancelled
    return 1
  }
}

# --- inside a step's process ---------------------------------------------------------------------

# nx_start_step: becomes the step's interpreter.
nx_start_step() {
  local nx_file=$NX_BUNDLE/${NX_STEP_ACTION[NX_STEP]}/run
  nx_prepare_step || exit 1
  case ${NX_STEP_INTERPRETER[NX_STEP]-} in
  '') nx_become "$NX_BASH" -eo pipefail "$nx_file" ;;
  sh) nx_become sh -e "$nx_file" ;;
  python)
    command -v python3 >/dev/null 2>&1 && nx_become python3 -u "$nx_file"
    nx_become python -u "$nx_file"
    ;;
  *) nx_become "${NX_STEP_INTERPRETER[NX_STEP]}" "$nx_file" ;;
  esac
}

# nx_prepare_step: the variables that only this step sees, and its directory.
nx_prepare_step() {
  nx_export_given
  [ -z "${NX_STEP_HAS_ENV[NX_STEP]-}" ] || "nx_job_$NX_JOB" step_env "$NX_STEP" || return 1
  [ -z "${NX_STEP_WORKDIR[NX_STEP]-}" ] || cd "./${NX_STEP_WORKDIR[NX_STEP]}" || return
}

# --- the end -----------------------------------------------------------------------------------------

# nx_end_leftovers: what steps left in the background lives until their job ends.
nx_end_leftovers() {
  local nx_group nx_alive=''
  for nx_group in $NX_GROUPS; do
    kill -0 -- "-$nx_group" 2>/dev/null && nx_alive="$nx_alive $nx_group"
  done
  [ -n "$nx_alive" ] || return 0
  nx_tree_of_groups "$nx_alive"
  nx_tree_kill TERM
  nx_tree_end 100
}

# nx_tree_of_groups GROUPS: NX_TREE = all members of the groups and what descends from them.
nx_tree_of_groups() {
  local nx_p nx_roots=''
  nx_processes
  for nx_p in $NX_PROCESSES; do
    nx_within "${nx_p##*:}" "$1" && nx_roots="$nx_roots ${nx_p%%:*}"
  done
  nx_tree_find "${nx_roots# }"
}

nx_emit_exports() {
  local nx_name nx_i
  for nx_name in $NX_EXPORTS; do
    for ((nx_i = ${#NX_GIVEN_NAME[@]} - 1; nx_i >= 0; nx_i--)); do
      if [ "${NX_GIVEN_NAME[nx_i]}" = "$nx_name" ]; then
        nx_emit export "$nx_name" "${NX_GIVEN_VALUE[nx_i]}"
        break
      fi
    done
  done
}
