load helper

# Bodies put this first: two jobs of a matrix and a third, on an executor that keeps its jobs in directories.
jobs='
NIXACTIONS_ARTIFACTS_DIR=$PWD/kept NXA_RUN_TMP=$PWD/tmp NXA_WORKSPACE=$PWD/work NXA_KIND=local NXA_EXECUTOR=0 NXA_CALLER_UMASK=022 NXA_TOKEN=@ NXA_MARK=@
NXA_EXECUTOR_NAME=(local) NXA_JOB_NAME=(m-a m-b one reader) NXA_JOB_GROUP=(0 0 "" "") NXA_RESULT=(success success success)
mkdir -p tmp kept work/local/jobs/m-a work/local/jobs/m-b work/local/jobs/one work/local/jobs/reader
# saves JOB NAME PATH DIR: what it tells.
saves() {
  NXA_JOB=$1 NXA_OUTPUT_NAME=("$2") NXA_OUTPUT_PATH=("$3") NXA_OUTPUT_DIR=("$4")
  (nxa_save_outputs) | tr "$NXA_SEPARATOR" "|"
}
# reads NAME PATH EACH OPTIONAL FROM
reads() {
  NXA_JOB=3 NXA_RESTORE_NAME=("$1") NXA_RESTORE_PATH=("$2") NXA_RESTORE_EACH=("$3") NXA_RESTORE_OPTIONAL=("$4") NXA_RESTORE_FROM=("$5")
  rm -rf work/local/jobs/reader && mkdir work/local/jobs/reader
  NXA_ERROR=""
  nxa_restore_inputs >restored
}
found() { (cd work/local/jobs/reader && find . ! -type d | LC_ALL=C sort | tr "\n" " "); }
'

@test "what a job made is kept, and read by another with modes, links and names" {
  in_each_userland core/artifact.sh executors/local.sh <<END
$jobs
$(cat <<'BODY'
mkdir -p 'work/local/jobs/one/out put/sub' && cd 'work/local/jobs/one/out put' || exit
echo 1 >sub/-dash && echo 2 >$'line\nbreak' && chmod 755 sub/-dash && ln -s sub/-dash link && ln -s /nowhere dangling
cd ../../../../..
is "$(saves 2 $'odd \\ name' 'out put/' one-1)" '@artifact_saved|odd \\ name'
holds reads x '' '' '' '2:one-1'
is "$(found | wc -w | tr -d ' ')" 9
is "$(cat work/local/jobs/reader/out\ put/line$'\n'break)" 2
holds [ -x 'work/local/jobs/reader/out put/sub/-dash' ]
is "$(readlink 'work/local/jobs/reader/out put/dangling')" /nowhere
is "$(cat restored)" "@artifact_restored${NXA_SEPARATOR}x"
holds reads x 'be low/' '' '' '2:one-1'
is "$(cat 'work/local/jobs/reader/be low/out put/link')" 1
holds reads x below 1 '' '2:one-1'
holds [ -f 'work/local/jobs/reader/below/one/out put/sub/-dash' ]
BODY
)
END
}

@test "nothing at the path, or a path that leads out: nothing is kept" {
  in_each_bash core/artifact.sh executors/local.sh <<END
$jobs
$(cat <<'BODY'
is "$(saves 2 x 'none/*' one-1)" '@output_missing|x (nothing at none/*)'
ln -s /etc work/local/jobs/one/etc
is "$(saves 2 x etc/hosts one-1)" "@warning|./etc/hosts leads out of the job's directory"$'\n''@output_failed|x'
is "$(ls -A kept)" ''
BODY
)
END
}

@test "an input that was not made, and what is excused" {
  in_each_bash core/artifact.sh executors/local.sh <<END
$jobs
$(cat <<'BODY'
NXA_RESULT=(success skipped failure)
fails 1 reads x '' '' '' '2:one-1'
is "$NXA_ERROR" 'input artifact x was not made: job one ended with failure'
holds reads x '' '' 1 '2:one-1'
mkdir kept/a && echo a >kept/a/file
holds reads x '' '' '' '0:a 1:b'
is "$(found)" './file '
NXA_RESULT=(skipped skipped)
rm -rf kept/a
fails 1 reads x '' '' '' '0:a 1:b'
is "$NXA_ERROR" 'input artifact x was not made: all its jobs were skipped'
holds reads x '' '' 1 '0:a 1:b'
NXA_RESULT=(success failure)
mkdir kept/a
fails 1 reads x '' '' '' '0:a 1:b'
is "$NXA_ERROR" 'input artifact x was not made: job m-b ended with failure'
BODY
)
END
}

@test "two of a matrix that differ at one path fail the reading job" {
  in_each_userland core/artifact.sh executors/local.sh <<END
$jobs
$(cat <<'BODY'
mkdir -p kept/a/d kept/b/d && echo same | tee kept/a/same >kept/b/same && echo 1 >kept/a/d/only-a && echo 2 >kept/b/only-b
ln -s target kept/a/link && ln -s target kept/b/link
holds reads x '' '' '' '0:a 1:b'
is "$(found)" './d/only-a ./link ./only-b ./same '
echo other >kept/b/same
fails 1 reads x '' '' '' '0:a 1:b'
is "$NXA_ERROR" 'input artifact x: two jobs made a different same; each = true keeps them apart'
holds reads x '' 1 '' '0:a 1:b'
is "$(cat work/local/jobs/reader/m-a/same work/local/jobs/reader/m-b/same)" $'same\nother'
cp kept/a/same kept/b/same && rm kept/b/link && ln -s elsewhere kept/b/link
fails 1 reads x '' '' '' '0:a 1:b'
has "$NXA_ERROR" 'a different link'
rm kept/b/link && echo target >kept/b/link
fails 1 reads x '' '' '' '0:a 1:b'
rm kept/b/link && ln -s target kept/b/link
echo 1 >'kept/a/-n $(touch hit)' && echo 2 >'kept/b/-n $(touch hit)'
fails 1 reads x '' '' '' '0:a 1:b'
has "$NXA_ERROR" 'a different -n $(touch hit)'
holds [ ! -e hit ]
BODY
)
END
}
