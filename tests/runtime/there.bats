load helper

# `streamed NUMBER` prints the stream of a job there that runs `job`; a hang ends after 20 s, with status 137.
run='
streamed() {
  local job watch status
  [ -d "state/$1" ] || { mkdir -p "state/$1" && mkfifo "state/$1/stream" "state/$1/live"; }
  set -m
  nxa_there_job "$1" j 0 </dev/null &
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
