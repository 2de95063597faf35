# Usage: nxa_self; nxa_timer_start MS SIGNAL PID; nxa_timer_stop; nxa_tree_find …; nxa_tree_kill SIGNAL
# Requires: core/text.sh
# Processes: who we are, timers that signal, whole trees that must end.
# shellcheck shell=bash

# nxa_self: NXA_SELF = the process id of this (sub)shell; $$ is that of the script.
nxa_self() {
  if [ -n "${BASHPID-}" ]; then
    NXA_SELF=$BASHPID
  elif [ -r /proc/self/stat ]; then
    # The shell itself opens it; bash 3.2 knows no BASHPID.
    read -r NXA_SELF _ </proc/self/stat
  else
    # The command substitution's child stands one below us and replaces itself.
    NXA_SELF=$(exec sh -c 'echo "$PPID"')
  fi
}

# nxa_signals_back SIGNAL…: they do again what they do by default. Of one that a shell above ignores `trap -` alone
# changes nothing in a subshell of bash 4.2: it must have a handler first.
nxa_signals_back() {
  trap : "$@"
  trap - "$@"
}

# nxa_sleep_text MS: NXA_SLEEP = 1.500, what sleep takes.
nxa_sleep_text() {
  printf -v NXA_SLEEP '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
}

# nxa_timer_start MS SIGNAL PID: NXA_TIMER = the process group that will send SIGNAL to PID.
nxa_timer_start() {
  local nxa_pid=$3 nxa_signal=$2 nxa_were=$-
  nxa_sleep_text "$1"
  set -m
  # It lives on for a while after the signal: a child that ends just when a signal comes can be lost to
  # the shell's `wait`, which then blocks.
  # It keeps nothing open that others may see the end of (core/parallel.sh).
  # Nor does it bear a step's name: it is none of what ends with a step.
  (unset STEP_NAME && sleep "$NXA_SLEEP" && kill -s "$nxa_signal" "$nxa_pid" && sleep 30) \
    </dev/null >/dev/null 2>&1 3<&- 4>&- 5>&- 8>&- 9>&- &
  NXA_TIMER=$!
  case $nxa_were in *m*) ;; *) set +m ;; esac
  disown "$NXA_TIMER"
}

# nxa_timer_stop GROUP: ends a timer; none is fine.
nxa_timer_stop() {
  [ -n "$1" ] || return 0
  kill -KILL -- "-$1" 2>/dev/null
  return 0
}

# nxa_processes: NXA_PROCESSES = pid:parent:group of every process, blank-separated.
nxa_processes() {
  local nxa_dir nxa_stat nxa_list=''
  if [ -r /proc/self/stat ]; then
    for nxa_dir in /proc/[0-9]*; do
      IFS= read -r nxa_stat <"$nxa_dir/stat" || continue
      # The name in brackets may hold anything: what counts stands after its end.
      nxa_stat=${nxa_stat##*) }
      # State, parent, group.
      nxa_stat=${nxa_stat#* }
      nxa_list="$nxa_list ${nxa_dir#/proc/}:${nxa_stat%% *}"
      nxa_stat=${nxa_stat#* }
      nxa_list="$nxa_list:${nxa_stat%% *}"
    done 2>/dev/null
    NXA_PROCESSES=$nxa_list
  else
    NXA_PROCESSES=$(ps -A -o pid= -o ppid= -o pgid= | while read -r nxa_a nxa_b nxa_c; do
      printf ' %s:%s:%s' "$nxa_a" "$nxa_b" "$nxa_c"
    done)
  fi
}

# nxa_orphans: NXA_ORPHANS = the children of all that can have become the parent of a process whose own is gone: the first
# process, and what this script descends from (prctl(2), PR_SET_CHILD_SUBREAPER), shells aside. Status 1 where that is not to be
# seen.
nxa_orphans() {
  local nxa_pid nxa_children
  NXA_ORPHANS=''
  [ -n "${NXA_REAPERS-}" ] || nxa_find_reapers
  for nxa_pid in $NXA_REAPERS; do
    # There is no line break at the end, so the status tells nothing.
    nxa_children=unread
    IFS= read -r nxa_children <"/proc/$nxa_pid/task/$nxa_pid/children"
    case $nxa_pid$nxa_children in
    1unread) return 1 ;;
    *unread) [ ! -e "/proc/$nxa_pid" ] || return 1 ;;
    *) NXA_ORPHANS="$NXA_ORPHANS $nxa_children" ;;
    esac
  done 2>/dev/null
}

# nxa_orphan_since BEFORE: does one of NXA_ORPHANS that is none of BEFORE bear this run's id in its environment, or not show it?
nxa_orphan_since() {
  local nxa_pid nxa_known
  # To look each up in a text costs as much as what this is to save, where there are hundreds.
  nxa_known=()
  for nxa_pid in $1; do
    nxa_known[nxa_pid]=1
  done
  for nxa_pid in $NXA_ORPHANS; do
    [ -z "${nxa_known[nxa_pid]-}" ] || continue
    nxa_bears_marks "$nxa_pid" '' ''
    case $? in
    0) return 0 ;;
    # One that ends in the meantime is a zombie first, then gone.
    2) nxa_zombie "$nxa_pid" || [ ! -e "/proc/$nxa_pid" ] || return 0 ;;
    esac
  done 2>/dev/null
  return 1
}

# nxa_find_reapers: NXA_REAPERS = the numbers of those.
nxa_find_reapers() {
  local nxa_pid=$$ nxa_stat
  NXA_REAPERS=1
  while [ "$nxa_pid" -gt 1 ] && { IFS= read -r nxa_stat <"/proc/$nxa_pid/stat"; } 2>/dev/null; do
    case $nxa_stat in
    "$nxa_pid (bash) "* | "$nxa_pid (sh) "* | "$nxa_pid (dash) "* | "$nxa_pid (zsh) "*) ;;
    *) NXA_REAPERS="$NXA_REAPERS $nxa_pid" ;;
    esac
    # Behind the name in brackets, which may hold anything: state, parent.
    nxa_stat=${nxa_stat##*) }
    nxa_stat=${nxa_stat#* }
    nxa_pid=${nxa_stat%% *}
  done
}

# nxa_marked_processes JOB [STEP]: NXA_MARKED = pids whose environment names this run, the job and the step, as nxa_bears_marks
# has them. Only where the system shows it (/proc). One `grep` finds the few that are worth a closer look; without -z that of
# BusyBox sees no more than the first variable.
nxa_marked_processes() {
  local nxa_pid nxa_list='' IFS=$NXA_NEWLINE
  NXA_MARKED=''
  [ -r /proc/self/environ ] || return 0
  # Not from a substituted file: bash 3.2 would keep that open for all steps to come. Words are lines here.
  # shellcheck disable=SC2013
  for nxa_pid in $(grep -lzF "WORKFLOW_ID=$WORKFLOW_ID" /proc/[0-9]*/environ 2>/dev/null); do
    nxa_pid=${nxa_pid#/proc/}
    nxa_pid=${nxa_pid%/environ}
    ! nxa_bears_marks "$nxa_pid" "$1" "${2-}" || nxa_list="$nxa_list $nxa_pid"
  done 2>/dev/null
  NXA_MARKED=$nxa_list
}

# nxa_bears_marks PID JOB STEP: does the environment of the process name this run, the job unless that is empty, and the step
# unless that is empty: by its name, or any by NXA_SEPARATOR, which no name holds? Status 2 if the environment cannot be read;
# what bash says of that goes to standard error.
nxa_bears_marks() {
  local nxa_variable nxa_run='' nxa_job_named='' nxa_step_named=''
  while IFS= read -r -d '' nxa_variable; do
    case $nxa_variable in
    "WORKFLOW_ID=$WORKFLOW_ID") nxa_run=1 ;;
    "JOB_NAME=$2") nxa_job_named=1 ;;
    "STEP_NAME=$3") nxa_step_named=1 ;;
    STEP_NAME=*) [ "$3" != "$NXA_SEPARATOR" ] || nxa_step_named=1 ;;
    esac
  done <"/proc/$1/environ" || return 2
  [ -n "$2" ] || nxa_job_named=1
  [ -n "$3" ] || nxa_step_named=1
  [ -n "$nxa_run" ] && [ -n "$nxa_job_named" ] && [ -n "$nxa_step_named" ]
}

# nxa_tree_find ROOTS: NXA_TREE = the pids, all that descends from them and all in their groups,
# this shell and the script aside.
nxa_tree_find() {
  local nxa_set=' ' nxa_groups=' ' nxa_grown=1 nxa_p nxa_pid nxa_parent nxa_group
  # Each once, or it would get its signal twice.
  for nxa_pid in $1; do
    case $nxa_set in *" $nxa_pid "*) ;; *) nxa_set="$nxa_set$nxa_pid " ;; esac
  done
  nxa_self
  nxa_processes
  while [ -n "$nxa_grown" ]; do
    nxa_grown=''
    for nxa_p in $NXA_PROCESSES; do
      nxa_pid=${nxa_p%%:*}
      nxa_group=${nxa_p##*:}
      nxa_parent=${nxa_p#*:}
      nxa_parent=${nxa_parent%:*}
      case $nxa_set in
      *" $nxa_pid "*)
        # Its group counts where it is one of its own, not the one our shells share.
        case $nxa_set$nxa_groups in
        *" $nxa_group "*) ;;
        *) nxa_leads "$nxa_group" && nxa_groups="$nxa_groups$nxa_group " nxa_grown=1 ;;
        esac
        ;;
      *)
        case "$nxa_set$nxa_groups" in
        *" $nxa_parent "* | *" $nxa_group "*) nxa_set="$nxa_set$nxa_pid " nxa_grown=1 ;;
        esac
        ;;
      esac
    done
  done
  NXA_TREE=''
  for nxa_pid in $nxa_set; do
    [ "$nxa_pid" = "$NXA_SELF" ] || [ "$nxa_pid" = "$$" ] || NXA_TREE="$NXA_TREE $nxa_pid"
  done
}

# nxa_leads GROUP: is the group's leader among what nxa_tree_find has found?
nxa_leads() {
  case $nxa_set in *" $1 "*) return 0 ;; esac
  return 1
}

# nxa_tree_kill SIGNAL: signals what nxa_tree_find found.
nxa_tree_kill() {
  local nxa_pid
  for nxa_pid in $NXA_TREE; do
    kill -s "$1" "$nxa_pid" 2>/dev/null
  done
  return 0
}

# nxa_tree_alive: is one of them left?
nxa_tree_alive() {
  local nxa_pid
  for nxa_pid in $NXA_TREE; do
    kill -0 "$nxa_pid" 2>/dev/null && ! nxa_zombie "$nxa_pid" && return 0
  done
  return 1
}

# nxa_zombie PID: dead, and only not yet waited for?
nxa_zombie() {
  local nxa_stat
  IFS= read -r nxa_stat 2>/dev/null <"/proc/$1/stat" || return 1
  nxa_stat=${nxa_stat##*) }
  case $nxa_stat in Z*) return 0 ;; esac
  return 1
}

# nxa_tree_end TENTHS: waits up to TENTHS of a second for the tree to go after SIGTERM, then SIGKILL.
nxa_tree_end() {
  local nxa_left=$1 nxa_were=$-
  # A group of its own would take the terminal for `sleep`.
  set +m
  while [ "$nxa_left" -gt 0 ] && nxa_tree_alive; do
    sleep 0.1
    nxa_left=$((nxa_left - 1))
  done
  case $nxa_were in *m*) set -m ;; esac
  nxa_tree_kill KILL
}
