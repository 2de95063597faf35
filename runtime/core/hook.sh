# Usage: nxa_hook_files EXECUTOR; nxa_hook EXECUTOR JOB NAME; nxa_hook_watched EXECUTOR JOB NAME TENTHS
# Requires: core/process.sh core/condition.sh core/environment.sh core/supervisor.sh
# Hooks of custom executors: texts that bash runs on the host as it runs steps, each as a file, with variables that say what
# it is about. A hook sees the caller's environment and the workflow's, not the job's: that is for where the job runs.
# shellcheck shell=bash

# nxa_hook_given NAME: does the executor have this hook? NXA_HOOK = its text.
nxa_hook_given() {
  local nxa_name=nxa_config_$1
  NXA_HOOK=${!nxa_name-}
  [ -n "$NXA_HOOK" ]
}

# nxa_hook_files EXECUTOR: writes the hooks that there are.
nxa_hook_files() {
  local nxa_dir=$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}/hooks nxa_name
  mkdir -p -- "$nxa_dir" || return 1
  for nxa_name in setupWorkspace cleanupWorkspace setupJob executeJob cleanupJob saveArtifact restoreArtifact; do
    nxa_hook_given "$nxa_name" || continue
    printf '%s\n' "$NXA_HOOK" >"$nxa_dir/$nxa_name" || return 1
  done
}

# nxa_hook EXECUTOR JOB NAME: runs a hook to its end; JOB is empty for those of the workspace. A status that is not 0 is told
# on standard error and kept in NXA_ERROR.
nxa_hook() {
  (nxa_hook_become "$@")
  nxa_hook_ended "$3" $?
}

nxa_hook_ended() {
  [ "$2" != 0 ] || return 0
  NXA_ERROR="hook $1 ended with exit status $2"
  printf '%s\n' "$NXA_ERROR" >&2
  return "$2"
}

# nxa_hook_become EXECUTOR JOB NAME: this process becomes the hook.
nxa_hook_become() {
  local nxa_root=$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]} nxa_actions
  nxa_signals_back TERM HUP USR1 USR2 ALRM VTALRM
  nxa_run_environment
  # shellcheck disable=SC2206  # numbers
  nxa_actions=(${NXA_EXECUTOR_ACTIONS[$1]})
  export EXECUTOR_NAME="${NXA_EXECUTOR_NAME[$1]}" WORKSPACE_DIR="$nxa_root" BUNDLE_DIR="$nxa_root/bundle" \
    REPO_DIR="$NXA_REPOSITORY" ACTION_COUNT="${#nxa_actions[@]}"
  # A hook may make the job's directory itself, or do without.
  cd -- "$nxa_root" || exit 1
  [ -z "$2" ] || nxa_hook_job "$2"
  umask "$NXA_CALLER_UMASK"
  nxa_become "$NXA_BASH" -eo pipefail "$nxa_root/hooks/$3"
}

# nxa_hook_job JOB: the variables of a hook that is about a job; ACTION_COUNT is then that of the job.
nxa_hook_job() {
  local nxa_action nxa_seen=' '
  ACTION_COUNT=0
  for nxa_action in ${NXA_STEP_ACTION[@]+"${NXA_STEP_ACTION[@]}"}; do
    case $nxa_seen in *" $nxa_action "*) continue ;; esac
    nxa_seen="$nxa_seen$nxa_action "
    ACTION_COUNT=$((ACTION_COUNT + 1))
  done
  export JOB_NAME="${NXA_JOB_NAME[$1]}" JOB_DIR="$WORKSPACE_DIR/jobs/${NXA_JOB_NAME[$1]}" \
    JOB_ENV_FILE="$NXA_RUN_TMP/job-env.$1" JOB_SCRIPT="$WORKSPACE_DIR/state/$1/job"
  [ ! -d "$JOB_DIR" ] || cd -- "$JOB_DIR" || exit 1
}

# nxa_hook_watched EXECUTOR JOB NAME CANCEL TIMEOUT: the same in a job's body. An order ends the hook with all that descends
# from it: SIGTERM to each, SIGKILL after so many tenths of a second as a cancelled job, or one whose time is up, may take.
nxa_hook_watched() {
  local nxa_status
  NXA_CHILD='' NXA_HALTED=''
  # shellcheck disable=SC2064  # numbers, as they are now
  trap "nxa_hook_halted $4" TERM
  # shellcheck disable=SC2064
  trap "nxa_hook_halted $5" USR2
  set -m
  (nxa_hook_become "$@") </dev/null &
  NXA_CHILD=$!
  set +m
  [ -z "$NXA_HALTED" ] || nxa_hook_stop
  nxa_await "$NXA_CHILD"
  nxa_status=$NXA_STATUS
  if [ -n "$NXA_HALTED" ]; then
    nxa_tree_end "$NXA_HALTED"
    exit 143
  fi
  trap - TERM USR2
  nxa_hook_ended "$3" "$nxa_status"
}

# nxa_hook_halted TENTHS
nxa_hook_halted() {
  NXA_INTERRUPTED=1
  [ -z "$NXA_HALTED" ] || return 0
  NXA_HALTED=$1
  [ -z "$NXA_CHILD" ] || nxa_hook_stop
}

nxa_hook_stop() {
  nxa_tree_find "$NXA_CHILD"
  nxa_tree_kill TERM
}
