load helper

@test "the number of this very shell, subshells included" {
  in_each_bash core/process.sh <<'END'
nxa_self
is "$NXA_SELF" "$$"
# sh's parent is the shell that asks.
(nxa_self && is "$NXA_SELF" "$(exec sh -c 'echo "$PPID"')")
(: && (nxa_self && is "$NXA_SELF" "$(exec sh -c 'echo "$PPID"')") && nxa_self && is "$NXA_SELF" "$(exec sh -c 'echo "$PPID"')")
END
}

@test "what sleep takes" {
  in_each_userland core/process.sh <<'END'
text() { nxa_sleep_text "$1" && is "$NXA_SLEEP" "$2"; }
text 0 0.000
text 1 0.001
text 1500 1.500
text 60000 60.000
nxa_sleep_text 1
holds sleep "$NXA_SLEEP"
END
}

# Bodies put this first: start STARTER = a tree of processes, each of which writes its number to the pipe.
tree='
mkfifo numbers
exec 3<>numbers
grow() {
  "$@" 3>numbers </dev/null >/dev/null 2>&1 &
  root_pid=$!
}
next() { read -r pid <&3; }
finish() { kill -KILL $NXA_TREE 2>/dev/null; wait 2>/dev/null; }
'

@test "a tree: children, grandchildren, orphans of the group, and nobody else" {
  in_each_userland core/process.sh <<END
$tree
$(cat <<'BODY'
grow sh -c 'echo $$ >&3; sleep 1000'
next
stranger=$pid
set -m
# Its second child leaves a grandchild behind, whose parent is nobody of ours any more.
grow sh -c 'echo $$ >&3
  sh -c "echo \$\$ >&3; sleep 1001 & echo \$! >&3; wait" &
  (sh -c "echo \$\$ >&3; exec sleep 1002" &)
  wait'
set +m
all=''
for _ in 1 2 3 4; do next && all="$all $pid"; done
nxa_tree_find "$root_pid"
for pid in $all; do
  case " $NXA_TREE " in *" $pid "*) ;; *) miss "$pid is not in $NXA_TREE" ;; esac
done
is "$(for pid in $NXA_TREE; do echo "$pid"; done | sort -u | wc -l | tr -d ' ')" "$(set -- $NXA_TREE; echo $#)"
case " $NXA_TREE " in *" $stranger "* | *" $$ "* | *" $PPID "*) miss "too much: $NXA_TREE" ;; esac
holds nxa_tree_alive
nxa_tree_kill KILL
wait "$root_pid" 2>/dev/null
nxa_tree_end 100
fails 1 nxa_tree_alive
holds kill -0 "$stranger"
kill -KILL "$stranger"
BODY
)
END
}

@test "a tree within this shell's own group is its descendants only" {
  in_each_bash core/process.sh <<END
$tree
$(cat <<'BODY'
grow sh -c 'echo $$ >&3; exec sleep 1000'
next
other=$pid
grow sh -c 'echo $$ >&3; sleep 1000 & echo $! >&3; wait'
next && next
nxa_tree_find "$root_pid"
case " $NXA_TREE " in *" $pid "*) ;; *) miss "$pid is not in $NXA_TREE" ;; esac
case " $NXA_TREE " in *" $other "*) miss "$other is in $NXA_TREE" ;; esac
kill "$other"
finish
nxa_tree_find 999999999
is "${NXA_TREE# }" 999999999
fails 1 nxa_tree_alive
nxa_tree_find ''
is "$NXA_TREE" ''
BODY
)
END
}

@test "processes whose name looks like their state are read right" {
  in_each_bash core/process.sh <<END
$tree
$(cat <<'BODY'
[ -r /proc/self/stat ] || exit 0
cp "$(command -v sleep)" ') Z 1 2 (' 2>/dev/null
PATH=$PWD:$PATH
grow sh -c 'echo $$ >&3; ") Z 1 2 (" 1000 & echo $! >&3; wait'
next && next
nxa_tree_find "$root_pid"
case " $NXA_TREE " in *" $pid "*) ;; *) miss "$pid is not in $NXA_TREE" ;; esac
fails 1 nxa_zombie "$pid"
finish
BODY
)
END
}

@test "who ignores SIGTERM is killed when the time is over" {
  in_each_bash core/process.sh <<END
$tree
$(cat <<'BODY'
set -m
grow sh -c 'trap "" TERM; echo $$ >&3; sleep 1000'
set +m
next
nxa_tree_find "$root_pid"
nxa_tree_kill TERM
nxa_tree_end 1
wait "$root_pid" 2>/dev/null
is "$?" 137
# The sleep may have begun after the look at the tree.
kill -KILL -- "-$root_pid" 2>/dev/null
:
BODY
)
END
}

@test "a timer signals; one that is stopped has gone" {
  in_each_bash core/process.sh <<'END'
sleep 1000 &
sleeper=$!
nxa_timer_start 1 TERM "$sleeper"
wait "$sleeper" 2>/dev/null
is "$?" 143
nxa_timer_stop "$NXA_TIMER"
sleep 1000 &
sleeper=$!
nxa_timer_start 1000000 TERM "$sleeper"
holds kill -0 -- "-$NXA_TIMER"
nxa_timer_stop "$NXA_TIMER"
while kill -0 -- "-$NXA_TIMER" 2>/dev/null; do sleep 0.01; done
holds kill -0 "$sleeper"
kill "$sleeper"
holds nxa_timer_stop ''
holds nxa_timer_stop "$NXA_TIMER"
case $- in *m*) miss 'job control is left on' ;; esac
set -m
nxa_timer_start 1000000 TERM $$
case $- in *m*) ;; *) miss 'job control is off' ;; esac
nxa_timer_stop "$NXA_TIMER"
END
}

@test "processes of the run are found by their environment" {
  in_each_userland core/process.sh <<END
$tree
$(cat <<'BODY'
[ -r /proc/self/environ ] || exit 0
export WORKFLOW_ID="ci-1-$$" JOB_NAME=build
grow sh -c 'echo $$ >&3; exec sleep 1000'
next
mine=$pid
JOB_NAME=test
grow sh -c 'echo $$ >&3; exec sleep 1000'
next
other=$pid
WORKFLOW_ID="ci-1-$$-not"
grow sh -c 'echo $$ >&3; exec sleep 1000'
next
stranger=$pid
NOTE="x
WORKFLOW_ID=ci-1-$$" grow sh -c 'echo $$ >&3; exec sleep 1000'
next
liar=$pid
export -n WORKFLOW_ID JOB_NAME
WORKFLOW_ID="ci-1-$$"
# The order of variables differs; there is a grep that sees no more than the first.
grow sh -c 'echo $$ >&3; exec env -i PATH="$PATH" JOB_NAME=build WORKFLOW_ID="$1" sleep 1000' sh "$WORKFLOW_ID"
next
late=$pid
# It has told its number before it has that environment.
for ((left = 200; left > 0; left--)); do
  IFS= read -r name <"/proc/$late/comm"
  [ "$name" != sleep ] || break
  sleep 0.05
done
nxa_marked_processes build
is "$NXA_MARKED" " $mine $late"
nxa_marked_processes ''
is "$NXA_MARKED" " $mine $other $late"
kill "$mine" "$other" "$stranger" "$liar" "$late"
BODY
)
END
}

@test "a process whose parent is gone is seen among the children of others" {
  in_each_userland core/process.sh <<END
$tree
$(cat <<'BODY'
[ -r /proc/1/task/1/children ] || exit 0
nxa_find_reapers
case " $NXA_REAPERS " in *" 1 "*) ;; *) miss "1 is not in $NXA_REAPERS" ;; esac
holds xargs bash -c 'eval "$0"; nxa_find_reapers; case " $NXA_REAPERS " in *" $PPID "*) ;; *) exit 1 ;; esac' \
  "$(declare -f nxa_find_reapers)" </dev/null
nxa_orphans || miss 'cannot be seen'
before=$NXA_ORPHANS
# Its parent waits for nobody.
grow sh -c '(echo $$ >&3; exec sh -c "echo \$\$ >&3; exec sleep 1000") &'
wait
next
next
nxa_orphans
case "$NXA_ORPHANS " in *" $pid "*) ;; *) miss "$pid is not in $NXA_ORPHANS" ;; esac
case "$before " in *" $pid "*) miss "$pid was there before" ;; esac
kill "$pid"
# One that has ended in the meantime is left out.
sleep 0 &
gone=$!
wait
NXA_REAPERS="1 $gone"
nxa_orphans || miss 'a process that is gone is in the way'
BODY
)
END
}

@test "of the orphans that came since, one of this run is told from those of others" {
  in_each_userland core/process.sh <<END
$tree
$(cat <<'BODY'
[ -r /proc/1/task/1/children ] || exit 0
WORKFLOW_ID=w-1
nxa_orphans || miss 'cannot be seen'
before=$NXA_ORPHANS
nxa_orphan_since "$before" && miss 'none came'
grow sh -c '(WORKFLOW_ID=w-12 sh -c "echo \$\$ >&3; exec sleep 1000") &'
wait
next
other=$pid
nxa_orphans
case "$NXA_ORPHANS " in *" $other "*) ;; *) miss "$other is not in $NXA_ORPHANS" ;; esac
nxa_orphan_since "$before" && miss 'it is of another run'
grow sh -c '(X="
WORKFLOW_ID=w-1" WORKFLOW_ID=w-1 sh -c "echo \$\$ >&3; exec sleep 1000") &'
wait
next
nxa_orphans
nxa_orphan_since "$before" || miss "$pid is of this run"
nxa_orphan_since "$NXA_ORPHANS" && miss 'it was there before'
kill "$pid" "$other"
# What has ended is none, waited for or not; what keeps its environment to itself may be one.
NXA_ORPHANS=" $(sh -c 'echo $$')"
nxa_orphan_since '' && miss 'it is gone'
grow sh -c 'echo $$ >&3; sh -c "echo \$\$ >&3" & exec sleep 1000'
next
parent=$pid
next
until nxa_zombie "$pid"; do sleep 0.01; done
NXA_ORPHANS=" $pid"
nxa_orphan_since '' && miss 'it has ended'
kill "$parent"
[ "$UID" = 0 ] || {
  NXA_ORPHANS=' 1'
  nxa_orphan_since '' || miss 'it does not show'
}
BODY
)
END
}
