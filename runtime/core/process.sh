# Usage: nx_self; nx_timer_start MS SIGNAL PID; nx_timer_stop; nx_tree_find …; nx_tree_kill SIGNAL
# Requires:
# Processes: who we are, timers that signal, whole trees that must end.
# shellcheck shell=bash

# nx_self: NX_SELF = the process id of this (sub)shell; $$ is that of the script.
nx_self() {
  if [ -n "${BASHPID-}" ]; then
    NX_SELF=$BASHPID
  elif [ -r /proc/self/stat ]; then
    # The shell itself opens it; bash 3.2 knows no BASHPID.
    read -r NX_SELF _ </proc/self/stat
  else
    # The command substitution's child stands one below us and replaces itself.
    NX_SELF=$(exec sh -c 'echo "$PPID"')
  fi
}

# nx_sleep_text MS: NX_SLEEP = 1.500, what sleep takes.
nx_sleep_text() {
  printf -v NX_SLEEP '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
}

# nx_timer_start MS SIGNAL PID: NX_TIMER = the process group that will send SIGNAL to PID.
nx_timer_start() {
  local nx_pid=$3 nx_signal=$2 nx_were=$-
  nx_sleep_text "$1"
  set -m
  # It lives on for a while after the signal: a child that ends just when a signal comes can be lost to
  # the shell's `wait`, which then blocks.
  (sleep "$NX_SLEEP" && kill -s "$nx_signal" "$nx_pid" && sleep 30) </dev/null >/dev/null 2>&1 &
  NX_TIMER=$!
  case $nx_were in *m*) ;; *) set +m ;; esac
  disown "$NX_TIMER"
}

# nx_timer_stop GROUP: ends a timer; none is fine.
nx_timer_stop() {
  [ -n "$1" ] || return 0
  kill -KILL -- "-$1" 2>/dev/null
  return 0
}

# nx_processes: NX_PROCESSES = pid:parent:group of every process, blank-separated.
nx_processes() {
  local nx_dir nx_stat nx_list=''
  if [ -r /proc/self/stat ]; then
    for nx_dir in /proc/[0-9]*; do
      IFS= read -r nx_stat <"$nx_dir/stat" || continue
      # The name in brackets may hold anything: what counts stands after its end.
      nx_stat=${nx_stat##*) }
      # State, parent, group.
      nx_stat=${nx_stat#* }
      nx_list="$nx_list ${nx_dir#/proc/}:${nx_stat%% *}"
      nx_stat=${nx_stat#* }
      nx_list="$nx_list:${nx_stat%% *}"
    done 2>/dev/null
    NX_PROCESSES=$nx_list
  else
    NX_PROCESSES=$(ps -A -o pid= -o ppid= -o pgid= | while read -r nx_a nx_b nx_c; do
      printf ' %s:%s:%s' "$nx_a" "$nx_b" "$nx_c"
    done)
  fi
}

# nx_marked_processes JOB: NX_MARKED = pids whose environment names this run, and the job unless it is empty.
# Only where the system shows it (/proc). One `grep` finds the few that are worth a closer look.
nx_marked_processes() {
  local nx_file nx_line nx_run nx_job_named nx_list=''
  NX_MARKED=''
  [ -r /proc/self/environ ] || return 0
  while IFS= read -r nx_file; do
    nx_run='' nx_job_named=''
    while IFS= read -r -d '' nx_line; do
      case $nx_line in
      "WORKFLOW_ID=$WORKFLOW_ID") nx_run=1 ;;
      "JOB_NAME=$1") nx_job_named=1 ;;
      esac
    done <"$nx_file"
    [ -n "$1" ] || nx_job_named=1
    nx_file=${nx_file#/proc/}
    [ -z "$nx_run" ] || [ -z "$nx_job_named" ] || nx_list="$nx_list ${nx_file%/environ}"
  done 2>/dev/null < <(grep -lF "WORKFLOW_ID=$WORKFLOW_ID" /proc/[0-9]*/environ 2>/dev/null)
  NX_MARKED=$nx_list
}

# nx_tree_find ROOTS: NX_TREE = the pids, all that descends from them and all in their groups,
# this shell and the script aside.
nx_tree_find() {
  local nx_set=" $1 " nx_groups=' ' nx_grown=1 nx_p nx_pid nx_parent nx_group
  nx_self
  nx_processes
  while [ -n "$nx_grown" ]; do
    nx_grown=''
    for nx_p in $NX_PROCESSES; do
      nx_pid=${nx_p%%:*}
      nx_group=${nx_p##*:}
      nx_parent=${nx_p#*:}
      nx_parent=${nx_parent%:*}
      case $nx_set in
      *" $nx_pid "*)
        # Its group counts where it is one of its own, not the one our shells share.
        case $nx_set$nx_groups in
        *" $nx_group "*) ;;
        *) nx_leads "$nx_group" && nx_groups="$nx_groups$nx_group " nx_grown=1 ;;
        esac
        ;;
      *)
        case "$nx_set$nx_groups" in
        *" $nx_parent "* | *" $nx_group "*) nx_set="$nx_set$nx_pid " nx_grown=1 ;;
        esac
        ;;
      esac
    done
  done
  NX_TREE=''
  for nx_pid in $nx_set; do
    [ "$nx_pid" = "$NX_SELF" ] || [ "$nx_pid" = "$$" ] || NX_TREE="$NX_TREE $nx_pid"
  done
}

# nx_leads GROUP: is the group's leader among what nx_tree_find has found?
nx_leads() {
  case $nx_set in *" $1 "*) return 0 ;; esac
  return 1
}

# nx_tree_kill SIGNAL: signals what nx_tree_find found.
nx_tree_kill() {
  local nx_pid
  for nx_pid in $NX_TREE; do
    kill -s "$1" "$nx_pid" 2>/dev/null
  done
  return 0
}

# nx_tree_alive: is one of them left?
nx_tree_alive() {
  local nx_pid
  for nx_pid in $NX_TREE; do
    kill -0 "$nx_pid" 2>/dev/null && ! nx_zombie "$nx_pid" && return 0
  done
  return 1
}

# nx_zombie PID: dead, and only not yet waited for?
nx_zombie() {
  local nx_stat
  IFS= read -r nx_stat 2>/dev/null <"/proc/$1/stat" || return 1
  nx_stat=${nx_stat##*) }
  case $nx_stat in Z*) return 0 ;; esac
  return 1
}

# nx_tree_end TENTHS: waits up to TENTHS of a second for the tree to go after SIGTERM, then SIGKILL.
nx_tree_end() {
  local nx_left=$1 nx_were=$-
  # A group of its own would take the terminal for `sleep`.
  set +m
  while [ "$nx_left" -gt 0 ] && nx_tree_alive; do
    sleep 0.1
    nx_left=$((nx_left - 1))
  done
  case $nx_were in *m*) set -m ;; esac
  nx_tree_kill KILL
}
