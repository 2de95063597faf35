# Usage: the seven functions of the executor contract for `ssh`
# Requires: ssh/session.sh ssh/hosts.sh ssh/connection.sh ssh/there.sh core/preflight.sh
# Jobs run on other machines, below workspaceDir, in a directory that lasts as long as the run.
# shellcheck shell=bash

nxa_ssh_setup_workspace() {
  mkdir -p -- "$NXA_RUN_TMP/ssh.$1" && nxa_ssh_settle "$1" "$NXA_RUN_TMP/ssh.$1/settled" && nxa_ssh_settled "$1" || return 1
  nxa_ssh_socket_room && nxa_ssh_up "$1"
}

nxa_ssh_cleanup_workspace() {
  [ -e "$NXA_RUN_TMP/ssh.$1/settled" ] || return 0
  nxa_ssh_settled "$1" && nxa_ssh_down
}

# nxa_ssh_setup_job EXECUTOR JOB: the directory is made by whatever goes there first.
nxa_ssh_setup_job() {
  nxa_ssh_settled "$1" || return 1
  nxa_ssh_take "$2" || {
    NXA_ERROR="no host of ${NXA_EXECUTOR_NAME[$1]} can be reached"
    return 1
  }
}

nxa_ssh_execute_job() {
  nxa_ssh_run "$1" "$2"
}

nxa_ssh_cleanup_job() {
  nxa_ssh_settled "$1" && nxa_ssh_of "$2" || return 0
  nxa_ssh_stop "$2" || nxa_warn "the job may still run on ${NXA_SSH_HOSTS[NXA_SSH_HOST]}: ${NXA_SSH_WORDS:-the connection was cut}"
  nxa_ssh_give "$2"
}

nxa_ssh_save_artifact() {
  nxa_ssh_settled "$1" && nxa_ssh_of "$2" || return 1
  nxa_ssh_do "$NXA_SSH_HOST" save "${NXA_JOB_NAME[$2]}" "$3" </dev/null
  nxa_ssh_moved $?
}

nxa_ssh_restore_artifact() {
  nxa_ssh_settled "$1" && nxa_ssh_of "$2" || return 1
  nxa_ssh_do "$NXA_SSH_HOST" restore "${NXA_JOB_NAME[$2]}" "$3"
  nxa_ssh_moved $?
}

# nxa_ssh_moved STATUS: what there was to say of an artifact that did not get through. Status 75 where the connection was cut, and
# the host answers again within the time that it waits.
nxa_ssh_moved() {
  local nxa_words
  nxa_words=${NXA_SSH_WORDS:-the connection was cut}
  case $1 in
  0 | 3) return "$1" ;;
  255) ! nxa_ssh_answers || return 75 ;;
  esac
  printf '%s\n' "$nxa_words" >&2
  return "$1"
}

# nxa_ssh_answers: waits for the host to answer; status 1 if it does not.
nxa_ssh_answers() {
  local nxa_since=$SECONDS
  until nxa_ssh_do "$NXA_SSH_HOST" alive </dev/null >/dev/null; do
    [ $((SECONDS - nxa_since)) -lt "$NXA_SSH_RECONNECT" ] || return 1
    sleep 1
  done
}

# nxa_ssh_preflight EXECUTOR: prints what is missing here.
nxa_ssh_preflight() {
  nxa_lacking ssh gzip tee
  [ -z "$NXA_LACKING" ] || printf 'command not found: %s' "$NXA_LACKING"
}

# nxa_ssh_gc_run DIR: the run with this workspace was killed: what it left on other machines goes.
nxa_ssh_gc_run() {
  local nxa_room nxa_status=0
  for nxa_room in "$1"/.run/ssh.*; do
    [ -e "$nxa_room/settled" ] || continue
    (
      NXA_RUN_TMP=$1/.run WORKFLOW_ID=${1##*/}
      nxa_ssh_settled "${nxa_room##*.}" && nxa_ssh_down
    ) || nxa_status=1
  done
  return "$nxa_status"
}
