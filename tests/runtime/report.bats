load helper

@test "a report's file is the caller's, and its kind is known" {
  in_each_bash core/report.sh <<'END'
NXA_REPORT_KIND=() NXA_REPORT_FILE=()
cd /
nxa_report_option junit=a
nxa_report_option html=/x/b=c
cd /tmp
nxa_report_option 'json=d e/-f'
is "${NXA_REPORT_KIND[*]}" 'junit html json'
is "${NXA_REPORT_FILE[0]}|${NXA_REPORT_FILE[1]}|${NXA_REPORT_FILE[2]}" '/a|/x/b=c|/tmp/d e/-f'
for wrong in junit junit= =a json=- 'junit json=a' xml=a; do
  (nxa_report_option "$wrong") 2>said && miss "taken: $wrong"
  is "$?" 2
done
END
}

@test "the plan has the selected jobs with what they need of them" {
  in_each_bash core/report.sh <<'END'
NXA_RUN_DIR=.
NXA_SOURCE='a "b".nxa'
NXA_JOB_NAME=(one two-a two-b three four)
NXA_JOB_NEEDS=('' 0 0 '0 1,2' 4)
NXA_SELECTED=(1 '' 1 1)
nxa_report_plan
is "$(cat plan)" 'source a \"b\".nxa
job one
job two-b one
job three one two-b'
END
}

@test "only plain files are replaced; a report that failed leaves what was there" {
  in_each_bash core/report.sh <<'END'
NXA_CALLER_UMASK=022
mkfifo pipe
ln -s target link
nxa_report() { printf 'new'; [ "$1" = good ]; }
echo old >file
(nxa_report_write bad "$PWD/file") && miss 'a failure was passed over'
is "$(cat file)" old
(nxa_report_write good "$PWD/file") || miss 'not written'
(nxa_report_write good "$PWD/link") || miss 'not written'
is "$(cat file target)" newnew
[ -h link ] || miss 'the link is gone'
cat pipe >got &
(nxa_report_write good "$PWD/pipe") || miss 'not written'
wait
is "$(cat got)" new
is "$(ls -A | grep -c '^\.')" 0
END
}
