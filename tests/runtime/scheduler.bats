load helper

@test "the result of a group of jobs" {
  in_each_bash core/scheduler.sh <<'END'
result() {
  local wanted=$1 i jobs=''
  shift
  NXA_RESULT=("$@")
  for ((i = 0; i < $#; i++)); do jobs="$jobs $i"; done
  nxa_group_result "$jobs"
  is "$NXA_VALUE" "$wanted"
}
result success success
result failure failure
result failure timeout
result skipped skipped
result cancelled cancelled
result success success skipped
result failure success failure cancelled skipped
result failure cancelled timeout
result cancelled success cancelled skipped
result skipped skipped skipped
NXA_RESULT=()
nxa_group_result '0 1'
is "$NXA_VALUE" skipped
END
}

@test "an export has a value where all that ran agree" {
  in_each_bash core/scheduler.sh <<'END'
NXA_RUN_TMP=$PWD
export_of() {
  nxa_group_export "$1" "$2"
  is "$NXA_VALUE" "$3"
}
NXA_RESULT=(success success skipped failure success)
printf 'A=1\nAB=no\nB=x=y\nL=two\\nlines \\\\ \\0037\n' >exports.0
printf 'A=1\nB=other\n' >exports.1
printf 'A=skipped\n' >exports.2
printf 'A=1\n' >exports.3
export_of 0 A 1
export_of 0 B x=y
export_of 0 L $'two\nlines \\ \037'
export_of 0 NONE ''
export_of '0 1' A 1
export_of '0 1' B ''
export_of '0 1 2 3' A 1
export_of '0 4' A ''
export_of '4 0' A ''
export_of 2 A ''
export_of '' A ''
printf 'A=1\nA=2\n' >exports.0
export_of 0 A 2
END
}

# Bodies put this first: jobs that end as the test says, nothing is started.
graph='
NXA_WORKFLOW=ci WORKFLOW_ID=run-1 NXA_FORMAT=simple NXA_WORKFLOW_TIMEOUT="" NXA_FAIL_FAST="" NXA_JOBS="" NXA_RUN_TMP=$PWD NXA_RUN_DIR=$PWD NXA_RESUME_DIR=""
nxa_note_job() { :; }
nxa_output_start() { NXA_COLLECTOR="" NXA_WATCHING=""; }
NXA_JOB_CONDITION_TEXT=() NXA_JOB_TOLERATED=() NXA_JOB_GROUP=() NXA_GROUP_MAX=() NXA_GROUP_FAIL_FAST=() NXA_SKIP=()
NXA_JOB_REFS=() NXA_JOB_ANYWAY=() NXA_JOB_ON_CANCEL=() NXA_EXECUTOR_STATE=(ready) NXA_STEP_ENV=()
nxa_clock() { NXA_NOW=0 NXA_STAMP=T; }
nxa_write() { :; }
started=""
nxa_start_queued() {
  while nxa_next_queued; do
    nxa_count_started "$NXA_NEXT"
    started="$started ${NXA_JOB_NAME[NXA_NEXT]}"
  done
}
nxa_job_wanted() { nxa_enqueue "$1"; }
begin() {
  local i
  NXA_JOB_NAME=("$@") NXA_JOB_EXECUTOR=() NXA_SELECTED=() started=""
  for ((i = 0; i < $#; i++)); do NXA_JOB_EXECUTOR[i]=0 NXA_SELECTED[i]=1; done
  nxa_schedule_start
  nxa_start_queued
}
ends() {
  nxa_happened done "$1" "$2"
  nxa_start_queued
}
'

@test "jobs start as soon as what they need has ended, whatever else runs" {
  in_each_bash core/scheduler.sh <<END
$graph
$(cat <<'BODY'
NXA_JOB_NEEDS=('' '' 0 '1 2' 3)
begin a b c d e
is "$started" ' a b'
ends 0 success
is "$started" ' a b c'
ends 2 success
is "$started" ' a b c'
ends 1 success
is "$started" ' a b c d'
ends 3 success && ends 4 success
is "$NXA_LEFT|${NXA_RESULT[*]}" '0|success success success success success'
BODY
)
END
}

@test "a failure skips what needs it, and no more" {
  in_each_bash core/scheduler.sh <<END
$graph
$(cat <<'BODY'
NXA_JOB_NEEDS=('' '' 0 2 1)
begin a b c d e
ends 0 failure
is "${NXA_RESULT[2]} ${NXA_RESULT[3]}" 'skipped skipped'
ends 1 timeout
is "$NXA_LEFT|${NXA_RESULT[4]}|$NXA_ANY_FAILED" '0|skipped|1'
NXA_JOB_TOLERATED=(1)
begin a b c d e
ends 0 failure
is "$started|$NXA_ANY_FAILED" ' a b c|'
BODY
)
END
}

@test "limits: of the run and of a matrix, in the order of readiness" {
  in_each_bash core/scheduler.sh <<END
$graph
$(cat <<'BODY'
NXA_JOB_NEEDS=('' '' '' '' '')
NXA_JOBS=2
begin a b c d e
is "$started" ' a b'
ends 1 success
is "$started" ' a b c'
ends 0 success && ends 2 success
is "$started" ' a b c d e'
NXA_JOBS='' NXA_JOB_GROUP=('' 0 0 0 '') NXA_GROUP_MAX=(1)
begin a m1 m2 m3 e
is "$started" ' a m1 e'
ends 1 success
is "$started" ' a m1 e m2'
ends 0 success
is "$started" ' a m1 e m2'
ends 2 failure
is "$started" ' a m1 e m2 m3'
BODY
)
END
}

@test "a matrix that fails fast ends what of it has not started" {
  in_each_bash core/scheduler.sh <<END
$graph
$(cat <<'BODY'
NXA_JOB_NEEDS=('' '' '' '' '1,2,3')
NXA_JOB_GROUP=('' 0 0 0 '') NXA_GROUP_MAX=(1) NXA_GROUP_FAIL_FAST=(1)
begin a m1 m2 m3 e
ends 1 failure
is "$started" ' a m1'
is "${NXA_RESULT[*]}" 'failure cancelled cancelled skipped'
BODY
)
END
}
