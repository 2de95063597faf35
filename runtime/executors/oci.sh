# Usage: the seven functions of the executor contract for `oci`
#        and nxa_oci_preflight, nxa_oci_gc
# Requires: oci/engine.sh oci/image.sh oci/container.sh oci/inside.sh core/jobscript.sh core/elsewhere.sh core/bundle.sh core/supervisor.sh core/runs.sh
# Jobs run in containers of docker or podman, below /workspace. A container is one of all jobs (mode `shared`) or of one. A job costs
# one call of the engine: its script goes in by standard input, makes the job's directory and becomes the job runner.
# shellcheck shell=bash

# nxa_oci_setup_workspace EXECUTOR: engine and image; in mode `shared` the container with a copy of the repository, else one look
# at whether the image will do.
nxa_oci_setup_workspace() {
  NXA_IMAGE_ROOM=$NXA_RUN_TMP/oci-image.$1
  nxa_engine_find "$nxa_config_engine" && nxa_oci_image "$1" && nxa_oci_keep "$1" || return 1
  nxa_oci_start "$1" '' || return 1
  if [ -n "$NXA_LACKS" ]; then
    nxa_oci_bring "$1" && nxa_oci_keep "$1" && nxa_oci_start "$1" '' || return 1
  fi
  if [ "$nxa_config_mode" = isolated ]; then
    nxa_oci_end "$1" ''
  else
    nxa_oci_copy "$1" .golden
  fi
}

# nxa_oci_image EXECUTOR: NXA_IMAGE = the image that jobs run in.
nxa_oci_image() {
  nxa_image_base "$nxa_config_image" "${nxa_config_platform-}" || return 1
  NXA_IMAGE=$nxa_config_image
  [ "${#nxa_config_deps[@]}${#nxa_config_extraPackages[@]}" = 00 ] || nxa_oci_build
}

# nxa_oci_build: with what steps need and the executor lists, and with what the runner itself needs.
nxa_oci_build() {
  nxa_image_with "$nxa_config_image" "${nxa_config_platform-}" "${nxa_config_network-}" \
    ${nxa_config_deps[@]+"${nxa_config_deps[@]}"} ${nxa_config_extraPackages[@]+"${nxa_config_extraPackages[@]/%/:}"} \
    bash:bash tar:tar
}

# nxa_oci_bring EXECUTOR: the container lacks commands. Bash and tar are brought along, where the image has not been made by us.
nxa_oci_bring() {
  local nxa_lacks=$NXA_LACKS
  nxa_oci_end "$1" ''
  if [ "$NXA_IMAGE" = "$nxa_config_image" ] && nxa_oci_build; then
    return 0
  fi
  printf 'image %s has no %s, which jobs need; an image with a package manager gets bash and tar by itself\n' \
    "$nxa_config_image" "$nxa_lacks"
  return 1
}

# nxa_oci_keep EXECUTOR: for the processes of jobs: what was found.
nxa_oci_keep() {
  printf '%s\n' "$NXA_ENGINE" "$NXA_IMAGE" >"$NXA_RUN_TMP/oci.$1"
}

# nxa_oci_recall EXECUTOR [JOB]: NXA_ENGINE, NXA_IMAGE, NXA_CONTAINER, as they were found; status 1 if they were not.
nxa_oci_recall() {
  { IFS= read -r NXA_ENGINE && IFS= read -r NXA_IMAGE; } 2>/dev/null <"$NXA_RUN_TMP/oci.$1" || return 1
  nxa_oci_name "$1" "${2-}"
}

# nxa_oci_name EXECUTOR JOB: NXA_CONTAINER = that of the executor, or in mode `isolated` that of the job.
nxa_oci_name() {
  NXA_CONTAINER=nixactions-$WORKFLOW_ID-${NXA_EXECUTOR_NAME[$1]}
  [ "$nxa_config_mode" != isolated ] || [ -z "$2" ] || NXA_CONTAINER=$NXA_CONTAINER-${NXA_JOB_NAME[$2]}
}

# nxa_oci_start EXECUTOR JOB: the container, with its workspace. The file says that there may be one.
nxa_oci_start() {
  nxa_oci_name "$1" "$2"
  : >"$NXA_RUN_TMP/oci-starts.$1.$2" || return 1
  if [ -n "$2" ]; then
    nxa_container_run "$1" "$NXA_CONTAINER" "nixactions.job=${NXA_JOB_NAME[$2]}"
  else
    nxa_container_run "$1" "$NXA_CONTAINER"
  fi && nxa_container_prepare && rm -f "$NXA_RUN_TMP/oci-starts.$1.$2"
}

# nxa_oci_copy EXECUTOR DIR: the repository, into a directory below /workspace.
nxa_oci_copy() {
  local nxa_codes
  [ "$nxa_config_copyRepo" = true ] || return 0
  nxa_print_repository "$NXA_RUN_TMP/oci-copy.$1.${NXA_JOB-}" |
    nxa_engine exec --interactive "$NXA_CONTAINER" bash -c "$NXA_INSIDE_COPY" bash "$2"
  nxa_codes=("${PIPESTATUS[@]}")
  [ "${nxa_codes[0]}${nxa_codes[1]}" = 00 ] || {
    printf 'the repository could not be copied into container %s\n' "$NXA_CONTAINER"
    return 1
  }
}

# nxa_oci_setup_job EXECUTOR JOB: the job's own container, in mode `isolated`; else the job makes its directory itself.
nxa_oci_setup_job() {
  nxa_oci_recall "$1" "$2" || return 1
  [ "$nxa_config_mode" = isolated ] || return 0
  # An order has to wait, or nobody would know of the container.
  NXA_HALTED=''
  trap 'NXA_HALTED=1' TERM USR2
  NXA_ERROR='the container could not be started'
  nxa_oci_start "$1" "$2" && nxa_oci_copy "$1" "jobs/${NXA_JOB_NAME[$2]}" || return 1
  [ -z "$NXA_HALTED" ] || exit 143
  trap - TERM USR2
}

# nxa_oci_execute_job EXECUTOR JOB: the engine's standard output is the job's stream. Orders are sent in, and the runner there ends
# the job; what does not heed them in time is ended by nxa_oci_cleanup_job.
nxa_oci_execute_job() {
  local nxa_file=$NXA_RUN_TMP/oci-job.$2
  nxa_oci_recall "$1" "$2" || return 1
  # The first that the shell in there does is to remove its file.
  # shellcheck disable=SC2016
  if ! printf 'rm -f -- "$0" &\n' >"$nxa_file" || ! (nxa_job_files "$nxa_file" "$nxa_file" nxa_oci_container_env); then
    nxa_emit job_failed "cannot write $nxa_file"
    return
  fi
  NXA_CHILD='' NXA_HALTED='' NXA_KILL_TIMER=''
  trap 'nxa_oci_halt TERM 300000' TERM
  trap 'nxa_oci_halt USR2 31000' USR2
  set -m
  (nxa_oci_send "${NXA_JOB_NAME[$2]}" "$nxa_file") 2>"$nxa_file.words" &
  NXA_CHILD=$!
  set +m
  [ -z "$NXA_HALTED" ] || nxa_oci_tell
  nxa_await "$NXA_CHILD"
  nxa_timer_stop "$NXA_KILL_TIMER"
  : >"$nxa_file"
  [ -z "$NXA_HALTED" ] || exit 143
  trap - TERM USR2
  if [ "$NXA_STATUS" = 0 ]; then
    nxa_warn_lines "$nxa_file.words"
    [ -z "${nxa_config_resources_memory-}" ] || nxa_oci_memory
  else
    nxa_oci_lost "$NXA_STATUS" "$nxa_file.words"
  fi
}

# nxa_oci_memory: steps do not say why they were killed.
nxa_oci_memory() {
  nxa_engine exec "$NXA_CONTAINER" bash -c "$NXA_INSIDE_KILLED" </dev/null >/dev/null 2>&1
  [ "$?" != 9 ] ||
    nxa_warn "container $NXA_CONTAINER was out of memory (its limit is $nxa_config_resources_memory): a process in it was killed"
}

# nxa_oci_send JOB FILE: becomes the engine's client.
nxa_oci_send() {
  exec "$NXA_ENGINE" exec --interactive "$NXA_CONTAINER" bash -c "$NXA_INSIDE_JOB" bash "$1" <"$2"
}

# nxa_oci_container_env: variables of the container count less than all others. They are no part of its configuration, which
# everybody could read who may use the engine.
nxa_oci_container_env() {
  local nxa_i nxa_name
  # Now that the workflow's and the job's variables are there for expressions.
  "nxa_executor_${NXA_EXECUTOR}_config"
  for ((nxa_i = 0; nxa_i < ${#nxa_config_containerEnv_keys[@]}; nxa_i++)); do
    nxa_name=${nxa_config_containerEnv_keys[nxa_i]}
    nxa_within "$nxa_name" "$NXA_SET_NAMES $NXA_UNSET_NAMES" || nxa_export "$nxa_name" "${nxa_config_containerEnv_values[nxa_i]}"
  done
}

# nxa_oci_halt SIGNAL MS: an order to the job; after MS nobody waits for it any more.
nxa_oci_halt() {
  NXA_INTERRUPTED=1
  [ -z "$NXA_HALTED" ] || return 0
  NXA_HALTED="$1 $2"
  [ -z "$NXA_CHILD" ] || nxa_oci_tell
}

# nxa_oci_tell: hands the order on.
nxa_oci_tell() {
  nxa_timer_start "${NXA_HALTED#* }" KILL "$NXA_CHILD"
  NXA_KILL_TIMER=$NXA_TIMER
  nxa_engine exec "$NXA_CONTAINER" bash -c "$NXA_INSIDE_SIGNAL" bash "${NXA_JOB_NAME[NXA_JOB]}" "${NXA_HALTED% *}" \
    </dev/null >/dev/null 2>&1
}

# nxa_oci_lost STATUS FILE: the engine's client ended before the job did.
nxa_oci_lost() {
  local nxa_words
  nxa_words=$(cat "$2")
  nxa_container_settled
  case $NXA_WHY in
  running*)
    nxa_oci_end_left "$NXA_JOB"
    NXA_WHY="the job's shell in container $NXA_CONTAINER ended with exit status $1"
    ;;
  *) NXA_WHY="container $NXA_CONTAINER ended while the job ran: $NXA_WHY" ;;
  esac
  nxa_emit job_failed "$NXA_WHY${nxa_words:+: $nxa_words}"
}

# nxa_oci_cleanup_job EXECUTOR JOB: the job's own container goes. In a shared one, what a job left that did not end by itself is
# ended; its directory goes with the container.
nxa_oci_cleanup_job() {
  nxa_oci_recall "$1" "$2" || return 0
  if [ "$nxa_config_mode" = isolated ]; then
    nxa_oci_end "$1" "$2" || nxa_warn "container $NXA_CONTAINER could not be removed"
  elif [ -n "$NXA_ORDER" ] || [ "$NXA_BODY_STATUS" != 0 ]; then
    nxa_oci_end_left "$2"
  fi
}

# nxa_oci_end_left JOB: ends what the job left in the container.
nxa_oci_end_left() {
  nxa_inside_end
  nxa_engine exec "$NXA_CONTAINER" bash -c "$NXA_INSIDE_END" bash "$WORKFLOW_ID" "${NXA_JOB_NAME[$1]}" </dev/null >/dev/null 2>&1
}

# nxa_oci_end EXECUTOR JOB: removes the container, also one that may only just be starting.
nxa_oci_end() {
  local nxa_left=1
  nxa_oci_name "$1" "$2"
  [ ! -e "$NXA_RUN_TMP/oci-starts.$1.$2" ] || nxa_left=20
  while :; do
    nxa_container_remove "nixactions.workflow-id=$WORKFLOW_ID" "nixactions.executor=${NXA_EXECUTOR_NAME[$1]}" \
      ${2:+"nixactions.job=${NXA_JOB_NAME[$2]}"} || return 1
    nxa_left=$((nxa_left - 1))
    [ "$nxa_left" -gt 0 ] && [ -z "$NXA_REMOVED" ] || break
    sleep 0.1
  done
  rm -f "$NXA_RUN_TMP/oci-starts.$1.$2"
}

# nxa_oci_cleanup_workspace EXECUTOR: all its containers.
nxa_oci_cleanup_workspace() {
  ! nxa_oci_recall "$1" || nxa_oci_end "$1" ''
}

# nxa_oci_save_artifact EXECUTOR JOB PATH: prints a tar stream; status 3 if there is nothing at PATH, or no container.
nxa_oci_save_artifact() {
  nxa_oci_recall "$1" "$2" || return 3
  nxa_inside_save
  nxa_engine exec "$NXA_CONTAINER" bash -c "$NXA_INSIDE_SAVE" bash "${NXA_JOB_NAME[$2]}" "$3" </dev/null
}

# nxa_oci_restore_artifact EXECUTOR JOB PATH: reads a tar stream into the job's directory, or below PATH.
nxa_oci_restore_artifact() {
  nxa_oci_recall "$1" "$2" || return 1
  nxa_inside_restore
  nxa_engine exec --interactive "$NXA_CONTAINER" bash -c "$NXA_INSIDE_RESTORE" bash "${NXA_JOB_NAME[$2]}" "$3"
}

# nxa_oci_preflight EXECUTOR: prints what is missing on this machine.
nxa_oci_preflight() {
  nxa_engine_lacking "$nxa_config_engine"
}

# nxa_oci_gc: containers of runs whose script was killed, with each engine that answers.
nxa_oci_gc() {
  local nxa_id
  for NXA_ENGINE in docker podman; do
    nxa_engine version >/dev/null 2>&1 </dev/null || continue
    for nxa_id in $(nxa_container_list nixactions.workflow-id); do
      nxa_container_labels "$nxa_id" || continue
      nxa_process_state "$NXA_OWNER_PID" "$NXA_OWNER_START" "$NXA_OWNER_MACHINE"
      [ "$?" = 1 ] || continue
      nxa_engine rm --force --volumes "$nxa_id" >/dev/null </dev/null && nxa_collected "container $NXA_OWNED"
    done
  done
}
