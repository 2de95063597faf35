# Usage: nx_main "$@"
# Requires: core/options.sh core/describe.sh core/preflight.sh core/scheduler.sh core/runner.sh core/clock.sh
# The process that the caller sees: it reads the command line, prepares the run, starts the scheduler and waits for it.
# Only it has signal handlers for the caller's signals, since it sits in `wait`, which every bash leaves for a handler at
# once; `read`, in which the scheduler sits, does not do so before bash 5. A handler hands the signal on as one line.
# shellcheck shell=bash

nx_main() {
  nx_parse_options "$@"
  case $NX_COMMAND in
  help | version)
    "nx_$NX_COMMAND"
    return 0
    ;;
  esac
  nx_settle_options
  case $NX_COMMAND in
  list | dry_run)
    "nx_$NX_COMMAND"
    return 0
    ;;
  esac
  nx_prepare
  nx_preflight
  nx_make_run
  nx_run_scheduler
  NX_STATUS=$?
  [ -n "$NX_KEEP_WORKSPACE" ] || nx_remove "$NX_WORKSPACE"
  return "$NX_STATUS"
}

# nx_prepare: names and places of this run; nothing is made yet.
nx_prepare() {
  NX_CALLER_UMASK=$(umask)
  umask 077
  case ${BASH##*/} in
  sh) NX_BASH=bash ;;
  *) NX_BASH=$BASH ;;
  esac
  nx_clock_start
  nx_keep_locale
  nx_clock
  WORKFLOW_ID=$NX_WORKFLOW-${NX_STAMP_TEXT//[-:]/}-$$-$RANDOM$RANDOM
  WORKFLOW_NAME=$NX_WORKFLOW
  CI=${CI:-true}
  NIXACTIONS=true
  export WORKFLOW_ID WORKFLOW_NAME CI NIXACTIONS
  NX_TOKEN=$'\036'$RANDOM$RANDOM$RANDOM
  NX_TEMPORARY=${TMPDIR:-/tmp}
  case $NX_TEMPORARY in /*) ;; *) NX_TEMPORARY=$PWD/$NX_TEMPORARY ;; esac
  NX_TEMPORARY=${NX_TEMPORARY%/}
  nx_home
}

# nx_home: NX_HOME = where runs are kept; without HOME it is in the temporary directory.
nx_home() {
  NX_HOME=${NIXACTIONS_HOME:-}
  [ -n "$NX_HOME" ] || [ -z "${XDG_CACHE_HOME-}" ] || NX_HOME=$XDG_CACHE_HOME/nixactions
  [ -n "$NX_HOME" ] || [ -z "${HOME-}" ] || NX_HOME=$HOME/.cache/nixactions
  [ -n "$NX_HOME" ] || NX_HOME=$NX_TEMPORARY/nixactions-home-$(id -u)
  case $NX_HOME in /*) ;; *) NX_HOME=$PWD/$NX_HOME ;; esac
}

# nx_keep_locale: our own shells work on bytes; users' code gets the caller's locale back.
nx_keep_locale() {
  NX_CALLER_LC_ALL=${LC_ALL-}
  NX_CALLER_HAS_LC_ALL=${LC_ALL+1}
  LC_ALL=C
}

nx_restore_locale() {
  if [ -n "$NX_CALLER_HAS_LC_ALL" ]; then
    LC_ALL=$NX_CALLER_LC_ALL
  else
    unset LC_ALL
  fi
} 2>/dev/null

# nx_make_run: the run's directories, the descriptors 7 (what happens) and 8 (the output token).
nx_make_run() {
  NX_RUN_DIR=$NX_HOME/runs/$WORKFLOW_ID
  NX_WORKSPACE=$NX_WORKSPACE_ROOT/$WORKFLOW_ID
  NX_RUN_TMP=$NX_WORKSPACE/.run
  NIXACTIONS_ARTIFACTS_DIR=$NX_RUN_DIR/artifacts
  export NIXACTIONS_ARTIFACTS_DIR
  if ! mkdir -p -- "$NIXACTIONS_ARTIFACTS_DIR" "$NX_RUN_TMP" ||
    ! mkfifo "$NX_RUN_TMP/happens" "$NX_RUN_TMP/token"; then
    printf '%s: error: cannot prepare the run below %s\n' "${0##*/}" "$NX_WORKSPACE_ROOT" >&2
    exit 3
  fi
  exec 7<>"$NX_RUN_TMP/happens" 8<>"$NX_RUN_TMP/token"
  printf 'x' >&8
}

# nx_run_scheduler: waits for the scheduler, handing signals on; returns its status.
nx_run_scheduler() {
  NX_SIGNAL_COUNT=0
  trap 'nx_hand_on 130' INT
  trap 'nx_hand_on 143' TERM
  trap 'nx_hand_on 129' HUP
  set -m
  (nx_schedule) </dev/null &
  NX_SCHEDULER=$!
  set +m
  nx_await "$NX_SCHEDULER"
  trap '' INT TERM HUP
  case $NX_STATUS in
  0 | 1 | 124 | 129 | 130 | 143) return "$NX_STATUS" ;;
  esac
  printf '%s: error: the scheduler was killed (exit status %s)\n' "${0##*/}" "$NX_STATUS" >&2
  nx_tree_find "$NX_SCHEDULER"
  nx_marked_processes ''
  NX_TREE="$NX_TREE $NX_MARKED"
  nx_tree_kill KILL
  return 1
}

# nx_hand_on STATUS: one line for the scheduler; the third signal ends the script at once.
nx_hand_on() {
  NX_INTERRUPTED=1
  NX_SIGNAL_COUNT=$((NX_SIGNAL_COUNT + 1))
  [ "$NX_SIGNAL_COUNT" -lt 3 ] || exit "$1"
  printf 'signal %s\n' "$1" >&7
}
