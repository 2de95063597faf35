# Usage: the seven functions of the executor contract for `local`
# Requires: core/bundle.sh
# Jobs run on this machine, each in a directory of its own: NX_WORKSPACE/<name>/jobs/<job>.
# shellcheck shell=bash

# nx_local_setup_workspace EXECUTOR: directories of all its jobs, and the bundle of its actions.
nx_local_setup_workspace() {
  local nx_root=$NX_WORKSPACE/${NX_EXECUTOR_NAME[$1]} nx_job nx_action nx_dirs
  nx_dirs=()
  for nx_action in ${NX_EXECUTOR_ACTIONS[$1]}; do
    nx_dirs[${#nx_dirs[@]}]=$nx_root/bundle/${NX_ACTION_DIR[nx_action]}
  done
  for ((nx_job = 0; nx_job < ${#NX_JOB_NAME[@]}; nx_job++)); do
    [ "${NX_JOB_EXECUTOR[nx_job]}" = "$1" ] && [ -n "${NX_SELECTED[nx_job]-}" ] || continue
    nx_dirs[${#nx_dirs[@]}]=$nx_root/jobs/${NX_JOB_NAME[nx_job]}
    nx_dirs[${#nx_dirs[@]}]=$nx_root/state/$nx_job
  done
  nx_make_directories "${nx_dirs[@]}" && nx_write_bundle "$1" "$nx_root/bundle"
}

# nx_local_cleanup_workspace EXECUTOR: the directories go with NX_WORKSPACE, at the end of the run.
nx_local_cleanup_workspace() { :; }

# nx_local_setup_job EXECUTOR JOB: the job's copy of the repository.
nx_local_setup_job() {
  local nx_dir=$NX_WORKSPACE/${NX_EXECUTOR_NAME[$1]}/jobs/${NX_JOB_NAME[$2]}
  case $nx_config_copyRepo in
  true) nx_copy_repository "$nx_dir" ;;
  tracked) nx_copy_tracked "$nx_dir" ;;
  esac
}

# nx_local_execute_job EXECUTOR JOB: runs the job runner in this very process.
nx_local_execute_job() {
  NX_BUNDLE=$NX_WORKSPACE/${NX_EXECUTOR_NAME[$1]}/bundle
  NX_JOB_TMP=${NX_BUNDLE%bundle}state/$2
  NX_JOB_DIR=${NX_BUNDLE%bundle}jobs/${NX_JOB_NAME[$2]}
  export JOB_DIR="$NX_JOB_DIR"
  nx_run_job
}

# nx_local_cleanup_job EXECUTOR JOB: the directory goes with the workspace.
nx_local_cleanup_job() { :; }

# nx_local_save_artifact EXECUTOR JOB PATH: prints a tar stream; status 3 if there is nothing at PATH.
nx_local_save_artifact() {
  cd "$NX_WORKSPACE/${NX_EXECUTOR_NAME[$1]}/jobs/${NX_JOB_NAME[$2]}" && nx_pack "$3"
}

# nx_local_restore_artifact EXECUTOR JOB PATH: reads a tar stream into the job's directory, or below PATH.
nx_local_restore_artifact() {
  cd "$NX_WORKSPACE/${NX_EXECUTOR_NAME[$1]}/jobs/${NX_JOB_NAME[$2]}" && nx_unpack "$3"
}
