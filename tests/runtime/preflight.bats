load helper

# Bodies put this first: a run that could start.
run='
NX_TEMPORARY=$PWD/tmp NX_HOME=$PWD/home NX_REPOSITORY=$PWD NX_DEP_COMMAND=() NX_INPUT_NAME=()
mkdir tmp
refuses() {
  try nx_preflight
  is "$said" "${0##*/}: error: the run cannot start$NX_NEWLINE  - $1"
  is "$status" 3
}
'

@test "all that is missing is told together" {
  in_each_bash core/text.sh core/preflight.sh <<END
$run
$(cat <<'BODY'
holds nx_preflight
NX_DEP_COMMAND=(sh no-such-tool other-tool) NX_DEP_JOBS=(0 '1 2' 3) NX_DEP_WANTED=('' 'job b' 'job d')
NX_SELECTED=(1 '' 1) NX_SKIP=() NX_INPUT_NAME=(target given) NX_INPUT_REQUIRED=(1 1) NX_INPUT_GIVEN=('' 1) NX_INPUT_DEFAULT=()
refuses "command not found: no-such-tool (job b)$NX_NEWLINE  - missing input target: give it with --input target=VALUE"
NX_SKIP=('' '' 1) NX_INPUT_DEFAULT=(x)
holds nx_preflight
touch .nxaignore
refuses "$PWD/.nxaignore: this version of nixc does not leave files out of copies"
BODY
)
END
}

@test "the workspace is ours and no link, else one by our number, else none" {
  in_each_bash core/text.sh core/preflight.sh <<END
$run
$(cat <<'BODY'
nx_preflight && is "$NX_WORKSPACE_ROOT" "$PWD/tmp/nixactions"
unset NX_WORKSPACE_ROOT
rm -r tmp/nixactions && mkdir trap && ln -s "$PWD/trap" tmp/nixactions
nx_preflight && is "$NX_WORKSPACE_ROOT" "$PWD/tmp/nixactions-$(id -u)"
unset NX_WORKSPACE_ROOT
rm -r "tmp/nixactions-$(id -u)" && ln -s "$PWD/trap" "tmp/nixactions-$(id -u)"
refuses "no workspace: $PWD/tmp/nixactions is not a directory of ours that can be written (set TMPDIR)"
is "$(ls -A trap)" ''
rm tmp/nixactions && touch file && NX_HOME=$PWD/file/home
refuses "cannot write $PWD/file/home/runs (set NIXACTIONS_HOME)"
BODY
)
END
}
