load helper

@test "operators of conditions, and errors that no operator hides" {
  in_each_bash core/condition.sh <<'END'
NXA_IS_SUCCESS=1 NXA_IS_FAILURE='' NXA_IS_CANCELLED=''
wrong() { [ -z "$NXA_CONDITION_ERROR" ] || return 1; NXA_CONDITION_ERROR='went wrong'; return 1; }
is_true() { nxa_success; }
is_false() { nxa_failure || nxa_cancelled; }
is_always() { ! is_false && nxa_always; }
bad() { wrong; }
bad_not() { ! wrong; }
bad_or() { wrong || nxa_always; }
bad_and() { wrong && nxa_always; }
unseen() { nxa_always || wrong; }
holds nxa_evaluate is_true
fails 1 nxa_evaluate is_false
holds nxa_evaluate is_always
for each in bad bad_not bad_or bad_and; do
  fails 2 nxa_evaluate "$each"
  is "$NXA_CONDITION_ERROR" 'went wrong'
done
holds nxa_evaluate unseen
is "$NXA_CONDITION_ERROR" ''
with_argument() { nxa_equal "$1" 7; }
holds nxa_evaluate with_argument 7
END
}

@test "comparisons are of texts, whatever they look like" {
  in_each_bash core/condition.sh <<'END'
for text in '' ' ' a '(' ')' '!' = -n -e '*' '[' $'a\nb' '$(touch hit)'; do
  holds nxa_equal "$text" "$text"
  fails 1 nxa_equal "$text" "$text "
  fails 1 nxa_equal "x" "$text"
  fails 1 nxa_true "$text"
done
fails 1 nxa_equal 1 1.0
fails 1 nxa_equal abc 'a*'
holds nxa_true true
fails 1 nxa_true True
holds [ ! -e hit ]
END
}

@test "a bash condition: 0 holds, 1 does not, above is an error" {
  in_each_bash core/condition.sh <<'END'
NXA_BASH=$shell NXA_CONDITION_DIR=$PWD NXA_CONDITION_FILE="$PWD/a file" NXA_CONDITION_ERROR='' NXA_STEP_ENV=()
shell_condition() { nxa_shell "$text"; }
verdict() {
  text=$1
  nxa_evaluate shell_condition
  is "$?" "$2"
  is "$NXA_CONDITION_ERROR" "${3-}"
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
is "$(text='echo said; echo too >&2'; nxa_evaluate shell_condition)" $'said\ntoo'
negated() { ! nxa_shell 'exit 3'; }
fails 2 nxa_evaluate negated
first_only() { nxa_shell 'exit 3' || nxa_shell 'touch hit'; }
fails 2 nxa_evaluate first_only
is "$NXA_CONDITION_ERROR" 'condition exited with 3'
holds [ ! -e hit ]
NXA_CONDITION_FILE=/nonexistent/file
fails 2 nxa_evaluate shell_condition 2>/dev/null
is "$NXA_CONDITION_ERROR" 'cannot write /nonexistent/file'
case $- in *m*) miss 'job control is left on' ;; esac
END
}

@test "changed(): the last commit, the branch, a given base, what is not committed" {
  command -v git >/dev/null || without ' git'
  in_each_bash core/condition.sh <<'END'
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
nxa_warn() { warned=$1; }
NXA_CONDITION_ERROR='' NXA_CONDITION_DIR="$PWD/a repo" warned=''
git_() { git -C "$NXA_CONDITION_DIR" -c user.name=n -c user.email=e@x "$@" >/dev/null 2>&1 || miss "git $*"; }
mkdir "$NXA_CONDITION_DIR"
holds nxa_changed a
is "$warned" 'changed(): no git repository or base here, taken as changed'
warned=''
git_ init -b main
git_ commit --allow-empty -m empty
echo 1 >"$NXA_CONDITION_DIR/a" && echo 1 >"$NXA_CONDITION_DIR/-b" && echo ignored >"$NXA_CONDITION_DIR/.gitignore"
holds nxa_changed a
fails 1 nxa_changed c
git_ add -A && git_ commit -m one
fails 1 nxa_changed a -b
touch "$NXA_CONDITION_DIR/ignored" && fails 1 nxa_changed ignored
echo 2 >"$NXA_CONDITION_DIR/-b"
holds nxa_changed -b
fails 1 nxa_changed a
holds nxa_changed a -b
git_ checkout -b topic && git_ commit -am two
holds nxa_changed -b
fails 1 nxa_changed a
NIXACTIONS_BASE=HEAD fails 1 nxa_changed -b
NIXACTIONS_BASE='main' holds nxa_changed -b
NIXACTIONS_BASE=nonsense holds nxa_changed a
is "$warned" 'changed(): no git repository or base here, taken as changed'
NXA_CONDITION_ERROR=earlier
fails 1 nxa_changed -b
END
}
