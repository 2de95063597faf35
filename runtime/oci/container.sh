# Usage: nxa_container_run EXECUTOR NAME [LABEL…]; nxa_container_prepare; nxa_container_remove FILTER…; nxa_container_why
# Requires: oci/engine.sh core/text.sh core/environment.sh core/runs.sh
# Containers in which jobs run: they idle until a job is sent in, bear the run's id, and are gone at the end.
# NXA_ENGINE and NXA_IMAGE say with what and of what; the executor's configuration is in force.
# shellcheck shell=bash

# What a container does by itself. The shell also waits for processes that lost their parent, where the engine has no --init.
# shellcheck disable=SC2016  # for the container
NXA_IDLE='trap "exit 0" TERM; while :; do sleep 86400 & wait $!; done'

# What jobs need of an image besides bash, which packages can bring.
NXA_IMAGE_COMMANDS='bash tar mkdir rm cat cp sleep'

# nxa_container_run EXECUTOR NAME [LABEL…]: NXA_CONTAINER = NAME, started. Prints the engine's words where that fails.
nxa_container_run() {
  local nxa_words nxa_options nxa_label
  NXA_CONTAINER=$2
  nxa_container_options "$1" || return 1
  for nxa_label in "${@:3}"; do nxa_options[${#nxa_options[@]}]=--label=$nxa_label; done
  nxa_container_start --init && return 0
  case $nxa_words in
  *container-init* | *docker-init*) nxa_container_start && return 0 ;;
  esac
  printf '%s\n' "$nxa_words"
  return 1
}

# nxa_container_start [--init]: nxa_words = what the engine said.
nxa_container_start() {
  if nxa_words=$(nxa_engine run --detach "$@" "${nxa_options[@]}" --name="$NXA_CONTAINER" "$NXA_IMAGE" sh -c "$NXA_IDLE" \
    2>&1 </dev/null); then
    return 0
  fi
  # What was made, but does not run.
  nxa_engine rm --force --volumes "$NXA_CONTAINER" >/dev/null 2>&1 </dev/null
  return 1
}

# nxa_container_options EXECUTOR: nxa_options = the executor's fields as words for `run`.
nxa_container_options() {
  local nxa_line
  nxa_options=("--label=nixactions.workflow-id=$WORKFLOW_ID" "--label=nixactions.executor=${NXA_EXECUTOR_NAME[$1]}")
  [ "$nxa_config_entrypoint" = true ] || nxa_options[${#nxa_options[@]}]=--entrypoint=
  [ -z "${nxa_config_platform-}" ] || nxa_options[${#nxa_options[@]}]=--platform=$nxa_config_platform
  [ -z "${nxa_config_user-}" ] || nxa_options[${#nxa_options[@]}]=--user=$nxa_config_user
  [ -z "${nxa_config_network-}" ] || nxa_options[${#nxa_options[@]}]=--network=$nxa_config_network
  [ -z "${nxa_config_resources_cpus-}" ] || nxa_options[${#nxa_options[@]}]=--cpus=$nxa_config_resources_cpus
  [ -z "${nxa_config_resources_memory-}" ] || nxa_options[${#nxa_options[@]}]=--memory=$nxa_config_resources_memory
  nxa_container_owner || return 1
  while IFS= read -r nxa_line; do
    nxa_decode "$nxa_line"
    nxa_container_mount "$NXA_DECODED" || return 1
    nxa_options[${#nxa_options[@]}]=--volume=$NXA_DECODED
  done < <(nxa_container_mounts "$1")
}

# nxa_container_mounts EXECUTOR: prints them, encoded: expressions in them see the workflow's variables, the engine does not.
nxa_container_mounts() {
  local nxa_mount
  [ "${#nxa_config_extraMounts[@]}" -gt 0 ] || return 0
  nxa_run_environment
  "nxa_executor_${1}_config"
  for nxa_mount in "${nxa_config_extraMounts[@]}"; do
    nxa_encode "$nxa_mount"
    printf '%s\n' "$NXA_ENCODED"
  done
}

# nxa_container_mount MOUNT: NXA_DECODED = it, with a path for the engine. Of a directory that is not there docker would make one
# that is empty and root's.
nxa_container_mount() {
  local nxa_from=${1%%:*}
  NXA_DECODED=$1
  # shellcheck disable=SC2088  # as it is written
  case $nxa_from in
  '~' | '~/'*) nxa_from=${HOME-}${nxa_from#'~'} ;;
  . | .. | ./* | ../*) nxa_from=$NXA_REPOSITORY/$nxa_from ;;
  /*) ;;
  # The name of a volume.
  *) return 0 ;;
  esac
  case ${DOCKER_HOST-} in tcp://* | ssh://* | http*) ;; *)
    [ -e "$nxa_from" ] || {
      printf 'extraMounts: there is no %s (of %s)\n' "$nxa_from" "$1"
      return 1
    }
    ;;
  esac
  NXA_DECODED=$nxa_from:${1#*:}
}

# nxa_container_owner: labels that say whose the container is, for --gc: process, its start, machine.
nxa_container_owner() {
  local nxa_pid nxa_since nxa_machine
  { IFS= read -r nxa_pid && IFS= read -r nxa_since && IFS= read -r nxa_machine; } <"$NXA_RUN_TMP/owner" || return 1
  nxa_options[${#nxa_options[@]}]=--label=nixactions.pid-owner=$nxa_pid
  nxa_options[${#nxa_options[@]}]=--label=nixactions.pid-start=$nxa_since
  nxa_options[${#nxa_options[@]}]=--label=nixactions.machine=$nxa_machine
}

# nxa_container_labels ID: of a container of any run: NXA_OWNED = its name, NXA_OWNER_PID, NXA_OWNER_START, NXA_OWNER_MACHINE.
nxa_container_labels() {
  local nxa_format='{{.Name}}' nxa_label
  for nxa_label in pid-owner pid-start machine; do
    nxa_format="$nxa_format|{{index .Config.Labels \"nixactions.$nxa_label\"}}"
  done
  IFS='|' read -r NXA_OWNED NXA_OWNER_PID NXA_OWNER_START NXA_OWNER_MACHINE < <(
    nxa_engine inspect --type=container --format "$nxa_format" "$1" 2>/dev/null </dev/null
  ) || return 1
  NXA_OWNED=${NXA_OWNED#/}
}

# nxa_container_prepare: the workspace in it, for whoever jobs run as. NXA_LACKS = the commands that it has not; status 1 where
# something else is wrong, which is printed.
nxa_container_prepare() {
  local nxa_words nxa_status
  NXA_LACKS=''
  # shellcheck disable=SC2016,SC2086  # for the container; a list of names
  nxa_words=$(nxa_engine exec "$NXA_CONTAINER" sh -c 'for each; do command -v "$each" >/dev/null 2>&1 || echo "$each"; done
    mkdir -p /workspace/jobs /workspace/.jobs 2>/dev/null && [ -w /workspace/jobs ] || exit 33' sh $NXA_IMAGE_COMMANDS 2>&1 </dev/null)
  nxa_status=$?
  case $nxa_status in
  0) ;;
  33) nxa_container_give_workspace || return 1 ;;
  *)
    printf '%s\n' "$nxa_words"
    nxa_container_why
    return 1
    ;;
  esac
  NXA_LACKS=${nxa_words//$NXA_NEWLINE/ }
}

# nxa_container_give_workspace: where jobs run as somebody who may not make it.
nxa_container_give_workspace() {
  nxa_engine exec --user=0 "$NXA_CONTAINER" sh -c \
    'mkdir -p /workspace/jobs /workspace/.jobs && chmod 1777 /workspace /workspace/jobs /workspace/.jobs' </dev/null
}

# nxa_container_state: NXA_WHY = how it is with the container, in the engine's words.
nxa_container_state() {
  NXA_WHY=$(nxa_engine inspect --type=container --format \
    '{{.State.Status}}, exit status {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}} {{.State.Error}}' \
    "$NXA_CONTAINER" 2>&1 </dev/null)
  NXA_WHY=${NXA_WHY% }
}

# nxa_container_settled: the state of one that may be about to end. An engine's client can hear of the end before the engine has
# written it down; what says running and starts no process is on its way out.
nxa_container_settled() {
  local nxa_left=50
  nxa_container_state
  while [[ $NXA_WHY == running* && $nxa_left -gt 0 ]]; do
    ! nxa_engine exec "$NXA_CONTAINER" true </dev/null >/dev/null 2>&1 || return 0
    sleep 0.1
    nxa_left=$((nxa_left - 1))
    nxa_container_state
  done
}

# nxa_container_why: prints that of a container that did not do what it should, and what it said itself.
nxa_container_why() {
  nxa_container_state
  printf 'container %s: %s\n' "$NXA_CONTAINER" "$NXA_WHY"
  nxa_engine logs --tail=20 "$NXA_CONTAINER" 2>&1 </dev/null
  case $nxa_config_entrypoint:$NXA_WHY in
  *:running*) ;;
  true:*) printf "jobs need an image with sh and bash, and an entry point that runs commands; entrypoint = false leaves it out\n" ;;
  *) printf 'jobs need an image with sh and bash\n' ;;
  esac
}

# nxa_container_list FILTER…: prints the ids of those with all these labels.
nxa_container_list() {
  local nxa_filters nxa_label
  nxa_filters=()
  for nxa_label; do nxa_filters[${#nxa_filters[@]}]=--filter=label=$nxa_label; done
  nxa_engine ps --all --quiet --no-trunc "${nxa_filters[@]}" </dev/null
}

# nxa_container_remove LABEL…: removes those with all these labels, with their volumes without names: NXA_REMOVED = their ids.
nxa_container_remove() {
  NXA_REMOVED=$(nxa_container_list "$@") || return 1
  [ -n "$NXA_REMOVED" ] || return 0
  # shellcheck disable=SC2086  # ids
  nxa_engine rm --force --volumes $NXA_REMOVED >/dev/null </dev/null
}
