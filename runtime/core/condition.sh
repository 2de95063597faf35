# Usage: nx_success, nx_failure, nx_always, nx_cancelled, nx_equal A B, nx_true A, nx_shell TEXT,
#        nx_changed PATHSPEC…; put together by generated functions
# Requires: core/environment.sh core/text.sh
# What conditions are made of. Each returns 0 where it holds; an error is kept in NX_CONDITION_ERROR,
# whatever the operators around it make of the status.
# Whoever evaluates sets NX_IS_SUCCESS, NX_IS_FAILURE and NX_IS_CANCELLED to 1 or ''.
# shellcheck shell=bash

nx_success() { [ -n "$NX_IS_SUCCESS" ]; }
nx_failure() { [ -n "$NX_IS_FAILURE" ]; }
nx_cancelled() { [ -n "$NX_IS_CANCELLED" ]; }
nx_always() { :; }
nx_never() { return 1; }

# nx_equal A B: are the texts the same?
nx_equal() { [ "$1" = "$2" ]; }

# nx_true TEXT: is the text `true`?
nx_true() { [ "$1" = true ]; }

# nx_evaluate FUNCTION [ARGUMENT]: runs a generated condition. 0 holds, 1 does not, 2 error.
nx_evaluate() {
  local nx_verdict
  NX_CONDITION_ERROR=''
  "$@"
  nx_verdict=$?
  [ -z "$NX_CONDITION_ERROR" ] || return 2
  [ "$nx_verdict" = 0 ]
}

# nx_shell TEXT: a bash condition, run in NX_CONDITION_DIR with the environment in force, as a file so
# that its text is on no command line.
nx_shell() {
  local nx_status
  [ -z "$NX_CONDITION_ERROR" ] || return 1
  printf '%s\n' "$1" >"$NX_CONDITION_FILE" || {
    NX_CONDITION_ERROR="cannot write $NX_CONDITION_FILE"
    return 1
  }
  set -m
  (cd "$NX_CONDITION_DIR" && nx_become "$NX_BASH" "$NX_CONDITION_FILE") </dev/null 2>&1 &
  NX_CHILD=$!
  set +m
  nx_await "$NX_CHILD"
  nx_status=$NX_STATUS
  NX_CHILD=''
  case $nx_status in
  0 | 1) return "$nx_status" ;;
  esac
  NX_CONDITION_ERROR="condition exited with $nx_status"
  return 1
}

# nx_await PID [STATUS]: waits for a child, whatever signals come meanwhile; STATUS is what an earlier wait gave.
# NX_STATUS = its exit status. A handler that has run sets NX_INTERRUPTED.
nx_await() {
  local nx_before=${2-127}
  while :; do
    if [ "$nx_before" != 127 ] && nx_lost "$1"; then
      NX_STATUS=$nx_before
      return 0
    fi
    NX_INTERRUPTED=''
    wait "$1" 2>/dev/null
    NX_STATUS=$?
    # Forgotten: the handler ran just after the wait had its answer.
    [ "$NX_STATUS" != 127 ] || NX_STATUS=$nx_before
    [ -n "$NX_INTERRUPTED" ] || return 0
    nx_before=$NX_STATUS
  done
}

# nx_lost PID: is a child gone that the shell believes to be running? Where its end falls together with a signal that has
# a handler, bash may reap it and forget; `wait` would then block until another child ends.
nx_lost() {
  ! kill -0 "$1" 2>/dev/null || return 1
  case "$NX_NEWLINE$(jobs -pr)$NX_NEWLINE" in
  *"$NX_NEWLINE$1$NX_NEWLINE"*) return 0 ;;
  esac
  return 1
}

# nx_changed PATHSPEC…: does something that the git pathspecs match differ from the base? Without git
# or a base it does, with a warning.
nx_changed() {
  local nx_base
  [ -z "$NX_CONDITION_ERROR" ] || return 1
  nx_base=$(cd "$NX_CONDITION_DIR" && nx_git_base) || {
    nx_warn "changed(): no git repository or base here, taken as changed"
    return 0
  }
  if (cd "$NX_CONDITION_DIR" && git diff --quiet "$nx_base" -- "$@") 2>/dev/null; then
    [ -n "$(cd "$NX_CONDITION_DIR" && git ls-files --others --exclude-standard -- "$@")" ]
  fi
}

# Prints the commit to compare with: $NIXACTIONS_BASE, the merge base with the default branch, HEAD.
nx_git_base() {
  local nx_branch
  {
    if [ -n "${NIXACTIONS_BASE-}" ]; then
      git rev-parse --verify "$NIXACTIONS_BASE^{commit}"
      return
    fi
    for nx_branch in refs/remotes/origin/HEAD refs/heads/main refs/heads/master; do
      git merge-base HEAD "$nx_branch" && return
    done
    git rev-parse --verify HEAD
  } 2>/dev/null
}
