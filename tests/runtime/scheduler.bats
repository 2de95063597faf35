load helper

@test "the result of a group of jobs" {
  in_each_bash core/scheduler.sh <<'END'
result() {
  local wanted=$1 i jobs=''
  shift
  NX_RESULT=("$@")
  for ((i = 0; i < $#; i++)); do jobs="$jobs $i"; done
  nx_group_result "$jobs"
  is "$NX_VALUE" "$wanted"
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
NX_RESULT=()
nx_group_result '0 1'
is "$NX_VALUE" skipped
END
}

@test "an export has a value where all that ran agree" {
  in_each_bash core/scheduler.sh <<'END'
NX_RUN_TMP=$PWD
export_of() {
  nx_group_export "$1" "$2"
  is "$NX_VALUE" "$3"
}
NX_RESULT=(success success skipped failure success)
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
NX_WORKFLOW=ci WORKFLOW_ID=run-1 NX_FORMAT=simple NX_WORKFLOW_TIMEOUT="" NX_FAIL_FAST="" NX_JOBS="" NX_RUN_TMP=$PWD NX_MUTE=""
NX_JOB_CONDITION_TEXT=() NX_JOB_TOLERATED=() NX_JOB_GROUP=() NX_GROUP_MAX=() NX_GROUP_FAIL_FAST=() NX_SKIP=()
NX_JOB_REFS=() NX_JOB_ANYWAY=() NX_JOB_ON_CANCEL=() NX_EXECUTOR_STATE=(ready) NX_STEP_ENV=()
nx_clock() { NX_NOW=0 NX_STAMP=T; }
nx_put() { :; }
started=""
nx_start_queued() {
  while nx_next_queued; do
    nx_count_started "$NX_NEXT"
    started="$started ${NX_JOB_NAME[NX_NEXT]}"
  done
}
nx_job_wanted() { nx_enqueue "$1"; }
begin() {
  local i
  NX_JOB_NAME=("$@") NX_JOB_EXECUTOR=() NX_SELECTED=() started=""
  for ((i = 0; i < $#; i++)); do NX_JOB_EXECUTOR[i]=0 NX_SELECTED[i]=1; done
  nx_schedule_start
  nx_start_queued
}
ends() {
  nx_happened "done $1 $2"
  nx_start_queued
}
'

@test "jobs start as soon as what they need has ended, whatever else runs" {
  in_each_bash core/scheduler.sh <<END
$graph
$(cat <<'BODY'
NX_JOB_NEEDS=('' '' 0 '1 2' 3)
begin a b c d e
is "$started" ' a b'
ends 0 success
is "$started" ' a b c'
ends 2 success
is "$started" ' a b c'
ends 1 success
is "$started" ' a b c d'
ends 3 success && ends 4 success
is "$NX_LEFT|${NX_RESULT[*]}" '0|success success success success success'
BODY
)
END
}

@test "a failure skips what needs it, and no more" {
  in_each_bash core/scheduler.sh <<END
$graph
$(cat <<'BODY'
NX_JOB_NEEDS=('' '' 0 2 1)
begin a b c d e
ends 0 failure
is "${NX_RESULT[2]} ${NX_RESULT[3]}" 'skipped skipped'
ends 1 timeout
is "$NX_LEFT|${NX_RESULT[4]}|$NX_ANY_FAILED" '0|skipped|1'
NX_JOB_TOLERATED=(1)
begin a b c d e
ends 0 failure
is "$started|$NX_ANY_FAILED" ' a b c|'
BODY
)
END
}

@test "limits: of the run and of a matrix, in the order of readiness" {
  in_each_bash core/scheduler.sh <<END
$graph
$(cat <<'BODY'
NX_JOB_NEEDS=('' '' '' '' '')
NX_JOBS=2
begin a b c d e
is "$started" ' a b'
ends 1 success
is "$started" ' a b c'
ends 0 success && ends 2 success
is "$started" ' a b c d e'
NX_JOBS='' NX_JOB_GROUP=('' 0 0 0 '') NX_GROUP_MAX=(1)
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
NX_JOB_NEEDS=('' '' '' '' '1,2,3')
NX_JOB_GROUP=('' 0 0 0 '') NX_GROUP_MAX=(1) NX_GROUP_FAIL_FAST=(1)
begin a m1 m2 m3 e
ends 1 failure
is "$started" ' a m1'
is "${NX_RESULT[*]}" 'failure cancelled cancelled skipped'
BODY
)
END
}
