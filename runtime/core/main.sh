# Usage: nxa_main "$@"
# Requires: core/bundle.sh core/options.sh core/describe.sh core/preflight.sh core/scheduler.sh core/runner.sh core/clock.sh core/runs.sh core/report.sh core/verify.sh core/terminal.sh
# The process that the caller sees: it reads the command line, prepares the run, starts the scheduler and waits for it.
# Only it has signal handlers for the caller's signals, since it sits in `wait`, which every bash leaves for a handler at
# once; `read`, in which the scheduler sits, does not do so before bash 5. A handler hands the signal on as one line.
# shellcheck shell=bash

nxa_main() {
  nxa_parse_options "$@"
  case $NXA_COMMAND in
  help | version | verify)
    "nxa_$NXA_COMMAND"
    return
    ;;
  esac
  nxa_settle_options
  case $NXA_COMMAND in
  list | dry_run | graph)
    "nxa_$NXA_COMMAND"
    return
    ;;
  esac
  nxa_prepare
  case $NXA_COMMAND in
  gc)
    nxa_preflight_places
    nxa_gc
    return
    ;;
  esac
  nxa_terminal_settle
  nxa_preflight
  [ -n "${NXA_RUN_DIR-}" ] || nxa_make_run
  nxa_run_scheduler
  NXA_STATUS=$?
  # A report that was asked for and is not there must not look like success.
  nxa_reports || [ "$NXA_STATUS" != 0 ] || NXA_STATUS=1
  nxa_unmake_run
  # That it is there is what counts: on a full disk it stays empty.
  { printf '%s\n' "$NXA_STATUS" >"$NXA_RUN_DIR/ended"; } 2>/dev/null
  nxa_prune_runs
  return "$NXA_STATUS"
}

# nxa_unmake_run: what holds values goes in any case.
nxa_unmake_run() {
  if [ -n "$NXA_KEEP_WORKSPACE" ]; then
    nxa_remove "$NXA_RUN_TMP"
  else
    nxa_remove "$NXA_WORKSPACE"
  fi
}

# nxa_prepare: names and places of this run; nothing is made yet.
nxa_prepare() {
  NXA_CALLER_UMASK=$(umask)
  umask 077
  case ${BASH##*/} in
  sh) NXA_BASH=bash ;;
  *) NXA_BASH=$BASH ;;
  esac
  nxa_clock_start
  nxa_keep_locale
  nxa_clock
  WORKFLOW_ID=$NXA_WORKFLOW-${NXA_STAMP_TEXT//[-:]/}-$$-$RANDOM$RANDOM
  WORKFLOW_NAME=$NXA_WORKFLOW
  CI=${CI:-true}
  NIXACTIONS=true
  export WORKFLOW_ID WORKFLOW_NAME CI NIXACTIONS
  # That of a run within a run; processes of steps are known by theirs.
  unset STEP_NAME
  NXA_TOKEN=$'\036'$RANDOM$RANDOM$RANDOM
  # The `read` of bash before 4.3 drops what follows a NUL on its line. There a record has a line of its own, after one
  # that may be lost without harm.
  NXA_MARK=$NXA_TOKEN
  case $BASH_VERSION in 3.* | 4.[012].*) NXA_MARK=$NXA_TOKEN$NXA_NEWLINE$NXA_TOKEN ;; esac
  NXA_TEMPORARY=${TMPDIR:-/tmp}
  case $NXA_TEMPORARY in /*) ;; *) NXA_TEMPORARY=$PWD/$NXA_TEMPORARY ;; esac
  NXA_TEMPORARY=${NXA_TEMPORARY%/}
  nxa_home
}

# nxa_home: NXA_HOME = where runs are kept; without HOME it is in the temporary directory.
nxa_home() {
  NXA_HOME=${NIXACTIONS_HOME:-}
  [ -n "$NXA_HOME" ] || [ -z "${XDG_CACHE_HOME-}" ] || NXA_HOME=$XDG_CACHE_HOME/nixactions
  [ -n "$NXA_HOME" ] || [ -z "${HOME-}" ] || NXA_HOME=$HOME/.cache/nixactions
  [ -n "$NXA_HOME" ] || NXA_HOME=$NXA_TEMPORARY/nixactions-home-$(id -u)
  case $NXA_HOME in /*) ;; *) NXA_HOME=$PWD/$NXA_HOME ;; esac
}

# nxa_keep_locale: our own shells work on bytes; users' code gets the caller's locale back.
nxa_keep_locale() {
  NXA_CALLER_LC_ALL=${LC_ALL-}
  NXA_CALLER_HAS_LC_ALL=${LC_ALL+1}
  LC_ALL=C
}

# Where the caller has none, ours is not exported, and can stay: to take it away makes a shell read the files of its locale.
nxa_restore_locale() {
  [ -z "$NXA_CALLER_HAS_LC_ALL" ] || { LC_ALL=$NXA_CALLER_LC_ALL; } 2>/dev/null
}

# nxa_make_run: the run's directories, the FIFOs, and descriptor 7 (what happens).
nxa_make_run() {
  NXA_RUN_DIR=$NXA_HOME/runs/$WORKFLOW_ID
  NXA_WORKSPACE=$NXA_WORKSPACE_ROOT/$WORKFLOW_ID
  NXA_RUN_TMP=$NXA_WORKSPACE/.run
  NIXACTIONS_ARTIFACTS_DIR=$NXA_RUN_DIR/artifacts
  export NIXACTIONS_ARTIFACTS_DIR
  nxa_name_first_workers
  if ! mkdir -p -- "$NIXACTIONS_ARTIFACTS_DIR" "$NXA_RUN_DIR/logs" "$NXA_RUN_DIR/status" "$NXA_RUN_TMP" \
    ${NXA_WORKER_DIRS[@]+"${NXA_WORKER_DIRS[@]}"} || ! nxa_make_fifos; then
    printf '%s: error: cannot prepare the run below %s\n' "${0##*/}" "$NXA_WORKSPACE_ROOT" >&2
    exit 3
  fi
  nxa_has_room
  exec 7<>"$NXA_RUN_TMP/happens"
  nxa_own_run
  nxa_report_plan
  nxa_run_key
  [ -z "$NXA_SECRETS" ] || nxa_secrets_start
}

# nxa_has_room: what a run writes before its first job is less; a disk that is full makes no end of errors else.
nxa_has_room() {
  local nxa_why
  { printf '%131072s' '' >"$NXA_RUN_TMP/room" && : >"$NXA_RUN_TMP/room"; } 2>/dev/null && return
  nxa_why=$({ printf '%131072s' '' >"$NXA_RUN_TMP/room"; } 2>&1)
  rm -rf -- "$NXA_RUN_DIR" "$NXA_WORKSPACE"
  printf '%s: error: no room for the run below %s%s\n' "${0##*/}" "$NXA_WORKSPACE_ROOT" "${nxa_why:+: ${nxa_why##*: }}" >&2
  exit 3
}

# nxa_make_fifos: those of the run, and of each job that may run: one that tells whether something of it is alive, which a worker
# has for all its jobs, and one for each of its streams. Of two streams of one job the second may begin before the last that
# writes the first is gone, so they cannot share one.
nxa_make_fifos() {
  local nxa_job nxa_fifos
  nxa_fifos=("$NXA_RUN_TMP/happens" "$NXA_RUN_TMP/token" "$NXA_RUN_TMP/control" "$NXA_RUN_TMP/alive")
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ -n "${NXA_SELECTED[nxa_job]-}" ] || continue
    nxa_fifos[${#nxa_fifos[@]}]=$NXA_RUN_TMP/stream.$nxa_job
    [ -n "${NXA_JOB_BARE[nxa_job]-}" ] || nxa_fifos[${#nxa_fifos[@]}]=$NXA_RUN_TMP/alive.$nxa_job
    [ -z "${NXA_JOB_CONDITION_TEXT[nxa_job]-}" ] || nxa_fifos[${#nxa_fifos[@]}]=$NXA_RUN_TMP/check.$nxa_job
  done
  nxa_make_pipes "${nxa_fifos[@]}" ${NXA_WORKER_FIFOS[@]+"${NXA_WORKER_FIFOS[@]}"}
}

# nxa_run_scheduler: waits for the scheduler, handing signals on; returns its status.
nxa_run_scheduler() {
  NXA_SIGNAL_COUNT=0
  trap 'nxa_hand_on 130' INT
  trap 'nxa_hand_on 143' TERM
  trap 'nxa_hand_on 129' HUP
  set -m
  (nxa_schedule) </dev/null &
  NXA_SCHEDULER=$!
  set +m
  # Only this process has it open for writing: whoever reads it sees the script's end, however it comes.
  exec 9<>"$NXA_RUN_TMP/alive"
  nxa_own_scheduler "$NXA_SCHEDULER"
  nxa_await "$NXA_SCHEDULER"
  trap '' INT TERM HUP
  case $NXA_STATUS in
  0 | 1 | 124 | 129 | 130 | 143) return "$NXA_STATUS" ;;
  esac
  printf '%s: error: the scheduler was killed (exit status %s)\n' "${0##*/}" "$NXA_STATUS" >&2
  nxa_tree_find "$NXA_SCHEDULER"
  nxa_marked_processes ''
  NXA_TREE="$NXA_TREE $NXA_MARKED"
  nxa_tree_kill KILL
  nxa_dismiss_all
  return 1
}

# nxa_hand_on STATUS: one line for the scheduler; the third signal ends the script at once.
nxa_hand_on() {
  NXA_INTERRUPTED=1
  NXA_SIGNAL_COUNT=$((NXA_SIGNAL_COUNT + 1))
  if [ "$NXA_SIGNAL_COUNT" = 3 ]; then
    nxa_pretty_still
    exit "$1"
  fi
  printf 'signal %s\n' "$1" >&7
}
