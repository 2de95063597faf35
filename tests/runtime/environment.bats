load helper

# Bodies put this first: got = what a file of the given lines sets, one NAME=value each, quoted.
dotenv='
add() { got="$got$1=$(printf %q "$2");"; }
dotenv() {
  got=""
  printf "%s" "$1" >file.env
  nxa_read_dotenv file.env add
}
sets() {
  holds dotenv "$1"
  is "$got" "$2"
  is "$NXA_ERROR" ""
}
refuses() {
  fails 1 dotenv "$1"
  is "$NXA_ERROR" "file.env:$2: not NAME=value: $3"
}
'

@test "dotenv: plain values" {
  in_each_bash core/environment.sh <<END
$dotenv
$(cat <<'BODY'
sets '' ''
sets $'\n \n\t\n' ''
sets 'A=1' 'A=1;'
sets $'A=1\nB=2\n' 'A=1;B=2;'
sets $'# comment\n  # another\nA=1\n' 'A=1;'
sets $'A=1\r\nB="2"\r\n# c\r\n\r\n' 'A=1;B=2;'
sets $'export A=1\nexport\tB=2\nexport   C=3\n' 'A=1;B=2;C=3;'
sets 'exported=1' 'exported=1;'
sets 'export=1' 'export=1;'
sets $'A=  x  \nB=\ty\t\n' 'A=x;B=y;'
sets 'A=x y  z' 'A=x\ y\ \ z;'
sets 'A=' "A='';"
sets $'  A=1\n\tB=2' 'A=1;B=2;'
sets 'A=b=c==' 'A=b=c==;'
sets $'A=1\nA=2' 'A=1;A=2;'
sets '_a9Z=1' '_a9Z=1;'
BODY
)
END
}

@test "dotenv: comments after values" {
  in_each_bash core/environment.sh <<END
$dotenv
$(cat <<'BODY'
sets 'A=x # y' 'A=x;'
sets $'A=x\t# y' 'A=x;'
sets 'A=x#y' "A=$(printf %q 'x#y');"
sets 'A=#f00' "A=$(printf %q '#f00');"
sets 'A= # nothing' "A='';"
sets $'A=\t#nothing' "A='';"
sets 'A=http://x/#a # b #c' "A=$(printf %q 'http://x/#a');"
sets "A='x # y' # z" "A=$(printf %q 'x # y');"
sets 'A="x # y"# z' "A=$(printf %q 'x # y');"
BODY
)
END
}

@test "dotenv: literal quotes span lines and know no escapes" {
  { echo "$dotenv"; cat; } <<'BODY' | in_each_bash core/environment.sh
sets "A=''" "A='';"
sets "A='  x '" 'A=\ \ x\ ;'
sets "A='\\n\"\$B'" "A=$(printf %q '\n"$B');"
sets $'A=\'one\ntwo\n\nfour\'\nB=2' "A=$(printf %q $'one\ntwo\n\nfour');B=2;"
sets $'A=\'one\r\ntwo\' # c\r\n' "A=$(printf %q $'one\ntwo');"
sets $'A=\'\n# no comment\nB=1\n\'' "A=$(printf %q $'\n# no comment\nB=1\n');"
sets "A=it's" "A=$(printf %q "it's");"
refuses $'X=1\nA=\'one\ntwo\n' 2 "A='one"
refuses "A='x'y" 1 "A='x'y"
BODY
}

@test "dotenv: double quotes know five escapes" {
  in_each_bash core/environment.sh <<END
$dotenv
$(cat <<'BODY'
sets 'A=""' "A='';"
sets 'A="a\nb\tc\"d\\e\$f"' "A=$(printf %q $'a\nb\tc"d\\e$f');"
sets 'A="\\n"' "A=$(printf %q '\n');"
sets 'A="\a\x\!"' "A=$(printf %q '\a\x\!');"
sets 'A="it'\''s"' "A=$(printf %q "it's");"
sets 'A="$B ${C} $(d) `e`"' "A=$(printf %q '$B ${C} $(d) `e`');"
sets 'A=x"y"' "A=$(printf %q 'x"y"');"
refuses 'A="open' 1 'A="open'
refuses 'A="open\"' 1 'A="open\"'
refuses 'A="open\' 1 'A="open\'
refuses 'A="x"y' 1 'A="x"y'
refuses $'A="one\ntwo"' 1 'A="one'
BODY
)
END
}

@test "dotenv: nothing is expanded or run" {
  in_each_bash core/environment.sh <<END
$dotenv
$(cat <<'BODY'
sets 'A=$(touch hit)`touch hit`$HOME;touch hit' "A=$(printf %q '$(touch hit)`touch hit`$HOME;touch hit');"
sets 'A=* ? [a-z] ~ {a,b}' "A=$(printf %q '* ? [a-z] ~ {a,b}');"
sets 'A="$(touch hit)"' "A=$(printf %q '$(touch hit)');"
sets 'A=a\b\\c\n' "A=$(printf %q 'a\b\\c\n');"
sets 'A=%s%n' 'A=%s%n;'
sets 'A=a&b|c>hit<hit' "A=$(printf %q 'a&b|c>hit<hit');"
fails 1 dotenv 'A$(touch hit)=1'
fails 1 dotenv 'a[$(touch hit)]=1'
holds [ ! -e hit ]
BODY
)
END
}

@test "dotenv: a bad line is named by file and line, as it is written" {
  { echo "$dotenv"; cat; } <<'BODY' | in_each_bash core/environment.sh
refuses 'A' 1 'A'
refuses $'A=1\n\n# c\n  B C ' 4 '  B C '
refuses '=x' 1 '=x'
refuses '1A=x' 1 '1A=x'
refuses 'A-B=x' 1 'A-B=x'
refuses 'A B=x' 1 'A B=x'
refuses 'export' 1 'export'
refuses 'É=x' 1 'É=x'
refuses $'A=\'x\ny\'\nbad\r\n' 3 'bad'
fails 1 nxa_read_dotenv nothing/here add
is "$NXA_ERROR" 'cannot read nothing/here'
mkdir directory
fails 1 nxa_read_dotenv directory add
is "$NXA_ERROR" 'cannot read directory'
BODY
}

# Bodies put this first: given = what $JOB_ENV with these bytes gives, one NAME=value each, quoted.
job_env='
job_env() {
  local i
  NXA_GIVEN_NAME=() NXA_GIVEN_VALUE=() given=""
  printf "%s" "$1" >job.env
  nxa_read_job_env job.env || return
  for ((i = 0; i < ${#NXA_GIVEN_NAME[@]}; i++)); do
    given="$given${NXA_GIVEN_NAME[i]}=$(printf %q "${NXA_GIVEN_VALUE[i]}");"
  done
}
gives() {
  holds job_env "$1"
  is "$given" "$2"
}
refuses() {
  fails 1 job_env "$1"
  is "$NXA_ERROR" "$2"
  is "${#NXA_GIVEN_NAME[@]}" 0
}
'

@test "JOB_ENV: lines" {
  in_each_bash core/environment.sh <<END
$job_env
$(cat <<'BODY'
gives '' ''
gives $'\n \n\t\n' ''
gives 'A=1' 'A=1;'
gives $'A=1\nB=two words\n' 'A=1;B=two\ words;'
gives 'A=' "A='';"
gives $'A=  x \t' "A=$(printf %q $'  x \t');"
gives 'A="x"' "A=$(printf %q '"x"');"
gives "A='x' # y" "A=$(printf %q "'x' # y");"
gives $'A=a\\nb\\' "A=$(printf %q 'a\nb\');"
gives 'A=b=c' 'A=b=c;'
gives 'A=x<<END' "A=$(printf %q 'x<<END');"
gives $'A=1\nA=2' 'A=1;A=2;'
gives 'A=$(touch hit)`touch hit`${HOME}*' "A=$(printf %q '$(touch hit)`touch hit`${HOME}*');"
holds [ ! -e hit ]
BODY
)
END
}

@test "JOB_ENV: values of several lines" {
  in_each_bash core/environment.sh <<END
$job_env
$(cat <<'BODY'
gives $'A<<END\none\n\n two \nEND\nB=1' "A=$(printf %q $'one\n\n two ');B=1;"
gives $'A<<END\nEND\n' "A='';"
gives $'A<<END\n\nEND' "A='';"
gives $'A<<END\n\n\nEND' "A=$(printf %q $'\n');"
gives $'A<<a b=c $(touch hit)\nx\na b=c $(touch hit)\n' 'A=x;'
gives $'A<<*\nx\ny\n*\n' "A=$(printf %q $'x\ny');"
gives $'A<<END\nEND \n END\nENDE\nEND\n' "A=$(printf %q $'END \n END\nENDE');"
gives $'A<<E<<F\nx\nE<<F' 'A=x;'
gives $'A<<END\n$(touch hit)\\\nEND' "A=$(printf %q '$(touch hit)\');"
refuses $'A<<END\nx\n' 'bad line in $JOB_ENV: A<<END (no line END follows)'
refuses $'B=1\nA<<\nx\n' 'bad line in $JOB_ENV: A<<'
refuses $'A B<<END\nx\nEND' 'bad line in $JOB_ENV: A B<<END'
holds [ ! -e hit ]
BODY
)
END
}

@test "JOB_ENV: all or nothing, and the bad line is shown" {
  in_each_bash core/environment.sh <<END
$job_env
$(cat <<'BODY'
refuses $'A=1\nexport B=2\n' 'bad line in $JOB_ENV: export B=2'
refuses 'A' 'bad line in $JOB_ENV: A'
refuses '=x' 'bad line in $JOB_ENV: =x'
refuses ' A=1' 'bad line in $JOB_ENV:  A=1'
refuses '9A=1' 'bad line in $JOB_ENV: 9A=1'
refuses 'A-B=1' 'bad line in $JOB_ENV: A-B=1'
refuses '# comment' 'bad line in $JOB_ENV: # comment'
refuses 'a[$(touch hit)]=1' 'bad line in $JOB_ENV: a[$(touch hit)]=1'
for name in WORKFLOW_NAME WORKFLOW_ID JOB_NAME JOB_DIR JOB_ENV STEP_NAME ATTEMPT NIXACTIONS; do
  refuses $'A=1\n'$name=x "\$JOB_ENV may not set $name: it is always set by the runner"
  refuses $name$'<<E\nx\nE\n' "\$JOB_ENV may not set $name: it is always set by the runner"
done
holds [ ! -e hit ]
# What was given before stays.
printf 'A=1\n' >first && printf 'bad\n' >second && printf 'B=2\n' >third
holds nxa_read_job_env first
fails 1 nxa_read_job_env second
holds nxa_read_job_env third
is "${NXA_GIVEN_NAME[*]}" 'A B'
BODY
)
END
}

@test "JOB_ENV: bytes that are no UTF-8 end no line too few, in any locale" {
  in_each_bash core/environment.sh <<END
$job_env
$(cat <<'BODY'
for LC_ALL in C C.UTF-8; do
  holds job_env $'A=\303\nB=\342\202\nC=\360\237\230\nD=ok\n'
  is "${NXA_GIVEN_NAME[*]}" 'A B C D'
  is "${NXA_GIVEN_VALUE[0]}" $'\303'
  is "${NXA_GIVEN_VALUE[3]}" ok
done
BODY
)
END
}

@test "levels: what the caller gave wins, and a later value of a step" {
  in_each_bash core/environment.sh <<'END'
OWN=caller
nxa_override GIVEN 'by --env'
nxa_override EMPTY ''
nxa_export GIVEN workflow
nxa_export EMPTY workflow
nxa_export OWN workflow
nxa_export GIV prefix
nxa_unset GIVEN
is "$GIVEN|$EMPTY|$OWN|$GIV" 'by --env||workflow|prefix'
nxa_unset OWN
is "${OWN-unset}" unset
NXA_GIVEN_NAME=(A A GIVEN) NXA_GIVEN_VALUE=(1 $'2\n "$(touch hit)"' 3)
nxa_export_given
is "$A|$GIVEN" $'2\n "$(touch hit)"|by --env'
is "$(env | grep -c '^A=2')" 1
END
}

@test "variables that are named like ours reach the user's command, not the runtime" {
  in_each_bash core/environment.sh <<'END'
NXA_HOME=ours
nxa_export NXA_HOME theirs
nxa_export nxa_line 'two words'
nxa_export NXA_TWICE first
nxa_export NXA_TWICE second
nxa_export NXA_GONE x
nxa_unset NXA_GONE
nxa_override NXA_GIVEN_NAME given
nxa_export NXA_GIVEN_NAME workflow
is "$NXA_HOME|${nxa_line-unset}" 'ours|unset'
nxa_become env >seen &
wait "$!"
is "$(grep -E '^(NXA_|nxa_)' seen | sort)" $'NXA_GIVEN_NAME=given\nNXA_HOME=theirs\nNXA_TWICE=second\nnxa_line=two words'
END
}

@test "variables that the shell lives by are for the steps only" {
  in_each_bash core/environment.sh <<'END'
nxa_export IFS ,
nxa_override POSIXLY_CORRECT 1
nxa_export TMOUT 1
nxa_export GLOBIGNORE '*'
nxa_export CDPATH /
nxa_export FUNCNEST 1
nxa_unset TMOUT
set -- 'a,b c'
# shellcheck disable=SC2086
set -- $1
is "$#|$(shopt -o posix)|$(echo *)" "2|$(set +o posix; shopt -o posix)|*"
nxa_become env >seen &
wait "$!"
is "$(grep -E '^(IFS|POSIXLY_CORRECT|TMOUT|GLOBIGNORE|CDPATH|FUNCNEST)=' seen | sort)" $'CDPATH=/\nFUNCNEST=1\nGLOBIGNORE=*\nIFS=,\nPOSIXLY_CORRECT=1'
END
}

@test "names and blanks" {
  in_each_bash core/environment.sh <<'END'
trim() { nxa_trim "$1" && is "$NXA_TRIMMED" "$2"; }
trim '' ''
trim $' \t ' ''
trim $'\ta b \t' 'a b'
trim 'a' 'a'
trim '* ' '*'
trim $'a\n ' $'a\n'
for name in a _ A1 _9; do holds nxa_is_name "$name"; done
for name in '' 1 1a a-b 'a b' 'a=' é $'a\n' '*' 'a[0]'; do fails 1 nxa_is_name "$name"; done
holds nxa_reserved JOB_ENV
holds nxa_reserved UID
fails 1 nxa_reserved CI
fails 1 nxa_reserved 'JOB_*'
END
}

@test "long values are read and handed on" {
  in_each_bash core/environment.sh core/providers.sh <<'END'
long=$(head -c 300000 /dev/zero | tr '\0' x)
{
  printf 'PLAIN=%s\n' "$long"
  printf "SINGLE='%s'\n" "$long"
  printf 'DOUBLE="%s"\n' "$long"
} >given.env
lines='' count=0
take() {
  is "$2" "$long"
  count=$((count + 1)) lines="$lines$1=$2$NXA_NEWLINE"
}
holds nxa_read_dotenv given.env take
is "$count" 3
nxa_export_lines "$lines"
for name in PLAIN SINGLE DOUBLE; do is "${!name}" "$long"; done
END
}
