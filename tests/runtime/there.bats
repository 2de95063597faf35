load helper

# `streamed NUMBER` prints the stream of a job there that runs `job`; a hang ends after 20 s, with status 137.
run='
streamed() {
  local job watch status
  [ -d "state/$1" ] || { mkdir -p "state/$1" && mkfifo "state/$1/stream" "state/$1/live"; }
  set -m
  nxa_there_job "$1" j 0 "" </dev/null &
  job=$!
  (sleep 20 && kill -KILL -- "-$job") >/dev/null 2>&1 3>&- &
  watch=$!
  set +m
  wait "$job"
  status=$?
  kill -- "-$watch" 2>/dev/null
  return "$status"
}
nxa_there_run() { job; }
'

@test "what a job prints arrives, though it is over before anybody reads" {
  in_each_bash ssh/there.sh <<END
$run
$(cat <<'BODY'
# Who keeps the stream sets this first: there it is made to take its time.
trap() {
  sleep 0.5
  builtin trap "$@"
}
job() { printf 'said\n'; }
is "$(streamed 1; echo " $?")" "said${NXA_NEWLINE} 0"
is "$(cat state/1/out)" said
holds [ -e state/1/whole ]
BODY
)
END
}

@test "who keeps the stream goes on where the one whom it passes it on to was killed at once" {
  in_each_bash ssh/there.sh <<END
$run
$(cat <<'BODY'
mkdir -p state/1
mkfifo state/1/stream state/1/live
printf 'said\n' >state/1/out
# As tee, which has not come to open it.
(exec 3>state/1/live && : >state/1/whole) 3>&- &
printf '%s\n' "$!" >state/1/tee
is "$(streamed 1; echo " $?")" "said${NXA_NEWLINE} 0"
BODY
)
END
}

@test "jobs of a session come one after the other, each with its mark behind it" {
  in_each_bash ssh/there.sh <<END
$run
$(cat <<'BODY'
job() { printf 'said %s' "$1"; }
nxa_there_run() { job "$1"; }
session() {
  local number
  for number in 1 2 3; do
    mkdir -p "state/$number" && mkfifo "state/$number/stream" "state/$number/live"
    nxa_there_job "$number" j 0 1 </dev/null && nxa_there_mark mark
  done
  nxa_there_passed
}
is "$(session; echo "$?")" "said 1mark${NXA_NEWLINE}said 2mark${NXA_NEWLINE}said 3mark${NXA_NEWLINE}0"
is "$(cat state/3/out)" 'said 3'
BODY
)
END
}

@test "a job whose output nobody takes any more goes on" {
  in_each_bash ssh/there.sh <<END
$run
$(cat <<'BODY'
job() {
  # Until tee has opened what it writes to: before that it is the next client that helps it on.
  printf 'first\n'
  until [ -s state/1/out ] && [ -s state/1/cat ]; do sleep 0.02; done
  read -r cat <state/1/cat
  kill "$cat"
  sleep 0.1
  seq 20000
}
is "$(streamed 1 | tail -n 1; echo "${PIPESTATUS[0]}")" "first${NXA_NEWLINE}143"
is "$(wc -l <state/1/out | tr -d ' ')" 20001
holds [ -e state/1/whole ]
BODY
)
END
}
