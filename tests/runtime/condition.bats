load helper

@test "operators of conditions, and errors that no operator hides" {
  in_each_bash core/condition.sh <<'END'
NX_IS_SUCCESS=1 NX_IS_FAILURE='' NX_IS_CANCELLED=''
wrong() { [ -z "$NX_CONDITION_ERROR" ] || return 1; NX_CONDITION_ERROR='went wrong'; return 1; }
is_true() { nx_success; }
is_false() { nx_failure || nx_cancelled || nx_never; }
is_always() { ! is_false && nx_always; }
bad() { wrong; }
bad_not() { ! wrong; }
bad_or() { wrong || nx_always; }
bad_and() { wrong && nx_always; }
unseen() { nx_always || wrong; }
holds nx_evaluate is_true
fails 1 nx_evaluate is_false
holds nx_evaluate is_always
for each in bad bad_not bad_or bad_and; do
  fails 2 nx_evaluate "$each"
  is "$NX_CONDITION_ERROR" 'went wrong'
done
holds nx_evaluate unseen
is "$NX_CONDITION_ERROR" ''
with_argument() { nx_equal "$1" 7; }
holds nx_evaluate with_argument 7
END
}

@test "comparisons are of texts, whatever they look like" {
  in_each_bash core/condition.sh <<'END'
for text in '' ' ' a '(' ')' '!' = -n -e '*' '[' $'a\nb' '$(touch hit)'; do
  holds nx_equal "$text" "$text"
  fails 1 nx_equal "$text" "$text "
  fails 1 nx_equal "x" "$text"
  fails 1 nx_true "$text"
done
fails 1 nx_equal 1 1.0
fails 1 nx_equal abc 'a*'
holds nx_true true
fails 1 nx_true True
holds [ ! -e hit ]
END
}

@test "a bash condition: 0 holds, 1 does not, above is an error" {
  in_each_bash core/condition.sh <<'END'
NX_BASH=$shell NX_CONDITION_DIR=$PWD NX_CONDITION_FILE="$PWD/a file" NX_CONDITION_ERROR='' NX_STEP_ENV=()
shell_condition() { nx_shell "$text"; }
verdict() {
  text=$1
  nx_evaluate shell_condition
  is "$?" "$2"
  is "$NX_CONDITION_ERROR" "${3-}"
}
verdict 'true' 0
verdict 'false' 1
verdict '' 0
verdict 'exit 2' 2 'condition exited with 2'
verdict 'nonexistent-command' 2 'condition exited with 127' 2>/dev/null
verdict 'kill -KILL $$' 2 'condition exited with 137' 2>/dev/null
verdict '[ "$(pwd)" = "$EXPECTED" ]' 1
export EXPECTED=$PWD
verdict '[ "$(pwd)" = "$EXPECTED" ]' 0
verdict $'false\ntrue' 0
verdict 'false | true' 0
verdict 'read -r x' 1
verdict 'if then' 2 'condition exited with 2' 2>/dev/null
is "$(text='echo said; echo too >&2'; nx_evaluate shell_condition)" $'said\ntoo'
negated() { ! nx_shell 'exit 3'; }
fails 2 nx_evaluate negated
first_only() { nx_shell 'exit 3' || nx_shell 'touch hit'; }
fails 2 nx_evaluate first_only
is "$NX_CONDITION_ERROR" 'condition exited with 3'
holds [ ! -e hit ]
NX_CONDITION_FILE=/nonexistent/file
fails 2 nx_evaluate shell_condition 2>/dev/null
is "$NX_CONDITION_ERROR" 'cannot write /nonexistent/file'
case $- in *m*) miss 'job control is left on' ;; esac
END
}

@test "changed(): the last commit, the branch, a given base, what is not committed" {
  command -v git >/dev/null || without ' git'
  in_each_bash core/condition.sh <<'END'
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
nx_warn() { warned=$1; }
NX_CONDITION_ERROR='' NX_CONDITION_DIR="$PWD/a repo" warned=''
git_() { git -C "$NX_CONDITION_DIR" -c user.name=n -c user.email=e@x "$@" >/dev/null 2>&1 || miss "git $*"; }
mkdir "$NX_CONDITION_DIR"
holds nx_changed a
is "$warned" 'changed(): no git repository or base here, taken as changed'
warned=''
git_ init -b main
git_ commit --allow-empty -m empty
echo 1 >"$NX_CONDITION_DIR/a" && echo 1 >"$NX_CONDITION_DIR/-b" && echo ignored >"$NX_CONDITION_DIR/.gitignore"
holds nx_changed a
fails 1 nx_changed c
git_ add -A && git_ commit -m one
fails 1 nx_changed a -b
touch "$NX_CONDITION_DIR/ignored" && fails 1 nx_changed ignored
echo 2 >"$NX_CONDITION_DIR/-b"
holds nx_changed -b
fails 1 nx_changed a
holds nx_changed a -b
git_ checkout -b topic && git_ commit -am two
holds nx_changed -b
fails 1 nx_changed a
NIXACTIONS_BASE=HEAD fails 1 nx_changed -b
NIXACTIONS_BASE='main' holds nx_changed -b
NIXACTIONS_BASE=nonsense holds nx_changed a
is "$warned" 'changed(): no git repository or base here, taken as changed'
NX_CONDITION_ERROR=earlier
fails 1 nx_changed -b
END
}
