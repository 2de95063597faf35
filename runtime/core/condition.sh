# Usage: nxa_success, nxa_failure, nxa_always, nxa_cancelled, nxa_equal A B, nxa_true A, nxa_shell TEXT,
#        nxa_changed PATHSPEC…; put together by generated functions
# Requires: core/environment.sh core/text.sh
# What conditions are made of. Each returns 0 where it holds; an error is kept in NXA_CONDITION_ERROR,
# whatever the operators around it make of the status.
# Whoever evaluates sets NXA_IS_SUCCESS, NXA_IS_FAILURE and NXA_IS_CANCELLED to 1 or ''.
# shellcheck shell=bash

nxa_success() { [ -n "$NXA_IS_SUCCESS" ]; }
nxa_failure() { [ -n "$NXA_IS_FAILURE" ]; }
nxa_cancelled() { [ -n "$NXA_IS_CANCELLED" ]; }
nxa_always() { :; }

# nxa_equal A B: are the texts the same?
nxa_equal() { [ "$1" = "$2" ]; }

# nxa_true TEXT: is the text `true`?
nxa_true() { [ "$1" = true ]; }

# nxa_evaluate FUNCTION [ARGUMENT]: runs a generated condition. 0 holds, 1 does not, 2 error.
nxa_evaluate() {
  local nxa_verdict
  NXA_CONDITION_ERROR=''
  "$@"
  nxa_verdict=$?
  [ -z "$NXA_CONDITION_ERROR" ] || return 2
  [ "$nxa_verdict" = 0 ]
}

# nxa_shell TEXT: a bash condition, run in NXA_CONDITION_DIR with the environment in force, as a file so
# that its text is on no command line.
nxa_shell() {
  local nxa_status
  [ -z "$NXA_CONDITION_ERROR" ] || return 1
  printf '%s\n' "$1" >"$NXA_CONDITION_FILE" || {
    NXA_CONDITION_ERROR="cannot write $NXA_CONDITION_FILE"
    return 1
  }
  set -m
  (cd "$NXA_CONDITION_DIR" && nxa_become "$NXA_BASH" "$NXA_CONDITION_FILE") </dev/null 2>&1 &
  NXA_CHILD=$!
  set +m
  nxa_await "$NXA_CHILD"
  nxa_status=$NXA_STATUS
  NXA_CHILD=''
  case $nxa_status in
  0 | 1) return "$nxa_status" ;;
  esac
  NXA_CONDITION_ERROR="condition exited with $nxa_status"
  return 1
}

# nxa_await PID [STATUS]: waits for a child, whatever signals come meanwhile; STATUS is what an earlier wait gave.
# NXA_STATUS = its exit status. A handler that has run sets NXA_INTERRUPTED.
nxa_await() {
  local nxa_before=${2-127}
  while :; do
    if [ "$nxa_before" != 127 ] && nxa_lost "$1"; then
      NXA_STATUS=$nxa_before
      return 0
    fi
    NXA_INTERRUPTED=''
    wait "$1" 2>/dev/null
    NXA_STATUS=$?
    # Forgotten: the handler ran just after the wait had its answer.
    [ "$NXA_STATUS" != 127 ] || NXA_STATUS=$nxa_before
    [ -n "$NXA_INTERRUPTED" ] || return 0
    nxa_before=$NXA_STATUS
  done
}

# nxa_lost PID: is a child gone that the shell believes to be running? Where its end falls together with a signal that has
# a handler, bash may reap it and forget; `wait` would then block until another child ends.
nxa_lost() {
  ! kill -0 "$1" 2>/dev/null || return 1
  case "$NXA_NEWLINE$(jobs -pr)$NXA_NEWLINE" in
  *"$NXA_NEWLINE$1$NXA_NEWLINE"*) return 0 ;;
  esac
  return 1
}

# nxa_changed PATHSPEC…: does something that the git pathspecs match differ from the base? Without git
# or a base it does, with a warning.
nxa_changed() {
  local nxa_base
  [ -z "$NXA_CONDITION_ERROR" ] || return 1
  nxa_base=$(cd "$NXA_CONDITION_DIR" && nxa_git_base) || {
    nxa_warn "changed(): no git repository or base here, taken as changed"
    return 0
  }
  if (cd "$NXA_CONDITION_DIR" && git diff --quiet "$nxa_base" -- "$@") 2>/dev/null; then
    [ -n "$(cd "$NXA_CONDITION_DIR" && git ls-files --others --exclude-standard -- "$@")" ]
  fi
}

# Prints the commit to compare with: $NIXACTIONS_BASE, the merge base with the default branch, HEAD.
nxa_git_base() {
  local nxa_branch
  {
    if [ -n "${NIXACTIONS_BASE-}" ]; then
      git rev-parse --verify "$NIXACTIONS_BASE^{commit}"
      return
    fi
    for nxa_branch in refs/remotes/origin/HEAD refs/heads/main refs/heads/master; do
      git merge-base HEAD "$nxa_branch" && return
    done
    git rev-parse --verify HEAD
  } 2>/dev/null
}
