# Usage: the seven functions of the executor contract for `custom`
# Requires: executors/local.sh core/hook.sh core/jobscript.sh core/elsewhere.sh core/bundle.sh core/artifact.sh
# The users' own hooks; what they leave out is done as `local` does it.
# shellcheck shell=bash

nxa_custom_setup_workspace() {
  nxa_local_setup_workspace "$1" && nxa_hook_files "$1" || return 1
  ! nxa_hook_given setupWorkspace || nxa_hook "$1" '' setupWorkspace
}

nxa_custom_cleanup_workspace() {
  ! nxa_hook_given cleanupWorkspace || nxa_hook "$1" '' cleanupWorkspace
}

nxa_custom_setup_job() {
  if nxa_hook_given setupJob; then
    nxa_hook_watched "$1" "$2" setupJob 100 100
  else
    nxa_local_setup_job "$1" "$2"
  fi
}

# nxa_custom_execute_job EXECUTOR JOB: the hook's standard output is the job's stream. A job that is cancelled may have long
# steps that run in any case; when its time is up it has what the runner gives it, and ten seconds for what does not heed it.
nxa_custom_execute_job() {
  local nxa_file=$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}/state/$2/job
  if ! (nxa_job_files "$nxa_file" "$NXA_RUN_TMP/job-env.$2"); then
    nxa_emit job_failed "cannot write $nxa_file"
    return
  fi
  nxa_hook_watched "$1" "$2" executeJob 3000 310 2>&1
}

# nxa_custom_cleanup_job EXECUTOR JOB: no trouble here changes how the job ended. A job that was told to end gets no more than
# a minute for it.
nxa_custom_cleanup_job() {
  local nxa_timer=''
  if nxa_hook_given cleanupJob; then
    nxa_self
    if [ -n "$NXA_ORDER" ]; then
      nxa_timer_start 60000 ALRM "$NXA_SELF"
      nxa_timer=$NXA_TIMER
    fi
    (nxa_hook_become "$1" "$2" cleanupJob) </dev/null &
    nxa_await "$!"
    nxa_timer_stop "$nxa_timer"
    [ "$NXA_STATUS" = 0 ] || nxa_warn "hook cleanupJob ended with exit status $NXA_STATUS"
  fi
  rm -f -- "$NXA_RUN_TMP/job-env.$2"
}

# nxa_custom_save_artifact EXECUTOR JOB PATH: what the hook puts into ARTIFACT_DIR, each file at the path that it has below
# the job's directory.
nxa_custom_save_artifact() {
  local nxa_dir=$NXA_RUN_TMP/artifact.$2
  if ! nxa_hook_given saveArtifact; then
    nxa_local_save_artifact "$@"
    return
  fi
  nxa_artifact_room "$nxa_dir" "$3" && nxa_hook "$1" "$2" saveArtifact >&2 || return 1
  nxa_artifact_print "$nxa_dir" "${3%/}" && nxa_remove "$nxa_dir"
}

# nxa_artifact_room DIR PATH: an empty directory, and the variables of a hook that moves an artifact.
nxa_artifact_room() {
  nxa_remove "$1" && mkdir "$1" || return 1
  export ARTIFACT_NAME="$NXA_ARTIFACT" ARTIFACT_PATH="${2:-.}" ARTIFACT_DIR="$1"
}

# nxa_artifact_print DIR PATH: a tar stream of what a hook has put into DIR: at PATH, as it is; else, as `cp -R PATH DIR` does
# it, without the directories above, which it then gets. Status 3 if there is nothing.
nxa_artifact_print() {
  local nxa_above=''
  case $2 in */*) nxa_above=${2%/*} ;; esac
  if [ -n "$nxa_above" ] && [ ! -d "$1/$nxa_above" ]; then
    mkdir -p -- "$1.below/$nxa_above" && rmdir "$1.below/$nxa_above" && mv "$1" "$1.below/$nxa_above" &&
      mv "$1.below" "$1" || return 1
  fi
  cd "$1" || return 1
  nxa_any_file || return 3
  nxa_tar .
}

# nxa_any_file: is there something in the current directory?
nxa_any_file() {
  local nxa_file
  set +f
  for nxa_file in * .[!.]* ..?*; do
    [ ! -e "$nxa_file" ] && [ ! -h "$nxa_file" ] || return 0
  done
  return 1
}

# nxa_custom_restore_artifact EXECUTOR JOB PATH: reads a tar stream for the hook.
nxa_custom_restore_artifact() {
  local nxa_dir=$NXA_RUN_TMP/artifact.$2
  if ! nxa_hook_given restoreArtifact; then
    nxa_local_restore_artifact "$@"
    return
  fi
  nxa_artifact_room "$nxa_dir" "$3" && (cd "$nxa_dir" && nxa_untar xp) || return 1
  nxa_hook "$1" "$2" restoreArtifact </dev/null && nxa_remove "$nxa_dir"
}
