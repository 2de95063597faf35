load helper

@test "the runs of a workflow are in the order in which they began" {
  in_each_bash core/runs.sh <<'END'
NXA_HOME=$PWD NXA_WORKFLOW=w
run_of() {
  mkdir -p "runs/$1"
}
for name in w-20261127T032612-{1037,975,99,911}-5 w-20261127T032611-2000-1 w-20261127T032613-7-3; do run_of "$name"; done
# Of others, or nobody's.
for name in w-2-20261127T032612-1-5 v-20261127T032612-1-5 w-20261127T032612-9x-5 w-20261127 w-notes; do run_of "$name"; done
nxa_own_runs
is "$NXA_RUNS" " w-20261127T032611-2000-1 w-20261127T032612-99-5 w-20261127T032612-911-5 w-20261127T032612-975-5\
 w-20261127T032612-1037-5 w-20261127T032613-7-3"
NXA_WORKFLOW=none
nxa_own_runs
is "$NXA_RUNS" ''
END
}
