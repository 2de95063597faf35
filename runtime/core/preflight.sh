# Usage: nxa_preflight; ends the script with status 3 where something is missing
# Requires: core/resume.sh
# What would stop the run later is found and told together, before any job.
# shellcheck shell=bash

nxa_preflight() {
  NXA_PROBLEMS=''
  nxa_preflight_workspace
  nxa_resume_find
  [ -z "${NXA_PROVIDER_KIND-}" ] || nxa_preflight_providers
  nxa_preflight_tools
  nxa_preflight_inputs
  nxa_preflight_reports
  [ -n "$NXA_PROBLEMS" ] || return 0
  [ -z "${NXA_RUN_DIR-}" ] || nxa_preflight_undo
  nxa_preflight_fails
}

nxa_preflight_fails() {
  printf '%s: error: the run cannot start\n%s' "${0##*/}" "$NXA_PROBLEMS" >&2
  exit 3
}

# nxa_preflight_places: no more than where runs are kept.
nxa_preflight_places() {
  NXA_PROBLEMS=''
  nxa_preflight_workspace
  [ -z "$NXA_PROBLEMS" ] || nxa_preflight_fails
}

# nxa_preflight_providers: the workflow's providers run now, for what they give decides what is missing. Without their tools
# they are left alone.
nxa_preflight_providers() {
  local nxa_tool
  nxa_provide_start
  [ -z "$NXA_PROBLEMS" ] && [ -n "$NXA_RUN_PROVIDERS" ] || return 0
  for ((nxa_tool = 0; nxa_tool < ${#NXA_TOOL_COMMAND[@]}; nxa_tool++)); do
    [ -n "${NXA_TOOL_JOBS[nxa_tool]}" ] || command -v "${NXA_TOOL_COMMAND[nxa_tool]}" >/dev/null 2>&1 || return 0
  done
  nxa_make_run
  nxa_provide_run
  [ -n "$NXA_HALTED" ] || return 0
  nxa_preflight_undo
  printf '%s: error: stopped before any job\n' "${0##*/}" >&2
  exit "$NXA_HALTED"
}

# nxa_preflight_undo: of a run that does not start nothing is kept.
nxa_preflight_undo() {
  if [ -n "$NXA_SECRETS$NXA_RUN_PROVIDERS" ]; then
    nxa_hide "$NXA_PROBLEMS"
    NXA_PROBLEMS=$NXA_HIDDEN
  fi
  nxa_remove "$NXA_WORKSPACE"
  nxa_remove "$NXA_RUN_DIR"
}

# nxa_problem TEXT
nxa_problem() {
  NXA_PROBLEMS="$NXA_PROBLEMS  - $1$NXA_NEWLINE"
}

# nxa_preflight_tools: commands that local executors' actions need, and our own.
nxa_preflight_tools() {
  local nxa_i nxa_tool
  for nxa_tool in mkdir mkfifo rm sleep tar chmod; do
    command -v "$nxa_tool" >/dev/null 2>&1 || nxa_problem "command not found: $nxa_tool (the script itself needs it)"
  done
  [ -z "${NXA_KEYED_JOBS-}" ] || nxa_preflight_hashes
  for ((nxa_i = 0; nxa_i < ${#NXA_DEP_COMMAND[@]}; nxa_i++)); do
    command -v "${NXA_DEP_COMMAND[nxa_i]}" >/dev/null 2>&1 && continue
    case ${NXA_DEP_COMMAND[nxa_i]} in
    python3) command -v python >/dev/null 2>&1 && continue ;;
    esac
    nxa_dep_wanted_here "${NXA_DEP_JOBS[nxa_i]}" || continue
    nxa_problem "command not found: ${NXA_DEP_COMMAND[nxa_i]} (${NXA_DEP_WANTED[nxa_i]})"
  done
  [ -z "${NXA_PROVIDER_KIND-}" ] || nxa_preflight_provider_tools
  nxa_preflight_executors
}

# nxa_preflight_executors: for executors that a job wants: nxa_KIND_preflight prints what is missing here.
nxa_preflight_executors() {
  local nxa_i nxa_job nxa_jobs nxa_lacks
  for ((nxa_i = 0; nxa_i < ${#NXA_EXECUTOR_NAME[@]}; nxa_i++)); do
    declare -F "nxa_${NXA_EXECUTOR_KIND[nxa_i]}_preflight" >/dev/null || continue
    nxa_jobs=''
    for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
      [ "${NXA_JOB_EXECUTOR[nxa_job]}" != "$nxa_i" ] || nxa_jobs="$nxa_jobs $nxa_job"
    done
    nxa_dep_wanted "$nxa_jobs" || continue
    nxa_lacks=$("nxa_executor_${nxa_i}_config" && "nxa_${NXA_EXECUTOR_KIND[nxa_i]}_preflight" "$nxa_i")
    [ -z "$nxa_lacks" ] || nxa_problem "$nxa_lacks (wanted by executor ${NXA_EXECUTOR_NAME[nxa_i]})"
  done
}

# nxa_preflight_hashes: one of the tools that nxa_sha256 knows.
nxa_preflight_hashes() {
  local nxa_tool
  for nxa_tool in sha256sum shasum openssl; do
    ! command -v "$nxa_tool" >/dev/null 2>&1 || return 0
  done
  ! nxa_dep_wanted "$NXA_KEYED_JOBS" ||
    nxa_problem 'command not found: sha256sum, shasum or openssl (wanted for the key files of a cache)'
}

# nxa_preflight_provider_tools: rows of one tool stand together, one for each that wants it.
nxa_preflight_provider_tools() {
  local nxa_i nxa_wanted=''
  for ((nxa_i = 0; nxa_i < ${#NXA_TOOL_COMMAND[@]}; nxa_i++)); do
    if ! command -v "${NXA_TOOL_COMMAND[nxa_i]}" >/dev/null 2>&1; then
      if [ -z "${NXA_TOOL_JOBS[nxa_i]}" ] || nxa_dep_wanted "${NXA_TOOL_JOBS[nxa_i]}"; then
        nxa_wanted="$nxa_wanted, ${NXA_TOOL_OWNER[nxa_i]}"
      fi
    fi
    [ "${NXA_TOOL_COMMAND[nxa_i]}" != "${NXA_TOOL_COMMAND[nxa_i + 1]-}" ] || continue
    [ -z "$nxa_wanted" ] || nxa_problem "command not found: ${NXA_TOOL_COMMAND[nxa_i]} (wanted by envFrom of ${nxa_wanted#, })"
    nxa_wanted=''
  done
}

# nxa_dep_wanted JOBS: is one of them going to be considered?
nxa_dep_wanted() {
  local nxa_job
  for nxa_job in $1; do
    [ -n "${NXA_SELECTED[nxa_job]-}" ] && [ -z "${NXA_SKIP[nxa_job]-}" ] && nxa_job_possible "$nxa_job" && return 0
  done
  return 1
}

# nxa_dep_wanted_here JOBS: the same of those whose steps run on this machine as it is; elsewhere the job itself looks.
nxa_dep_wanted_here() {
  local nxa_job nxa_here=''
  for nxa_job in $1; do
    case ${NXA_EXECUTOR_KIND[NXA_JOB_EXECUTOR[nxa_job]]} in local) nxa_here="$nxa_here $nxa_job" ;; esac
  done
  nxa_dep_wanted "$nxa_here"
}

# nxa_job_possible JOB: unless variables and inputs alone make its condition false.
nxa_job_possible() {
  [ -n "${NXA_JOB_POSSIBLE[$1]-}" ] || return 0
  (nxa_look_ahead "$1")
}

# nxa_look_ahead JOB: in a process of its own, which shows nothing to nobody.
nxa_look_ahead() {
  NXA_SECRETS=''
  nxa_job_environment "$1"
  "nxa_job_$1" possible
}

nxa_preflight_inputs() {
  local nxa_i
  for ((nxa_i = 0; nxa_i < ${#NXA_INPUT_NAME[@]}; nxa_i++)); do
    [ -n "${NXA_INPUT_REQUIRED[nxa_i]-}" ] || continue
    [ -n "${NXA_INPUT_GIVEN[nxa_i]}${NXA_INPUT_DEFAULT[nxa_i]-}" ] ||
      nxa_problem "missing input ${NXA_INPUT_NAME[nxa_i]}: give it with --input ${NXA_INPUT_NAME[nxa_i]}=VALUE"
  done
}

# nxa_preflight_workspace: NXA_WORKSPACE_ROOT = nixactions below the temporary directory, ours and no link; else one
# with our user's number under the same test.
nxa_preflight_workspace() {
  local nxa_root
  for nxa_root in "$NXA_TEMPORARY/nixactions" "$NXA_TEMPORARY/nixactions-${EUID}"; do
    [ -d "$nxa_root" ] || mkdir -p -- "$nxa_root" 2>/dev/null
    if [ -d "$nxa_root" ] && [ ! -h "$nxa_root" ] && [ -O "$nxa_root" ] && [ -w "$nxa_root" ]; then
      NXA_WORKSPACE_ROOT=$nxa_root
      break
    fi
  done
  [ -n "${NXA_WORKSPACE_ROOT-}" ] ||
    nxa_problem "no workspace: $NXA_TEMPORARY/nixactions is not a directory of ours that can be written (set TMPDIR)"
  [ -d "$NXA_HOME/runs" ] || mkdir -p -- "$NXA_HOME/runs" 2>/dev/null
  [ -w "$NXA_HOME/runs" ] ||
    nxa_problem "cannot write $NXA_HOME/runs (set NIXACTIONS_HOME)"
  case ${NIXACTIONS_KEEP_RUNS:-10} in
  *[!0-9]* | ????????*) nxa_problem "NIXACTIONS_KEEP_RUNS is no number of runs: ${NIXACTIONS_KEEP_RUNS}" ;;
  esac
}
