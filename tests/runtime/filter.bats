load helper

# Bodies put this first: a run with one job. `filtered` gives a stream to the filter and to the collector, which must say the
# same; their clocks go a second with each record.
run='
NXA_WORKFLOW=ci WORKFLOW_ID=run-1 NXA_TOKEN=$(printf "\\036")4711 NXA_MARK=$(printf "\\036")4711 NXA_RUN_TMP=$PWD NXA_RUN_DIR=$PWD
NXA_JOB=0 NXA_JOB_NAME=("build") NXA_STAMP=T NXA_NOW=0 NXA_COLLECTOR=""
nxa_clock() { [ "${FUNCNAME[1]}" != nxa_record ] || NXA_NOW=$((NXA_NOW + 1000)); }
mkdir logs
mkfifo happens token control stream.0
exec 7<>happens 8<>token
printf x >&8
# filtered FORMAT <stream: what is printed; then `told` is what the scheduler was told.
filtered() {
  NXA_FORMAT=$1
  cat >given
  rm -f events.jsonl logs/*
  nxa_log_start
  (nxa_filter <given >out)
  listen
  said_by filter
  collected
  listen
  said_by collector
  diff -r filter collector >&2 || miss "filter and collector differ"
  cat out
}
# A line for the collector.
command_of() {
  nxa_make_record "" "$@" && printf %s "$NXA_RECORD"
}
# The same by the collector, with a clock like ours.
collected() {
  local NXA_COLLECTOR_PL=$NXA_COLLECTOR_PL
  rm -f events.jsonl logs/* exports.0
  sed -e "/^sub look_at_clock {/,/^}/d" -e "s/^sub record {/sub look_at_clock { \$stamp = q(T) }&\$now += 1000;/" \
    -e "s/EVENTS, \">>\"/&/" "$root/runtime/core/collector.pl" >collector.pl
  perl collector.pl control happens >out &
  {
    command_of config "$NXA_FORMAT" "$NXA_WORKFLOW" "$WORKFLOW_ID" "$NXA_TOKEN" "$PWD" "$PWD" "${NXA_LOG_LEVEL-info}"
    command_of job 0 build stream.0
    cat given >stream.0
    read -r line <&7
    # It says which it can do; core/output.sh knows both.
    case $line in "collector ready" | "collector watching") ;; *) miss "got $line" ;; esac
    until [ -s collected-end ]; do
      read -r line <&7 && printf "%s\n" "$line" >collected-end
    done
    command_of quit
  } >control
  wait
  cat collected-end >&7
  rm collected-end
}
listen() {
  printf "end\n" >&7
  told=""
  while read -r line <&7 && [ "$line" != end ]; do told="$told$line;"; done
}
said_by() {
  rm -rf "$1"
  mkdir "$1"
  cp -R out events.jsonl logs "$1"
  [ ! -f exports.0 ] || cp exports.0 "$1"
  printf "%s\n" "$told" >"$1/told"
}
'

@test "a job in the structured format" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
{
  nxa_emit job_start local '' compile 'say "hi" \ é'
  nxa_emit start 0 1 1
  echo 'one  line\n'
  echo
  nxa_emit end 0 success 0 1 1 ''
  nxa_emit start 1 1 2
  printf 'not ended'
  nxa_emit retry 1 failure 7 1 2 1500 linear ''
  nxa_emit start 1 2 2
  nxa_emit end 1 timeout 124 2 2 '' 5000
  nxa_emit end 0 skipped '' '' '' 'condition: success()'
  nxa_warn 'mind "this"'
  nxa_emit job_result failure
  nxa_emit close 0
  echo 'from a process left behind'
} | filtered structured >seen
diff - seen <<'WANTED' || miss 'see above'
[T] [workflow:ci] [job:build] Starting
[T] [workflow:ci] [job:build] [step:compile] Starting
[T] [workflow:ci] [job:build] [step:compile] one  line\n
[T] [workflow:ci] [job:build] [step:compile] 
[T] [workflow:ci] [job:build] [step:compile] Completed (duration: 1.000s, exit: 0)
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Starting
[T] [workflow:ci] [job:build] [step:say "hi" \ é] not ended
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Retrying in 1.5s (attempt 1/2, linear)
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Starting
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Timed out after 5s
[T] [workflow:ci] [job:build] [step:compile] Skipped (condition: success())
[T] [workflow:ci] [job:build] Warning: mind "this"
[T] [workflow:ci] [job:build] Failed (duration: 11.000s, exit: 1)
WANTED
BODY
)
END
}

@test "a cache: restored, and kept of a green job alone" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
for result in success failure; do
  {
    nxa_emit job_start local '' compile
    nxa_emit cache_hit 'odd \ key'
    nxa_emit cache_made "$PWD/none/at all" "$PWD/entry" $'nothing at a\nb'
    nxa_emit job_result "$result"
    nxa_emit close 0
  } | filtered structured >"seen-$result"
done
diff - seen-success <<WANTED || miss 'see above'
[T] [workflow:ci] [job:build] Starting
[T] [workflow:ci] [job:build] Restored cache odd \\ key
[T] [workflow:ci] [job:build] Warning: nothing at a
b
[T] [workflow:ci] [job:build] Warning: cannot make $PWD/entry
[T] [workflow:ci] [job:build] Completed (duration: 5.000s, exit: 0)
WANTED
diff - seen-failure <<'WANTED' || miss 'see above'
[T] [workflow:ci] [job:build] Starting
[T] [workflow:ci] [job:build] Restored cache odd \ key
[T] [workflow:ci] [job:build] Failed (duration: 5.000s, exit: 1)
WANTED
BODY
)
END
}

@test "a job in the JSON format: every line an object, every byte kept or replaced" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
{
  nxa_emit job_start local '' compile 'say "hi" \ é'
  nxa_emit start 1 1 1
  printf 'a "quoted" \\ tab\there \001 \377 \303\251 not ended'
  nxa_emit end 1 failure 7 1 1 ''
  nxa_emit end 0 skipped '' '' '' $'two\nlines \\ "q"'
  nxa_emit artifact_saved $'odd \n name'
  nxa_emit job_failed $'why\n"so"'
  nxa_emit close 0
} | filtered json >seen
BODY
)
END
  python3 - "$BATS_TEST_TMPDIR"/[0-9]*/seen <<'END'
import json, sys
for name in sys.argv[1:]:
    events = [json.loads(line) for line in open(name, "rb").read().decode("utf-8").splitlines()]
    step = 'say "hi" \\ é'
    assert all(e["timestamp"] == "T" and e["workflow"] == "ci" and e["run"] == "run-1" and e["job"] == "build" for e in events)
    kept = [{k: v for k, v in e.items() if k not in ("timestamp", "workflow", "run", "job")} for e in events]
    wanted = [
        {"event": "job_start", "executor": "local"},
        {"event": "step_start", "step": step, "attempt": 1, "max_attempts": 1},
        {"event": "output", "step": step, "message": 'a "quoted" \\ tab\there \x01 \ufffd é not ended'},
        {"event": "step_end", "step": step, "attempt": 1, "max_attempts": 1, "status": "failure", "exit_code": 7, "duration_ms": 1000},
        {"event": "step_end", "step": "compile", "status": "skipped", "reason": 'two\nlines \\ "q"'},
        {"event": "artifact_saved", "message": "odd \n name"},
        {"event": "job_end", "status": "failure", "exit_code": 1, "duration_ms": 7000, "reason": 'why\n"so"'},
    ]
    for got, want in zip(kept, wanted, strict=True):
        assert got == want, (name, got, want)
END
}

@test "a job in the simple format: the steps' bytes, unchanged" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
{
  nxa_emit job_start local '' compile 'say "hi" \ é'
  nxa_emit start 0 1 1
  # The clock is not asked for lines that bear no time.
  printf ' a\tb\\n \001\377\r\n\n%%s\nnot ended'
  nxa_emit end 0 success 0 1 1 ''
  nxa_emit job_result success
  nxa_emit close 0
} | filtered simple >seen
printf '==> build / compile\n a\tb\\n \001\377\r\n\n%%s\nnot ended<== build / compile: Completed (duration: 1.000s, exit: 0)\n' >wanted
cmp wanted seen || miss "$(cat seen)"
BODY
)
END
}

@test "levels: what is held back until it is known how a step ends" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
{
  nxa_emit job_start local '' good bad
  echo 'of the set-up'
  nxa_emit start 0 1 1
  echo fine
  nxa_emit end 0 success 0 1 1 ''
  nxa_emit start 1 1 2
  nxa_emit debug 'runs something'
  echo first
  nxa_warn careful
  nxa_emit retry 1 failure 7 1 2 1500 linear ''
  nxa_emit start 1 2 2
  printf second
  nxa_emit end 1 failure 3 2 2 ''
  echo 'of the clean-up'
  nxa_emit job_result failure
  nxa_emit close 0
} >stream
for NXA_LOG_LEVEL in error warning; do
  filtered structured <stream >seen
  is "$(cut -d ' ' -f 3- <seen)" "$(
    [ "$NXA_LOG_LEVEL" = error ] || echo '[job:build] [step:bad] Warning: careful'
    echo '[job:build] [step:bad] Starting
[job:build] [step:bad] first
[job:build] [step:bad] Retrying in 1.5s (attempt 1/2, linear)
[job:build] [step:bad] Starting
[job:build] [step:bad] second
[job:build] [step:bad] Failed (duration: 5.000s, exit: 3)
[job:build] of the clean-up
[job:build] Failed (duration: 11.000s, exit: 1)'
  )"
  is "$(grep -c . logs/build.log)" 15
  is "$(grep -c . events.jsonl)" 15
  filtered json <stream >seen
  is "$(grep -c . seen)" "$([ "$NXA_LOG_LEVEL" = error ] && echo 8 || echo 9)"
done
NXA_LOG_LEVEL=error
filtered simple <stream >seen
is "$(cat seen)" '==> build / bad
first
==> build / bad
second<== build / bad: Failed (duration: 5.000s, exit: 3)
of the clean-up'
(nxa_emit job_start local '' good && echo no && nxa_emit start 0 1 1 && echo no && nxa_emit end 0 success 0 1 1 &&
  nxa_emit job_result success && nxa_emit close 0) >stream
filtered structured <stream >seen
is "$(cat seen)" ''
BODY
)
END
}

@test "members of a group: each line and record is about its own step" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
# member STEP TEXT: a line of its stream.
member() { printf '%sline\037%s\037%s\n' "$NXA_MARK" "$@"; }
# told STEP RECORD FIELD…: a record of its stream.
told_by() { member "$1" "$(shift && nxa_emit "$@")"; }
{
  nxa_emit job_start local '' compile 'say "hi" \ é' third
  member 0 'before its start'
  told_by 1 start 1 1 2
  told_by 0 start 0 1 1
  member 1 'one  line\n'
  member 1 ''
  member 1 $'a\036b \037 c'
  member 0 "$(printf 'not ended' && nxa_emit end 0 success 0 1 1 '')"
  member 0 'left behind'
  told_by 1 retry 1 failure 7 1 2 1500 linear ''
  told_by 1 start 1 2 2
  told_by 2 end 2 skipped '' '' '' 'condition: success()'
  printf 'the job itself, not ended'
  member 1 open"$NXA_TOKEN"
  nxa_warn 'of the job'
  told_by 1 warning 'of a "step"'
  told_by 1 end 1 timeout 124 2 2 '' 5000
  nxa_emit start 2 1 1
  echo 'of the third'
  member 0 'late'
  echo 'of the third again'
  nxa_emit job_result success
  nxa_emit close 0
} >stream
filtered structured <stream >seen
diff - seen <<'WANTED' || miss 'see above'
[T] [workflow:ci] [job:build] Starting
[T] [workflow:ci] [job:build] before its start
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Starting
[T] [workflow:ci] [job:build] [step:compile] Starting
[T] [workflow:ci] [job:build] [step:say "hi" \ é] one  line\n
[T] [workflow:ci] [job:build] [step:say "hi" \ é] 
[T] [workflow:ci] [job:build] [step:say "hi" \ é] ab  c
[T] [workflow:ci] [job:build] [step:compile] not ended
[T] [workflow:ci] [job:build] [step:compile] Completed (duration: 1.000s, exit: 0)
[T] [workflow:ci] [job:build] left behind
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Retrying in 1.5s (attempt 1/2, linear)
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Starting
[T] [workflow:ci] [job:build] [step:third] Skipped (condition: success())
[T] [workflow:ci] [job:build] the job itself, not ended
[T] [workflow:ci] [job:build] [step:say "hi" \ é] open
[T] [workflow:ci] [job:build] Warning: of the job
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Warning: of a "step"
[T] [workflow:ci] [job:build] [step:say "hi" \ é] Timed out after 5s
[T] [workflow:ci] [job:build] [step:third] Starting
[T] [workflow:ci] [job:build] [step:third] of the third
[T] [workflow:ci] [job:build] late
[T] [workflow:ci] [job:build] [step:third] of the third again
[T] [workflow:ci] [job:build] Completed (duration: 14.000s, exit: 0)
WANTED
filtered json <stream >/dev/null
# Of members that end one by one, what is held back is told for each that fails.
NXA_LOG_LEVEL=error
filtered structured <stream >seen
is "$(grep -c 'step:compile' seen) $(grep -c 'step:say' seen)" '0 8'
NXA_LOG_LEVEL=''
filtered simple <stream >seen
has "$(cat seen)" $'of the third\nlate\nof the third again'
# Where the shell is old, each record has a line of its own before it.
NXA_MARK=$NXA_TOKEN$NXA_NEWLINE$NXA_TOKEN
{
  nxa_emit job_start local '' a b
  told_by 0 start 0 1 1
  for n in 1 2 3; do member 1 "b $n"; member 0 "a $n"; done
  nxa_emit job_result success
  nxa_emit close 0
} | filtered simple >seen
is "$(cat seen)" $'==> build / a\nb 1\na 1\nb 2\na 2\nb 3\na 3'
BODY
)
END
}

@test "what the scheduler is told" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
tells() {
  filtered structured <stream >seen
  is "$told" "$1"
  has "$(tail -n 1 seen)" "$2"
}
(nxa_emit job_result success && nxa_emit close 0) >stream
tells 'done 0 success;' Completed
(nxa_emit job_result success && nxa_emit output_missing $'coverage (nothing at a \\ b)' && nxa_emit close 0) >stream
tells 'done 0 failure;' 'artifact not made: coverage (nothing at a \ b)'
(nxa_emit job_result success && nxa_emit output_failed $'odd\nname' && nxa_emit close 0) >stream
tells 'done 0 failure;' 'name'
(nxa_emit job_result cancelled && nxa_emit output_missing x && nxa_emit close 0) >stream
tells 'done 0 cancelled;' Cancelled
(nxa_emit close 137) >stream
tells 'done 0 failure;' 'the job runner ended without a result (exit status 137)'
(echo output && printf 'the last') >stream
tells 'done 0 failure;' 'the process that watches over this job was killed'
is "$(sed -n 2p seen)" '[T] [workflow:ci] [job:build] the last'
: >stream
tells 'done 0 failure;' 'was killed'
(nxa_emit verdict holds) >stream
filtered structured <stream >seen 2>errors
is "$told$(cat seen)" 'verdict 0 holds;'
(nxa_emit verdict fails 'env.X == "y"') >stream
tells 'done 0 skipped;' 'Skipped (condition: env.X == "y")'
(nxa_emit verdict error $'condition\nexited') >stream
tells 'done 0 failure;' exited
BODY
)
END
}

@test "empty messages and values end no filter" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
(nxa_warn '' && nxa_emit export EMPTY '' && nxa_emit job_failed '' && nxa_emit job_result success && nxa_emit close 0) >stream
filtered structured <stream >seen 2>errors
is "$told" 'done 0 success;'
is "$(cat exports.0)" EMPTY=
is "$(cat errors)" ""
BODY
)
END
}

@test "exports are kept whatever their values are" {
  in_each_bash core/output.sh core/stream.sh core/scheduler.sh <<END
$run
$(cat <<'BODY'
NXA_RESULT=(success)
for value in plain '' ' blanks ' 'a=b' $'two\nlines\n' 'back\slash\n' $'sep\037arated' $'\037' $'tab\t"$(touch hit)"' '*'; do
  rm -f exports.0
  (nxa_emit export VALUE "$value" && nxa_emit export OTHER x && nxa_emit job_result success && nxa_emit close 0) >stream
  filtered structured <stream >seen
  nxa_group_export 0 VALUE
  is "$NXA_VALUE" "$value"
done
holds [ ! -e hit ]
BODY
)
END
}

@test "an export that cannot be kept fails the job and hangs nothing" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
mkdir exports.0
(nxa_emit export A 1 && nxa_emit job_result success && nxa_emit close 0) >stream
filtered structured <stream >seen 2>/dev/null
is "$told" 'done 0 failure;'
has "$(tail -n 1 seen)" 'export could not be kept: A'
BODY
)
END
}

@test "a token within a step's own output begins no record without the run's number" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
(printf '\036close\0370\n\0364710close\n4711close\n' && nxa_emit job_result success && nxa_emit close 0) >stream
filtered simple <stream >seen
is "$told" 'done 0 success;'
printf '\036close\0370\n\0364710close\n4711close\n' >wanted
cmp wanted seen || miss 'changed'
BODY
)
END
}

@test "lines of several jobs are not torn, however long they are" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
NXA_JOB_NAME=(a b c d)
for format in structured json simple; do
  NXA_FORMAT=$format
  nxa_log_start
  for NXA_JOB in 0 1 2 3; do
    long=$(printf '%*s' 7000 '' | tr ' ' "${NXA_JOB_NAME[NXA_JOB]}")
    for ((i = 0; i < 5; i++)); do printf '%s\n%s\n' "$long" "${NXA_JOB_NAME[NXA_JOB]}"; done >"printed.$NXA_JOB"
    nxa_emit job_result success >>"printed.$NXA_JOB"
    nxa_emit close 0 >>"printed.$NXA_JOB"
  done
  {
    for NXA_JOB in 0 1 2 3; do (nxa_filter <"printed.$NXA_JOB") & done
    wait
  } | cat >seen
  for name in a b c d; do
    is "$(grep -acE "$name{7000}" seen)" 5
    is "$(grep -acE "(^|[] \"])$name(\"}|\$)" seen)" 5
  done
  is "$(grep -acE 'a{99}.*b{99}|b{99}.*a{99}|c{99}.*d{99}|d{99}.*c{99}' seen)" 0
done
BODY
)
END
}

@test "nobody reads any more: the job's end is told all the same" {
  in_each_bash core/output.sh core/stream.sh <<END
$run
$(cat <<'BODY'
(for ((i = 0; i < 50; i++)); do echo line; done && nxa_emit job_result success && nxa_emit close 0) >stream
NXA_FORMAT=structured
nxa_log_start
mkfifo reader
sleep 1000 <reader &
exec 9>reader
kill "$!" && wait "$!" 2>/dev/null
(nxa_filter) <stream >&9 2>/dev/null
read -r line <&7
is "$line" 'done 0 success'
# The token is back for others.
read -r -n 1 token <&8
is "$token" x
BODY
)
END
}

@test "before bash 4 there is more within the same second, and the clock changes nothing about that" {
  in_each_bash core/filter.sh <<'END'
# As such a shell is.
BASH_VERSION=3.2.57
unset EPOCHREALTIME
NXA_MORE_SECOND='' NXA_STAMP_SECOND=''
SECONDS=100
fails 1 nxa_more
holds nxa_more
SECONDS=200
nxa_clock
fails 1 nxa_more
holds nxa_more
END
}
