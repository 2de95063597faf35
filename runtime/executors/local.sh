# Usage: the seven functions of the executor contract for `local`
# Requires: core/bundle.sh core/jobscript.sh
# Jobs run on this machine, each in a directory of its own: NXA_WORKSPACE/<name>/jobs/<job>.
# shellcheck shell=bash

# nxa_local_setup_workspace EXECUTOR: directories of all its jobs, and the bundle of its actions.
nxa_local_setup_workspace() {
  local nxa_root=$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]} nxa_job nxa_action nxa_dirs
  nxa_dirs=()
  for nxa_action in ${NXA_EXECUTOR_ACTIONS[$1]}; do
    nxa_dirs[${#nxa_dirs[@]}]=$nxa_root/bundle/${NXA_ACTION_DIR[nxa_action]}
  done
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ "${NXA_JOB_EXECUTOR[nxa_job]}" = "$1" ] && [ -n "${NXA_SELECTED[nxa_job]-}" ] || continue
    nxa_dirs[${#nxa_dirs[@]}]=$nxa_root/jobs/${NXA_JOB_NAME[nxa_job]}
    # A worker has its own.
    [ -n "$NXA_WATCHING" ] && [ -n "${NXA_JOB_BARE[nxa_job]-}" ] || nxa_dirs[${#nxa_dirs[@]}]=$nxa_root/state/$nxa_job
  done
  nxa_make_directories "${nxa_dirs[@]}" && nxa_write_bundle "$1" "$nxa_root/bundle"
}

# nxa_local_cleanup_workspace EXECUTOR: the directories go with NXA_WORKSPACE, at the end of the run.
nxa_local_cleanup_workspace() { :; }

# nxa_local_setup_job EXECUTOR JOB: the job's copy of the repository.
nxa_local_setup_job() {
  local nxa_dir=$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}/jobs/${NXA_JOB_NAME[$2]}
  case $nxa_config_copyRepo in
  true) nxa_copy_repository "$nxa_dir" ;;
  tracked) nxa_copy_tracked "$nxa_dir" ;;
  overlay) nxa_copy_overlay "$nxa_dir" "$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}/overlay/$2" ;;
  esac
}

# nxa_local_execute_job EXECUTOR JOB: runs the job runner in this very process; for a job of many steps in a shell that
# holds nothing else, since each step is forked from it, and a fork costs by what the shell holds. Providers of steps are
# asked from here.
nxa_local_execute_job() {
  NXA_JOB_TMP=$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}
  NXA_BUNDLE=$NXA_JOB_TMP/bundle NXA_JOB_DIR=$NXA_JOB_TMP/jobs/${NXA_JOB_NAME[$2]} NXA_JOB_TMP=$NXA_JOB_TMP/state/$2
  # What steps start keeps this open, whatever becomes of its parents.
  NXA_ALIVE=$NXA_RUN_TMP/alive.$2
  [ -z "${NXA_WORKER-}" ] || NXA_JOB_TMP=$NXA_WORKER NXA_ALIVE=$NXA_WORKER/alive
  nxa_job_environment "$NXA_JOB"
  umask "$NXA_CALLER_UMASK"
  export JOB_DIR="$NXA_JOB_DIR"
  if [ -p "$NXA_ALIVE" ]; then
    exec 5<>"$NXA_ALIVE" 6<&-
  else
    # It could not be made, and what a job leaves is looked for among all processes.
    NXA_ALIVE=''
  fi
  [ -z "${NXA_NIX_PACKAGES-}" ] || nxa_nix_path || return 0
  if [ -n "${NXA_JOB_LONG[$2]-}" ] && nxa_job_script "$NXA_JOB_TMP/job"; then
    nxa_tell_untold
    # What a shell was started with as ignored it can never heed.
    nxa_signals_back TERM ALRM
    exec "$NXA_BASH" "$NXA_JOB_TMP/job"
  fi
  nxa_run_job
}

# nxa_local_cleanup_job EXECUTOR JOB: the directory goes with the workspace; a mount goes now.
nxa_local_cleanup_job() {
  local nxa_root=$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}
  [ "$nxa_config_copyRepo" != overlay ] || nxa_overlay_end "$nxa_root/jobs/${NXA_JOB_NAME[$2]}" "$nxa_root/overlay/$2"
}

# nxa_local_save_artifact EXECUTOR JOB PATH: prints a tar stream; status 3 if there is nothing at PATH.
nxa_local_save_artifact() {
  cd "$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}/jobs/${NXA_JOB_NAME[$2]}" && nxa_pack "$3"
}

# nxa_local_restore_artifact EXECUTOR JOB PATH: reads a tar stream into the job's directory, or below PATH.
nxa_local_restore_artifact() {
  cd "$NXA_WORKSPACE/${NXA_EXECUTOR_NAME[$1]}/jobs/${NXA_JOB_NAME[$2]}" && nxa_unpack "$3"
}
