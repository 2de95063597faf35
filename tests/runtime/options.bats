load helper

# Bodies put this first: a workflow of five jobs, a matrix among them, and inputs of all types.
workflow='
NXA_WORKFLOW=ci NXA_MAX_PARALLEL="" NXA_FAIL_FAST="" NXA_LOG_FORMAT=""
NXA_JOB_NAME=(lint test-db-a test-db-b build deploy)
NXA_JOB_GROUP=("" 0 0 "" "") NXA_GROUP_NAME=(test)
NXA_JOB_NEEDS=("" 0 0 0 "1,2 3")
NXA_INPUT_NAME=(target count dry-run note) NXA_INPUT_TYPE=(choice number boolean string)
NXA_INPUT_VARIABLE=(INPUT_TARGET INPUT_COUNT INPUT_DRY_RUN INPUT_NOTE)
NXA_INPUT_DEFAULT=(staging "" "" "a note") NXA_INPUT_REQUIRED=()
NXA_INPUT_OPTIONS=("staging${NXA_SEPARATOR}production${NXA_SEPARATOR}*${NXA_SEPARATOR}a b")
settle() {
  nxa_parse_options "$@"
  nxa_settle_options
}
selected() {
  local i names=""
  settle "$@"
  for ((i = 0; i < ${#NXA_JOB_NAME[@]}; i++)); do
    [ -z "${NXA_SELECTED[i]-}" ] || names="$names ${NXA_JOB_NAME[i]}${NXA_SKIP[i]:+!}"
  done
  echo "$names"
}
refuses() {
  local message=$1
  shift
  try settle "$@"
  is "$said" "${0##*/}: error: $message"
  is "$status" 2
}
'

@test "options by name, by letter, attached and apart" {
  in_each_bash core/options.sh <<END
$workflow
$(cat <<'BODY'
settle
is "$NXA_COMMAND|$NXA_JOBS|$NXA_FORMAT|$NXA_KEEP_WORKSPACE|$NXA_FAIL_FAST" 'run||structured||'
for words in '--jobs 4' '--jobs=4' '-j 4' '-j4'; do
  settle $words
  is "$NXA_JOBS" 4
done
settle -l && is "$NXA_COMMAND" list
settle --dry-run && is "$NXA_COMMAND" dry_run
settle -n && is "$NXA_COMMAND" dry_run
settle --fail-fast --keep-workspace --no-color && is "$NXA_FAIL_FAST$NXA_KEEP_WORKSPACE" 11
settle --env=A=b=c -e B= -e'C= x ' && is "$A|$B|$C" 'b=c|| x '
settle -- lint && is "${NXA_TARGETS[*]}" lint
nxa_parse_options --version -h && is "$NXA_COMMAND" help
NIXACTIONS_KEEP_WORKSPACE=0
settle && is "$NXA_KEEP_WORKSPACE" ''
NIXACTIONS_KEEP_WORKSPACE=1
settle && is "$NXA_KEEP_WORKSPACE" 1
BODY
)
END
}

@test "what is refused, with the nearest known option" {
  in_each_bash core/options.sh <<END
$workflow
$(cat <<'BODY'
refuses $'unknown option --jbos\n  help: did you mean --jobs?' --jbos 4
refuses $'unknown option --directry\n  help: did you mean --directory?' --directry=x
refuses 'unknown option --something' --something
refuses 'unknown option -x' -x
refuses 'unknown option -' -
refuses '--jobs wants a value' --jobs
refuses '--list takes no value' --list=x
refuses '--env wants a value' lint --env
for number in 0 00 08 -1 +1 1.5 x '' ' 1' 1e3 0x10 12345678 '$(touch hit)'; do
  refuses "--jobs wants a number from 1, not '$number'" --jobs "$number"
done
holds [ ! -e hit ]
BODY
)
END
}

@test "formats" {
  { echo "$workflow"; cat; } <<'BODY' | in_each_bash core/options.sh
for format in structured json simple; do settle --log-format $format && is "$NXA_FORMAT" $format; done
settle --log-format auto && is "$NXA_FORMAT" structured
refuses $'--log-format: unknown format \'jsno\'\n  help: did you mean json?' --log-format jsno
refuses "--log-format: unknown format '*'" --log-format '*'
NIXACTIONS_LOG_FORMAT=simple
settle && is "$NXA_FORMAT" simple
settle --log-format json && is "$NXA_FORMAT" json
NIXACTIONS_LOG_FORMAT=loud
refuses "NIXACTIONS_LOG_FORMAT: unknown format 'loud'"
NIXACTIONS_LOG_FORMAT='' NXA_LOG_FORMAT=json
settle && is "$NXA_FORMAT" json
BODY
}

@test "jobs: with what they need, a matrix as a whole or by one of its jobs" {
  { echo "$workflow"; cat; } <<'BODY' | in_each_bash core/options.sh
is "$(selected)" ' lint test-db-a test-db-b build deploy'
is "$(selected lint)" ' lint'
is "$(selected test)" ' lint test-db-a test-db-b'
is "$(selected test-db-b)" ' lint test-db-b'
is "$(selected deploy)" ' lint test-db-a test-db-b build deploy'
is "$(selected build test-db-a)" ' lint test-db-a build'
is "$(selected --skip test)" ' lint test-db-a! test-db-b! build deploy'
is "$(selected build --skip lint)" ' lint! build'
refuses $'unknown job \'biuld\'\n  help: did you mean build?' biuld
refuses $'unknown job \'tset\'\n  help: did you mean test?' --skip tset
refuses "unknown job 'something'" lint something
refuses "unknown job ''" ''
refuses "unknown job '*'" '*'
refuses $'unknown job \'dploy\'\n  help: did you mean deploy?' -- dploy
BODY
}

@test "inputs: their types refuse values" {
  { echo "$workflow"; cat; } <<'BODY' | in_each_bash core/options.sh
settle
is "$INPUT_TARGET|$INPUT_COUNT|$INPUT_DRY_RUN|$INPUT_NOTE" 'staging|||a note'
is "$(env | grep -c '^INPUT_')" 4
settle -i target=production -i count=-1.5 --input dry-run=true --input=note=$'x=y\n"$(touch hit)"'
is "$INPUT_TARGET|$INPUT_COUNT|$INPUT_DRY_RUN|$INPUT_NOTE" $'production|-1.5|true|x=y\n"$(touch hit)"'
settle -i target=staging -i 'target=a b' && is "$INPUT_TARGET" 'a b'
touch matched
settle -i 'target=*' && is "$INPUT_TARGET" '*'
refuses "input target: 'matched' is none of staging, production, *, a b" -i target=matched
refuses "input target: '' is none of staging, production, *, a b" -i target=
for number in '' x 1x 1.2.3 . - -- 1e3 ' 1' 0x1; do
  refuses "input count: '$number' is no number" -i "count=$number"
done
for number in 0 -0 7 007 .5 5. -3.25; do settle -i "count=$number" && is "$INPUT_COUNT" "$number"; done
refuses "input dry-run: 'yes' is neither true nor false" -i dry-run=yes
refuses "input dry-run: '' is neither true nor false" -i dry-run=
refuses "--input wants NAME=VALUE, not 'target'" -i target
refuses $'unknown input \'tagret\'\n  help: did you mean target?' -i tagret=x
refuses "unknown input ''" -i =x
holds [ ! -e hit ]
BODY
}

@test "variables: files first, then --env, refusals by name" {
  in_each_bash core/options.sh <<END
$workflow
$(cat <<'BODY'
printf 'A=file\nB="two\\nlines"\n' >one.env
printf 'A=second\nC=$(touch hit)\n' >two.env
printf 'A=1\noops\n' >bad.env
settle -e A=given --env-file one.env --env-file=two.env
is "$A|$B|$C" $'given|two\nlines|$(touch hit)'
is "$(env | grep -c '^A=given$')" 1
refuses '--env-file: bad.env:2: not NAME=value: oops' --env-file bad.env
refuses '--env-file: cannot read none.env' --env-file none.env
refuses "--env wants NAME=VALUE, not 'A'" -e A
refuses "--env: '' cannot name a variable" -e =x
refuses "--env: '1A' cannot name a variable" -e 1A=x
refuses "--env: 'A B' cannot name a variable" -e 'A B=x'
refuses 'JOB_NAME is always set by the runner and cannot be given' -e JOB_NAME=x
printf 'STEP_NAME=x\n' >reserved.env
refuses 'STEP_NAME is always set by the runner and cannot be given' --env-file reserved.env
holds [ ! -e hit ]
BODY
)
END
}

@test "variables that the shell itself lives by cannot disturb the runtime" {
  in_each_bash core/options.sh <<END
$workflow
$(cat <<'BODY'
is "$(selected -e IFS=ab,e -e A=1 deploy)" ' lint test-db-a test-db-b build deploy'
is "$(settle -e IFS=, -e JOB_NAME=x 2>&1)" "${0##*/}: error: JOB_NAME is always set by the runner and cannot be given"
try settle -e UID=5 -e A=1
is "$status|$said" '2|'"${0##*/}: error: UID is always set by the runner and cannot be given"
BODY
)
END
}

@test "the repository: any directory, also one whose name ends in a line break" {
  in_each_bash core/options.sh <<END
$workflow
$(cat <<'BODY'
settle && is "$NXA_REPOSITORY" "$PWD"
for name in plain 'two words' -dash $'line\nbreak' $'end\n' '$(touch hit)' '*'; do
  mkdir -p -- "./$name"
  settle -C "$name" && is "$NXA_REPOSITORY" "$PWD/$name"
done
cd -- ./-dash && settle && is "$NXA_REPOSITORY" "$PWD"
cd ..
refuses 'cannot enter directory nowhere' -C nowhere
refuses '-C wants a value' -C ''
BODY
)
END
}

@test "the nearest word" {
  in_each_bash core/options.sh <<'END'
nearest() { nxa_nearest "$1" "$2" && is "$NXA_NEAREST" "$3"; }
nearest test 'lint test' test
nearest tets 'lint test' test
nearest xyz 'lint test' ''
nearest ab 'cd' ''
nearest '' 'a bc' ''
nearest a '' ''
nearest unit-tests 'unit-test unit-tests2' unit-test
nearest --keep '--help --keep-workspace' --keep-workspace
nearest ab 'abcdefgh' ''
nearest environmnet 'environment' environment
nearest 'a*' 'ab*' 'ab*'
distance() { nxa_distance "$1" "$2" && is "$NXA_DISTANCE" "$3"; }
distance '' '' 0
distance abc '' 3
distance '' abc 3
distance kitten sitting 3
distance abc abc 0
distance ab ba 2
END
}
