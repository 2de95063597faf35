# Usage: nxa_there MARK NAME WORD…; on another machine, in the directory of a run, where `there` holds these functions
# Requires: core/elsewhere.sh core/process.sh core/stream.sh core/text.sh
# What is run over ssh: setting a host up, jobs, artifacts, the end. bash, tar and the standard tools are all there is.
# The directory: repo (the copy of the repository), bundle, jobs/JOB, state/NUMBER; `keeper` names the session that stands for
# the host's life, `run` the workflow's id.
# shellcheck shell=bash

# What this takes besides bash.
NXA_THERE_TOOLS='cat chmod grep gzip mkdir mkfifo rm rmdir sleep tail tar tee wc head'

# nxa_there MARK NAME WORD…: runs nxa_there_NAME. Its output begins after the line MARK; its status is written down behind MARK,
# on standard error: what ssh itself ends with says nothing.
nxa_there() {
  local nxa_mark=$1 nxa_status
  shift
  umask 077
  NXA_BUNDLE=$PWD/bundle
  IFS= read -r WORKFLOW_ID <run
  printf '\n%s\n' "$nxa_mark"
  "nxa_there_$1" "${@:2}"
  nxa_status=$?
  printf '\n%s %s\n' "$nxa_mark" "$nxa_status" >&2
  return "$nxa_status"
}

# --- the host ------------------------------------------------------------------------------------------------------------

# nxa_there_keep MARK PLACE RUN NAME SECONDS GENERATION AGAIN: makes the directory of the run, says where it is, and waits: for
# the connection to end. If then nobody comes back for SECONDS, all of the run's goes. AGAIN if somebody comes back: what is
# gone by then stays so. Sent as it is, so it calls nothing but what is sent with it.
nxa_there_keep() {
  local nxa_root nxa_here=''
  umask 077
  # shellcheck disable=SC2088  # as it is written
  case $2 in '~' | '~/'*) set -- "$1" "$HOME${2#'~'}" "${@:3}" ;; esac
  for nxa_root in "$2" "$2-$EUID"; do
    [ -d "$nxa_root" ] || mkdir -p -- "$nxa_root" 2>/dev/null
    if [ -d "$nxa_root" ] && [ ! -h "$nxa_root" ] && [ -O "$nxa_root" ] && [ -w "$nxa_root" ]; then
      nxa_here=$nxa_root/$3/$4
      break
    fi
  done
  [ -z "$7" ] || [ -e "$nxa_here/there" ] || return 1
  if [ -z "$nxa_here" ] || ! mkdir -p -- "$nxa_here/jobs" "$nxa_here/state" || ! cd -- "$nxa_here"; then
    printf '%s\n' "no workspace: $2 is not a directory of ours that can be written (set workspaceDir)" >&2
    return 1
  fi
  printf '%s\n' "$3" >run
  printf '%s\n' "$6 $$" >keeper
  printf '\n%s at %s\n' "$1" "$PWD"
  cat >/dev/null
  trap '' HUP PIPE
  exec >/dev/null 2>&1
  sleep "$5"
  [ "$(cat keeper 2>/dev/null)" = "$6 $$" ] || return 0
  # shellcheck disable=SC1091  # there.sh itself
  . ./there && nxa_there_end
}

# nxa_there_start COPY COMMAND…: the bundle, and the repository from standard input. Each command has behind it who wants it;
# those that are not there are printed, and it ends with 3.
nxa_there_start() {
  # shellcheck disable=SC2086  # names
  nxa_lacking $NXA_THERE_TOOLS "${@:2}"
  if [ -n "$NXA_LACKING" ]; then
    printf 'command not found there: %s\n' "$NXA_LACKING"
    return 3
  fi
  nxa_elsewhere_bundle && nxa_there_rooms "$1" || return 1
  [ "$1" = true ] || return 0
  mkdir repo && cd repo && gzip -dc | nxa_untar xpo
}

# nxa_there_rooms COPY: what the jobs need besides, in as few processes as can be; without a copy of the repository that is
# their directories, too.
nxa_there_rooms() {
  local nxa_job nxa_state nxa_dirs nxa_pipe nxa_pipes
  nxa_dirs=() nxa_pipes=()
  for nxa_job in "${NXA_THERE_JOBS[@]}"; do
    nxa_state=state/${nxa_job%% *}
    nxa_dirs[${#nxa_dirs[@]}]=$nxa_state/runner
    [ "$1" = true ] || nxa_dirs[${#nxa_dirs[@]}]=jobs/${nxa_job#* }
    for nxa_pipe in stream live alive; do
      nxa_pipes[${#nxa_pipes[@]}]=$nxa_state/$nxa_pipe
    done
  done
  nxa_make_directories "${nxa_dirs[@]}" && nxa_make_pipes "${nxa_pipes[@]}"
}

# nxa_there_end: ends what runs here and removes it all.
nxa_there_end() {
  local nxa_pid nxa_pids='' nxa_file nxa_here=$PWD
  trap '' PIPE HUP
  for nxa_file in keeper state/*/pid; do
    if [ -r "$nxa_file" ] && IFS= read -r nxa_pid <"$nxa_file"; then
      nxa_pids="$nxa_pids ${nxa_pid#* }"
    fi
  done
  nxa_there_marked "$PWD/jobs/"
  nxa_tree_find "$nxa_pids $NXA_MARKED"
  nxa_there_spare
  nxa_tree_kill TERM
  nxa_tree_end 5
  cd / || return 1
  chmod -R u+rwX -- "$nxa_here" 2>/dev/null
  rm -rf -- "$nxa_here"
  # Those of the run's other executors, or hosts that are this machine, too, may still be there.
  rmdir -- "${nxa_here%/*}" 2>/dev/null
  [ ! -d "$nxa_here" ]
}

# nxa_there_spare: not this very process.
nxa_there_spare() {
  local nxa_pid nxa_tree=''
  for nxa_pid in $NXA_TREE; do
    [ "$nxa_pid" = "$NXA_SELF" ] || [ "$nxa_pid" = "$PPID" ] || nxa_tree="$nxa_tree $nxa_pid"
  done
  NXA_TREE=$nxa_tree
}

# --- jobs ----------------------------------------------------------------------------------------------------------------

# nxa_there_room JOB: goes to the job's directory, which is made if need be: with the copy of the repository, if there is one.
nxa_there_room() {
  if [ ! -d "jobs/$1" ]; then
    mkdir -p -- "jobs/$1" || return 1
    if [ -d repo ]; then
      (cd repo && nxa_tar .) | (cd "jobs/$1" && nxa_untar xpo) || return 1
    fi
    chmod 0700 -- "jobs/$1"
  fi
  cd -- "jobs/$1" || return 1
}

# nxa_there_alive: to be asked whether the host answers.
nxa_there_alive() { :; }

# nxa_there_save JOB PATH
nxa_there_save() {
  cd -- "jobs/$1" && nxa_pack "$2"
}

# nxa_there_restore JOB PATH
nxa_there_restore() {
  nxa_there_room "$1" && nxa_unpack "$2"
}

# nxa_there_job NUMBER JOB OFFSET [LASTS]: the job's stream from OFFSET bytes on. It is begun if it has not been; orders come by
# standard input. Status 0 if the stream is whole; it may still be on its way where the session LASTS, and has its end told in it.
nxa_there_job() {
  local nxa_state=$PWD/state/$1 nxa_orders nxa_pid
  if [ ! -e "$nxa_state/out" ]; then
    nxa_there_pass && nxa_there_begin "$1" "$2" || return 1
    nxa_there_follow || return 1
    [ -n "$4" ] || nxa_there_passed
  else
    nxa_there_resume "$3"
  fi
}

# nxa_there_pass: what passes streams on; it begins with the first job of a session, and is there for all of them. Descriptor 3
# leads to it.
nxa_there_pass() {
  [ -z "${NXA_THERE_CAT-}" ] || return 0
  NXA_THERE_LIVE=$nxa_state/live
  cat <"$NXA_THERE_LIVE" &
  NXA_THERE_CAT=$!
  exec 3>"$NXA_THERE_LIVE"
}

# nxa_there_mark MARK: tells that the stream is over, behind all that is passed on.
nxa_there_mark() {
  if [ -n "${NXA_THERE_CAT-}" ]; then printf '%s\n' "$1" >&3; else printf '%s\n' "$1"; fi
}

# nxa_there_passed: waits until all is passed on.
nxa_there_passed() {
  exec 3>&-
  wait "$NXA_THERE_CAT" 2>/dev/null
}

# nxa_there_begin NUMBER JOB: starts the job in a process group of its own. It writes into a FIFO that it holds at both ends,
# so that it cannot be hurt by who reads.
nxa_there_begin() {
  : >"$nxa_state/out" || return 1
  # Not `1<>` at the job itself: of that `declare -f` forgets the number.
  exec 4<>"$nxa_state/stream"
  set -m
  (nxa_there_run "$1" "$2") </dev/null >&4 2>"$nxa_state/words" 3>&- 4>&- &
  printf '%s\n' "$!" >"$nxa_state/pid"
  set +m
}

# nxa_there_follow: passes the stream on and keeps it. Whoever keeps it writes the file first, and goes on if nobody is there
# any more who takes what is passed on.
nxa_there_follow() {
  local nxa_tee
  (
    trap '' PIPE
    # While it is held: a short job may be over by now, and with its last holder a FIFO forgets what is in it.
    exec <"$nxa_state/stream"
    # By itself: to a command that `exec` starts bash 3.2 would hand a copy on, and the FIFO had no end.
    exec 3>&- 4>&-
    exec tee "$NXA_THERE_LIVE" >>"$nxa_state/out" 2>/dev/null
  ) &
  nxa_tee=$!
  printf '%s\n' "$nxa_tee" >"$nxa_state/tee"
  # It has its end; the FIFO ends with the job's.
  exec 4>&-
  printf '%s\n' "$NXA_THERE_CAT" "$NXA_THERE_LIVE" >"$nxa_state/cat"
  nxa_there_heed
  wait "$nxa_tee"
  : >"$nxa_state/whole"
  nxa_there_heed_no_more
}

# nxa_there_heed: orders to the job, by standard input: names of signals.
nxa_there_heed() {
  local nxa_order
  IFS= read -r nxa_pid 2>/dev/null <"$nxa_state/pid" || return 0
  (
    while IFS= read -r nxa_order; do
      kill -s "$nxa_order" "$nxa_pid" 2>/dev/null
    done
  ) <&0 >/dev/null 2>&1 3>&- &
  nxa_orders=$!
}

# nxa_there_heed_no_more: what comes now is not for the job.
nxa_there_heed_no_more() {
  [ -n "${nxa_orders-}" ] || return 0
  kill "$nxa_orders"
  wait "$nxa_orders"
  return 0
} 2>/dev/null

# nxa_there_resume OFFSET: for a client that was cut off: what it has not seen, then the rest as it comes. Who read before may be
# stuck in a connection that is none. Where job and `tee` are gone, and nobody says for two seconds that the stream is whole, nobody
# ever will: then what there is is all.
nxa_there_resume() {
  local nxa_seen=$1 nxa_size nxa_whole='' nxa_idle=0 nxa_cat='' nxa_live=''
  { IFS= read -r nxa_cat && IFS= read -r nxa_live; } 2>/dev/null <"$nxa_state/cat"
  [ -z "$nxa_cat" ] || kill -KILL "$nxa_cat" 2>/dev/null
  nxa_there_heed
  while :; do
    # `tee` waits for who was ended before he opened this.
    : <>"${nxa_live:-$nxa_state/live}"
    if nxa_there_goes_on; then nxa_idle=0; else nxa_idle=$((nxa_idle + 1)); fi
    [ ! -e "$nxa_state/whole" ] && [ "$nxa_idle" -lt 10 ] || nxa_whole=1
    nxa_size=$(($(wc -c <"$nxa_state/out")))
    if [ "$nxa_size" -gt "$nxa_seen" ]; then
      tail -c "+$((nxa_seen + 1))" "$nxa_state/out" | head -c $((nxa_size - nxa_seen)) || return 1
      nxa_seen=$nxa_size
    fi
    [ -z "$nxa_whole" ] || break
    sleep 0.2
  done
  nxa_there_heed_no_more
}

# nxa_there_goes_on: is the job, or what keeps its output, alive?
nxa_there_goes_on() {
  local nxa_file nxa_pid
  for nxa_file in "$nxa_state/pid" "$nxa_state/tee"; do
    IFS= read -r nxa_pid 2>/dev/null <"$nxa_file" && kill -0 "$nxa_pid" 2>/dev/null && return 0
  done
  return 1
}

# nxa_there_run NUMBER JOB: the job itself; nxa_there_values, which was sent, has its plan and its values.
nxa_there_run() {
  nxa_there_values
  NXA_JOB_TMP=$PWD/state/$1/runner NXA_TERMINAL=''
  if ! nxa_there_room "$2"; then
    nxa_warn_lines "${NXA_JOB_TMP%/*}/words"
    nxa_emit job_failed "the job's directory could not be set up"
    return
  fi
  umask "$NXA_THERE_UMASK"
  # What steps start keeps this open, whatever becomes of its parents.
  NXA_ALIVE=${NXA_JOB_TMP%/*}/alive
  exec 5<>"$NXA_ALIVE"
  nxa_there_elsewhere
}

# nxa_there_marked DIR: NXA_MARKED = what has left its group and its parents, by the job's directory in its environment, which
# begins with DIR. The run's name would not do: the host may be the machine that the script runs on.
nxa_there_marked() {
  local nxa_file
  NXA_MARKED=''
  while IFS= read -r nxa_file; do
    nxa_file=${nxa_file#/proc/}
    NXA_MARKED="$NXA_MARKED ${nxa_file%/environ}"
  done < <(grep -lzF "JOB_DIR=$1" /proc/[0-9]*/environ 2>/dev/null)
}

# nxa_there_elsewhere: as nxa_elsewhere has it, with the rooms that are there already.
nxa_there_elsewhere() {
  case ${BASH##*/} in
  sh) NXA_BASH=bash ;;
  *) NXA_BASH=$BASH ;;
  esac
  NXA_JOB_DIR=$PWD
  export JOB_DIR="$NXA_JOB_DIR"
  nxa_elsewhere_tools || return 0
  [ -z "${NXA_NIX_PACKAGES-}" ] || nxa_nix_path || return 0
  # The clock over there is another one.
  if [ -n "$NXA_DEADLINE" ]; then
    nxa_clock_start
    NXA_DEADLINE=${NXA_DEADLINE#* }
    NXA_DEADLINE="$(($(nxa_print_clock) + NXA_DEADLINE)) $NXA_DEADLINE"
  fi
  nxa_run_job
}

# nxa_there_kill NUMBER: ends a job at once.
nxa_there_kill() {
  local nxa_pid
  IFS= read -r nxa_pid <"state/$1/pid" || return 0
  nxa_tree_find "$nxa_pid"
  nxa_tree_kill KILL
}
