# Usage: nxa_own_run; nxa_prune_runs; nxa_gc; nxa_last_run
# Requires: core/process.sh core/text.sh core/cacheroom.sh
# Runs beyond their own life: who a run belongs to, which records are kept, what killed runs left behind.
# shellcheck shell=bash

# nxa_started PID: NXA_SINCE = when the process began, as the system says it; empty if there is none. A number that was given
# to another process has another start.
nxa_started() {
  local nxa_stat
  NXA_SINCE=''
  if [ -r /proc/self/stat ]; then
    IFS= read -r nxa_stat 2>/dev/null <"/proc/$1/stat" || return 0
    # The 22nd word; the name, in brackets, may hold anything.
    nxa_stat=${nxa_stat##*) }
    # shellcheck disable=SC2086  # words
    set -- $nxa_stat
    case $1 in Z) return 0 ;; esac
    NXA_SINCE=${20}
  else
    NXA_SINCE=$(ps -o lstart= -p "$1" 2>/dev/null)
  fi
}

# nxa_machine: NXA_MACHINE = this machine and pid namespace: elsewhere the same number is another process.
nxa_machine() {
  [ -z "${NXA_MACHINE-}" ] || return 0
  NXA_MACHINE="${HOSTNAME:-unknown} $(readlink /proc/self/ns/pid 2>/dev/null)"
}

# nxa_own_run: writes down who runs this, in the workspace and in the run's record: process, start, machine.
nxa_own_run() {
  nxa_machine
  nxa_started "$$"
  printf '%s\n' "$$" "$NXA_SINCE" "$NXA_MACHINE" >"$NXA_RUN_TMP/owner"
  printf '%s\n' "$$" "$NXA_SINCE" "$NXA_MACHINE" >"$NXA_RUN_DIR/owner"
}

# nxa_own_scheduler PID: the process that goes on when the first is killed.
nxa_own_scheduler() {
  nxa_started "$1"
  printf '%s\n' "$1" "$NXA_SINCE" >"$NXA_RUN_TMP/scheduler"
}

# nxa_owner_state FILE: prints nothing; status 0 if the owner is alive, 1 if it is dead, 2 if that cannot be known here.
nxa_owner_state() {
  local nxa_pid nxa_since nxa_machine
  { IFS= read -r nxa_pid && IFS= read -r nxa_since && IFS= read -r nxa_machine; } 2>/dev/null <"$1" || return 2
  nxa_process_state "$nxa_pid" "$nxa_since" "$nxa_machine"
}

# nxa_process_state PID START MACHINE: the same of a process by what nxa_own_run writes of it.
nxa_process_state() {
  nxa_machine
  [ -n "$1" ] && [ -n "$2" ] && [ "$3" = "$NXA_MACHINE" ] || return 2
  nxa_started "$1"
  [ -n "$NXA_SINCE" ] && [ "$NXA_SINCE" = "$2" ]
}

# nxa_own_runs: NXA_RUNS = the names of the kept records of this workflow, the oldest first.
nxa_own_runs() {
  local nxa_dir nxa_name nxa_rest nxa_second='' nxa_at_once=''
  NXA_RUNS=''
  for nxa_dir in "$NXA_HOME/runs/$NXA_WORKFLOW"-*; do
    nxa_name=${nxa_dir##*/}
    nxa_rest=${nxa_name#"$NXA_WORKFLOW-"}
    # Another workflow's name may begin with ours.
    case $nxa_rest in
    *[!0-9T-]*) continue ;;
    [0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]-[0-9]*-[0-9]*) ;;
    *) continue ;;
    esac
    if [ "${nxa_rest%%-*}" != "$nxa_second" ]; then
      NXA_RUNS=$NXA_RUNS$nxa_at_once nxa_at_once='' nxa_second=${nxa_rest%%-*}
    fi
    nxa_rest=${nxa_rest#*-}
    nxa_sort_run "$nxa_name" "${nxa_rest%%-*}"
  done
  NXA_RUNS=$NXA_RUNS$nxa_at_once
}

# nxa_sort_run NAME PID: takes the run in among those of the same second, nxa_at_once.
nxa_sort_run() {
  local nxa_each nxa_pid nxa_sorted='' nxa_new=" $1"
  for nxa_each in $nxa_at_once; do
    nxa_pid=${nxa_each#"$NXA_WORKFLOW-"*-}
    if [ -n "$nxa_new" ] && nxa_began_later "$nxa_each" "${nxa_pid%%-*}" "$@"; then
      nxa_sorted=$nxa_sorted$nxa_new nxa_new=''
    fi
    nxa_sorted="$nxa_sorted $nxa_each"
  done
  nxa_at_once=$nxa_sorted$nxa_new
}

# nxa_began_later NAME PID NAME PID: did the first run begin after the second? The files they wrote at their beginning tell,
# and only where those are of one age the processes' numbers, which begin anew when they have run out.
nxa_began_later() {
  local nxa_first="$NXA_HOME/runs/$1/owner" nxa_second="$NXA_HOME/runs/$3/owner"
  [ ! "$nxa_first" -nt "$nxa_second" ] || return 0
  [ ! "$nxa_first" -ot "$nxa_second" ] || return 1
  # As texts, 1037 comes before 975.
  [ "$2" -gt "$4" ]
}

# nxa_prune_runs: of this workflow's records the newest NIXACTIONS_KEEP_RUNS stay, and those of runs that may be under way.
nxa_prune_runs() {
  local nxa_name nxa_over
  nxa_own_runs
  # shellcheck disable=SC2086  # names without blanks
  set -- $NXA_RUNS
  nxa_over=$(($# - ${NIXACTIONS_KEEP_RUNS:-10}))
  for nxa_name; do
    [ "$nxa_over" -gt 0 ] || return 0
    nxa_over=$((nxa_over - 1))
    [ "$nxa_name" = "$WORKFLOW_ID" ] || ! nxa_run_over "$NXA_HOME/runs/$nxa_name" || nxa_remove "$NXA_HOME/runs/$nxa_name"
  done
  return 0
}

# nxa_run_over DIR: has the run of this record ended, or was it killed on this machine?
nxa_run_over() {
  [ ! -e "$1/ended" ] || return 0
  nxa_owner_state "$1/owner"
  [ "$?" = 1 ]
}

# nxa_gc: what runs of any workflow left behind whose script was killed: processes and workspaces, and what the kinds of the
# workflow's executors find (nxa_KIND_gc); and what is too much in the cache. A directory without the runner's own files was
# kept on purpose.
nxa_gc() {
  local nxa_dir nxa_status=0
  NXA_COLLECTED=0
  for nxa_dir in "$NXA_WORKSPACE_ROOT"/*; do
    [ -e "$nxa_dir/.run/owner" ] || continue
    nxa_owner_state "$nxa_dir/.run/owner"
    [ "$?" = 1 ] || continue
    (nxa_gc_processes "${nxa_dir##*/}" "$nxa_dir/.run/scheduler")
    nxa_gc_kinds gc_run "$nxa_dir" || nxa_status=1
    nxa_remove "$nxa_dir" || continue
    nxa_collected "$nxa_dir"
  done
  nxa_gc_kinds gc || nxa_status=1
  [ ! -e "$NXA_HOME/cache" ] || nxa_cache_prune
  [ "$NXA_COLLECTED" != 0 ] || printf 'nothing to remove\n'
  return "$nxa_status"
}

# nxa_gc_kinds FUNCTION WORD…: nxa_KIND_FUNCTION of each kind of the workflow's executors that has one.
nxa_gc_kinds() {
  local nxa_kind nxa_status=0
  for nxa_kind in $(printf '%s\n' "${NXA_EXECUTOR_KIND[@]}" | sort -u); do
    ! declare -F "nxa_${nxa_kind}_$1" >/dev/null || "nxa_${nxa_kind}_$1" "${@:2}" || nxa_status=1
  done
  return "$nxa_status"
}

# nxa_collected WHAT: tells of something that is gone.
nxa_collected() {
  printf 'removed %s\n' "$1"
  NXA_COLLECTED=$((NXA_COLLECTED + 1))
}

# nxa_gc_processes RUN FILE: ends what is left of a run: its scheduler, all below that, and what bears the run's id. In a
# process of its own.
nxa_gc_processes() {
  local nxa_pid nxa_since
  WORKFLOW_ID=$1
  if { IFS= read -r nxa_pid && IFS= read -r nxa_since; } 2>/dev/null <"$2"; then
    nxa_started "$nxa_pid"
    [ -n "$NXA_SINCE" ] && [ "$NXA_SINCE" = "$nxa_since" ] || nxa_pid=''
  fi
  nxa_marked_processes ''
  nxa_tree_find "${nxa_pid-}$NXA_MARKED"
  [ -n "$NXA_TREE" ] || return 0
  nxa_tree_kill TERM
  nxa_tree_end 20
  # What their handlers have started meanwhile: timers, above all.
  nxa_marked_processes ''
  nxa_tree_find "$NXA_MARKED"
  nxa_tree_kill KILL
}
