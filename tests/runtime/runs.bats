load helper

@test "the runs of a workflow are in the order in which they began" {
  in_each_bash core/runs.sh <<'END'
NXA_HOME=$PWD NXA_WORKFLOW=w
mkdir runs
mkdir runs/w-20261127T032612-{1037,975,99,911}-5 runs/w-20261127T032611-2000-1 runs/w-20261127T032613-7-3
# Of others, or nobody's.
mkdir runs/{w-2-20261127T032612-1-5,v-20261127T032612-1-5,w-20261127T032612-9x-5,w-20261127,w-notes}
nxa_own_runs
is "$NXA_RUNS" " w-20261127T032611-2000-1 w-20261127T032612-99-5 w-20261127T032612-911-5 w-20261127T032612-975-5\
 w-20261127T032612-1037-5 w-20261127T032613-7-3"
NXA_WORKFLOW=none
nxa_own_runs
is "$NXA_RUNS" ''
END
}

@test "runs of one second are in their order when the processes' numbers begin anew between them" {
  in_each_bash core/runs.sh <<'END'
NXA_HOME=$PWD NXA_WORKFLOW=w
for name in w-20261127T032612-32762-5 w-20261127T032612-338-4 w-20261127T032612-339-3; do
  mkdir -p "runs/$name"
  : >"runs/$name/owner"
  # bash 3 tells ages in seconds.
  sleep 1.1
done
nxa_own_runs
is "$NXA_RUNS" ' w-20261127T032612-32762-5 w-20261127T032612-338-4 w-20261127T032612-339-3'
END
}
