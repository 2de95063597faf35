# Usage: nx_list; nx_dry_run; nx_help; nx_version
# Requires: core/options.sh
# What the script says of itself, without running anything.
# shellcheck shell=bash

nx_version() {
  printf '%s (workflow %s), built by nixc %s from %s\n' "${0##*/}" "$NX_WORKFLOW" "$NX_NIXC" "$NX_SOURCE"
}

nx_help() {
  local nx_i nx_default
  printf '%s\n' "${NX_DOC:-Workflow $NX_WORKFLOW}" ''
  printf 'Usage: %s [options] [JOB…]     run the workflow, or just these jobs and all they need\n' "${0##*/}"
  printf '%s\n' \
    '' \
    '  -l, --list                 jobs with needs, executor, steps and docs' \
    '  -n, --dry-run              what would run, in order; starts nothing' \
    '  -j, --jobs N               at most N jobs at once (default: as many as are ready)' \
    '  -e, --env NAME=VALUE       a variable for every step, above all others; may repeat' \
    '      --env-file FILE        variables from a dotenv file; may repeat' \
    '  -i, --input NAME=VALUE     a workflow input; may repeat' \
    '      --skip JOB             leave a job out (it counts as skipped); may repeat' \
    '  -C, --directory DIR        the repository (default: the current directory)' \
    '      --fail-fast            cancel the rest at the first failure' \
    '      --log-format FORMAT    auto | structured | json | simple' \
    '      --keep-workspace       leave the directories of the jobs in place' \
    '      --no-color             accepted; nothing is coloured' \
    '  -h, --help                 this text' \
    '      --version              what built this script, and from what' \
    '' \
    'Exit status: 0 success, 1 a job failed, 2 usage, 3 stopped before any job, 124 timeout,' \
    '130/143/129 cancelled by SIGINT/SIGTERM/SIGHUP.'
  [ "${#NX_INPUT_NAME[@]}" = 0 ] || printf '\nInputs:\n'
  for ((nx_i = 0; nx_i < ${#NX_INPUT_NAME[@]}; nx_i++)); do
    nx_default=${NX_INPUT_DEFAULT[nx_i]-}
    printf '  %s (%s)' "${NX_INPUT_NAME[nx_i]}" "${NX_INPUT_TYPE[nx_i]}"
    [ -z "${NX_INPUT_REQUIRED[nx_i]-}" ] || printf ', required'
    [ -z "$nx_default" ] || printf ', default %s' "$nx_default"
    [ -z "${NX_INPUT_DOC[nx_i]-}" ] || printf ': %s' "${NX_INPUT_DOC[nx_i]}"
    printf '\n'
  done
}

# nx_need_names JOB: NX_NAMES = what it needs, by name, comma-separated.
nx_need_names() {
  local nx_group nx_need
  NX_NAMES=''
  for nx_group in ${NX_JOB_NEEDS[$1]}; do
    for nx_need in ${nx_group//,/ }; do
      NX_NAMES="${NX_NAMES:+$NX_NAMES, }${NX_JOB_NAME[nx_need]}"
    done
  done
}

nx_list() {
  local nx_i nx_s nx_executor
  for ((nx_i = 0; nx_i < ${#NX_JOB_NAME[@]}; nx_i++)); do
    [ -n "${NX_SELECTED[nx_i]-}" ] || continue
    nx_executor=${NX_JOB_EXECUTOR[nx_i]}
    nx_need_names "$nx_i"
    printf '%s\n' "${NX_JOB_NAME[nx_i]}"
    [ -z "${NX_JOB_DOC[nx_i]-}" ] || printf '  # %s\n' "${NX_JOB_DOC[nx_i]//"$NX_NEWLINE"/$NX_NEWLINE  # }"
    printf '  executor: %s\n' "${NX_EXECUTOR_NAME[nx_executor]}"
    [ -z "$NX_NAMES" ] || printf '  needs: %s\n' "$NX_NAMES"
    [ -z "${NX_JOB_CONDITION_TEXT[nx_i]-}" ] || printf '  condition: %s\n' "${NX_JOB_CONDITION_TEXT[nx_i]}"
    NX_STEP_NAME=()
    "nx_job_$nx_i" plan
    printf '  steps:\n'
    for ((nx_s = 0; nx_s < ${#NX_STEP_NAME[@]}; nx_s++)); do
      printf '    - %s\n' "${NX_STEP_NAME[nx_s]}"
    done
  done
}

nx_dry_run() {
  local nx_i nx_s nx_n=0 nx_executor nx_how
  for ((nx_i = 0; nx_i < ${#NX_JOB_NAME[@]}; nx_i++)); do
    [ -n "${NX_SELECTED[nx_i]-}" ] || continue
    nx_n=$((nx_n + 1))
    nx_executor=${NX_JOB_EXECUTOR[nx_i]}
    nx_need_names "$nx_i"
    nx_how="on ${NX_EXECUTOR_NAME[nx_executor]}, if ${NX_JOB_CONDITION_TEXT[nx_i]:-success()}"
    [ -z "$NX_NAMES" ] || nx_how="$nx_how, after $NX_NAMES"
    [ -z "${NX_SKIP[nx_i]-}" ] || nx_how="skipped (--skip)"
    printf '%d. %s (%s)\n' "$nx_n" "${NX_JOB_NAME[nx_i]}" "$nx_how"
    NX_STEP_NAME=() NX_STEP_CONDITION=()
    "nx_job_$nx_i" plan
    for ((nx_s = 0; nx_s < ${#NX_STEP_NAME[@]}; nx_s++)); do
      printf '   - %s' "${NX_STEP_NAME[nx_s]}"
      [ -z "${NX_STEP_CONDITION[nx_s]-}" ] || printf ' (if %s)' "${NX_STEP_CONDITION[nx_s]}"
      printf '\n'
    done
  done
}
