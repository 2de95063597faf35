# Usage: nxa_preflight; ends the script with status 3 where something is missing
# Requires:
# What would stop the run later is found and told together, before any job.
# shellcheck shell=bash

nxa_preflight() {
  NXA_PROBLEMS=''
  nxa_preflight_tools
  nxa_preflight_inputs
  nxa_preflight_workspace
  [ -n "$NXA_PROBLEMS" ] || return 0
  printf '%s: error: the run cannot start\n%s' "${0##*/}" "$NXA_PROBLEMS" >&2
  exit 3
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
  for ((nxa_i = 0; nxa_i < ${#NXA_DEP_COMMAND[@]}; nxa_i++)); do
    nxa_dep_wanted "${NXA_DEP_JOBS[nxa_i]}" || continue
    command -v "${NXA_DEP_COMMAND[nxa_i]}" >/dev/null 2>&1 && continue
    case ${NXA_DEP_COMMAND[nxa_i]} in
    python3) command -v python >/dev/null 2>&1 && continue ;;
    esac
    nxa_problem "command not found: ${NXA_DEP_COMMAND[nxa_i]} (${NXA_DEP_WANTED[nxa_i]})"
  done
}

# nxa_dep_wanted JOBS: is one of them going to be considered?
nxa_dep_wanted() {
  local nxa_job
  for nxa_job in $1; do
    [ -n "${NXA_SELECTED[nxa_job]-}" ] && [ -z "${NXA_SKIP[nxa_job]-}" ] && return 0
  done
  return 1
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
  if [ -e "$NXA_REPOSITORY/.nxaignore" ]; then
    nxa_problem "$NXA_REPOSITORY/.nxaignore: this version of nixc does not leave files out of copies"
  fi
}
