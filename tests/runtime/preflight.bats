load helper

# Bodies put this first: a run that could start.
run='
NXA_TEMPORARY=$PWD/tmp NXA_HOME=$PWD/home NXA_REPOSITORY=$PWD NXA_DEP_COMMAND=() NXA_INPUT_NAME=() NXA_REPORT_FILE=()
NXA_EXECUTOR_NAME=() NXA_JOB_NAME=()
mkdir tmp
# Nothing is resumed here.
nxa_resume_find() { :; }
refuses() {
  try nxa_preflight
  is "$said" "${0##*/}: error: the run cannot start$NXA_NEWLINE  - $1"
  is "$status" 3
}
'

@test "all that is missing is told together" {
  in_each_bash core/text.sh core/report.sh core/preflight.sh <<END
$run
$(cat <<'BODY'
holds nxa_preflight
NXA_DEP_COMMAND=(sh no-such-tool other-tool) NXA_DEP_JOBS=(0 '1 2' 3) NXA_DEP_WANTED=('' 'job b' 'job d')
NXA_EXECUTOR_KIND=(local custom) NXA_JOB_EXECUTOR=(0 0 0 0)
NXA_SELECTED=(1 '' 1) NXA_SKIP=() NXA_INPUT_NAME=(target given) NXA_INPUT_REQUIRED=(1 1) NXA_INPUT_GIVEN=('' 1) NXA_INPUT_DEFAULT=()
refuses "command not found: no-such-tool (job b)$NXA_NEWLINE  - missing input target: give it with --input target=VALUE"
# Where the job runs elsewhere, it looks there itself.
NXA_JOB_EXECUTOR=(0 0 1 0) NXA_INPUT_DEFAULT=(x)
holds nxa_preflight
NXA_JOB_EXECUTOR=(0 0 0 0)
NXA_SKIP=('' '' 1) NXA_INPUT_DEFAULT=(x)
holds nxa_preflight
BODY
)
END
}

@test "the workspace is ours and no link, else one by our number, else none" {
  in_each_bash core/text.sh core/report.sh core/preflight.sh <<END
$run
$(cat <<'BODY'
nxa_preflight && is "$NXA_WORKSPACE_ROOT" "$PWD/tmp/nixactions"
unset NXA_WORKSPACE_ROOT
rm -r tmp/nixactions && mkdir trap && ln -s "$PWD/trap" tmp/nixactions
nxa_preflight && is "$NXA_WORKSPACE_ROOT" "$PWD/tmp/nixactions-$(id -u)"
unset NXA_WORKSPACE_ROOT
rm -r "tmp/nixactions-$(id -u)" && ln -s "$PWD/trap" "tmp/nixactions-$(id -u)"
refuses "no workspace: $PWD/tmp/nixactions is not a directory of ours that can be written (set TMPDIR)"
is "$(ls -A trap)" ''
rm tmp/nixactions && touch file && NXA_HOME=$PWD/file/home
refuses "cannot write $PWD/file/home/runs (set NIXACTIONS_HOME)"
BODY
)
END
}

@test "files of reports that could not be written are told" {
  in_each_bash core/text.sh core/report.sh core/preflight.sh <<END
$run
$(cat <<'BODY'
mkdir there && touch old
NXA_REPORT_FILE=("$PWD/new" "$PWD/there/new" "$PWD/old" /dev/null)
holds nxa_preflight
NXA_REPORT_FILE=("$PWD/there" "$PWD/none/x" "$PWD/none/x")
refuses "--report: $PWD/there is a directory$NXA_NEWLINE  - --report: no directory $PWD/none$NXA_NEWLINE  - --report: two reports in $PWD/none/x$NXA_NEWLINE  - --report: no directory $PWD/none"
BODY
)
END
}
