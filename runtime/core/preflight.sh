# Usage: nx_preflight; ends the script with status 3 where something is missing
# Requires:
# What would stop the run later is found and told together, before any job.
# shellcheck shell=bash

nx_preflight() {
  NX_PROBLEMS=''
  nx_preflight_tools
  nx_preflight_inputs
  nx_preflight_workspace
  [ -n "$NX_PROBLEMS" ] || return 0
  printf '%s: error: the run cannot start\n%s' "${0##*/}" "$NX_PROBLEMS" >&2
  exit 3
}

# nx_problem TEXT
nx_problem() {
  NX_PROBLEMS="$NX_PROBLEMS  - $1$NX_NEWLINE"
}

# nx_preflight_tools: commands that local executors' actions need, and our own.
nx_preflight_tools() {
  local nx_i nx_tool
  for nx_tool in mkdir mkfifo rm sleep tar chmod; do
    command -v "$nx_tool" >/dev/null 2>&1 || nx_problem "command not found: $nx_tool (the script itself needs it)"
  done
  for ((nx_i = 0; nx_i < ${#NX_DEP_COMMAND[@]}; nx_i++)); do
    nx_dep_wanted "${NX_DEP_JOBS[nx_i]}" || continue
    command -v "${NX_DEP_COMMAND[nx_i]}" >/dev/null 2>&1 && continue
    case ${NX_DEP_COMMAND[nx_i]} in
    python3) command -v python >/dev/null 2>&1 && continue ;;
    esac
    nx_problem "command not found: ${NX_DEP_COMMAND[nx_i]} (${NX_DEP_WANTED[nx_i]})"
  done
}

# nx_dep_wanted JOBS: is one of them going to be considered?
nx_dep_wanted() {
  local nx_job
  for nx_job in $1; do
    [ -n "${NX_SELECTED[nx_job]-}" ] && [ -z "${NX_SKIP[nx_job]-}" ] && return 0
  done
  return 1
}

nx_preflight_inputs() {
  local nx_i
  for ((nx_i = 0; nx_i < ${#NX_INPUT_NAME[@]}; nx_i++)); do
    [ -n "${NX_INPUT_REQUIRED[nx_i]-}" ] || continue
    [ -n "${NX_INPUT_GIVEN[nx_i]}${NX_INPUT_DEFAULT[nx_i]-}" ] ||
      nx_problem "missing input ${NX_INPUT_NAME[nx_i]}: give it with --input ${NX_INPUT_NAME[nx_i]}=VALUE"
  done
}

# nx_preflight_workspace: NX_WORKSPACE_ROOT = nixactions below the temporary directory, ours and no link; else one
# with our user's number under the same test.
nx_preflight_workspace() {
  local nx_root
  for nx_root in "$NX_TEMPORARY/nixactions" "$NX_TEMPORARY/nixactions-${EUID}"; do
    [ -d "$nx_root" ] || mkdir -p -- "$nx_root" 2>/dev/null
    if [ -d "$nx_root" ] && [ ! -h "$nx_root" ] && [ -O "$nx_root" ] && [ -w "$nx_root" ]; then
      NX_WORKSPACE_ROOT=$nx_root
      break
    fi
  done
  [ -n "${NX_WORKSPACE_ROOT-}" ] ||
    nx_problem "no workspace: $NX_TEMPORARY/nixactions is not a directory of ours that can be written (set TMPDIR)"
  [ -d "$NX_HOME/runs" ] || mkdir -p -- "$NX_HOME/runs" 2>/dev/null
  [ -w "$NX_HOME/runs" ] ||
    nx_problem "cannot write $NX_HOME/runs (set NIXACTIONS_HOME)"
  if [ -e "$NX_REPOSITORY/.nxaignore" ]; then
    nx_problem "$NX_REPOSITORY/.nxaignore: this version of nixc does not leave files out of copies"
  fi
}
