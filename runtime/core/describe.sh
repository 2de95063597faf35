# Usage: nxa_list; nxa_dry_run; nxa_graph; nxa_help; nxa_version
# Requires: core/options.sh
# What the script says of itself, without running anything.
# shellcheck shell=bash

nxa_version() {
  printf '%s (workflow %s), built by nixc %s from %s\n' "${0##*/}" "$NXA_WORKFLOW" "$NXA_NIXC" "$NXA_SOURCE"
}

nxa_help() {
  local nxa_i nxa_default
  printf '%s\n' "${NXA_DOC:-Workflow $NXA_WORKFLOW}" ''
  printf 'Usage: %s [options] [JOB…]     run the workflow, or just these jobs and all they need\n' "${0##*/}"
  printf '%s\n' \
    '' \
    '  -l, --list                 jobs with needs, executor, steps and docs' \
    '  -n, --dry-run              what would run, in order; starts nothing' \
    '      --graph                the job graph as text' \
    '  -j, --jobs N               at most N jobs at once (default: as many as are ready)' \
    '  -e, --env NAME=VALUE       a variable for every step, above all others; may repeat' \
    '      --env-file FILE        variables from a dotenv file; may repeat' \
    '  -i, --input NAME=VALUE     a workflow input; may repeat' \
    '      --skip JOB             leave a job out (it counts as skipped); may repeat' \
    '      --only                 with JOB…: not what they need' \
    '      --resume, --resume=RUN go on with an earlier run (default: the last): green jobs whose plan and' \
    '                             inputs are the same are not run again' \
    '  -C, --directory DIR        the repository (default: the current directory)' \
    '      --fail-fast            cancel the rest at the first failure' \
    '      --log-format FORMAT    auto | pretty | structured | json | simple (auto: pretty on a' \
    '                             terminal, else structured)' \
    '  -q, --quiet                failed steps and their output only' \
    '  -v, --verbose              also what steps run, and which conditions held' \
    '      --report KIND=FILE     a report of the run: junit | json | html | trace; may repeat' \
    '      --keep-workspace       leave the directories of the jobs in place' \
    '      --gc                   remove what killed runs left behind' \
    '      --verify               check this script against its own recorded hash' \
    '      --no-color             no colours in pretty (also NO_COLOR in the environment)' \
    '  -h, --help                 this text' \
    '      --version              what built this script, and from what' \
    '' \
    'Exit status: 0 success, 1 a job failed, 2 usage, 3 stopped before any job, 124 timeout,' \
    '130/143/129 cancelled by SIGINT/SIGTERM/SIGHUP.'
  [ "${#NXA_INPUT_NAME[@]}" = 0 ] || printf '\nInputs:\n'
  for ((nxa_i = 0; nxa_i < ${#NXA_INPUT_NAME[@]}; nxa_i++)); do
    nxa_default=${NXA_INPUT_DEFAULT[nxa_i]-}
    printf '  %s (%s)' "${NXA_INPUT_NAME[nxa_i]}" "${NXA_INPUT_TYPE[nxa_i]}"
    [ -z "${NXA_INPUT_REQUIRED[nxa_i]-}" ] || printf ', required'
    [ -z "$nxa_default" ] || printf ', default %s' "$nxa_default"
    [ -z "${NXA_INPUT_DOC[nxa_i]-}" ] || printf ': %s' "${NXA_INPUT_DOC[nxa_i]}"
    printf '\n'
  done
}

# nxa_need_names JOB: NXA_NAMES = what it needs, by name, comma-separated.
nxa_need_names() {
  local nxa_group nxa_need
  NXA_NAMES=''
  for nxa_group in ${NXA_JOB_NEEDS[$1]}; do
    for nxa_need in ${nxa_group//,/ }; do
      NXA_NAMES="${NXA_NAMES:+$NXA_NAMES, }${NXA_JOB_NAME[nxa_need]}"
    done
  done
}

# nxa_describe_group INDENT STEP: a line for a group that begins at the step; NXA_INDENT = how much deeper its members stand.
nxa_describe_group() {
  [ "$2" -lt "${nxa_group_end:-0}" ] || nxa_group_end='' NXA_INDENT=''
  [ -n "${NXA_STEP_PARALLEL[$2]-}" ] || return 0
  nxa_group_end=${NXA_STEP_PARALLEL[$2]} NXA_INDENT='  '
  printf '%s- parallel:\n' "$1"
}

nxa_list() {
  local nxa_i nxa_s nxa_executor nxa_group_end
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    [ -n "${NXA_SELECTED[nxa_i]-}" ] || continue
    nxa_executor=${NXA_JOB_EXECUTOR[nxa_i]}
    nxa_need_names "$nxa_i"
    printf '%s\n' "${NXA_JOB_NAME[nxa_i]}"
    [ -z "${NXA_JOB_DOC[nxa_i]-}" ] || printf '  # %s\n' "${NXA_JOB_DOC[nxa_i]//"$NXA_NEWLINE"/$NXA_NEWLINE  # }"
    printf '  executor: %s\n' "${NXA_EXECUTOR_NAME[nxa_executor]}"
    [ -z "$NXA_NAMES" ] || printf '  needs: %s\n' "$NXA_NAMES"
    [ -z "${NXA_JOB_CONDITION_TEXT[nxa_i]-}" ] || printf '  condition: %s\n' "${NXA_JOB_CONDITION_TEXT[nxa_i]}"
    nxa_no_plan
    "nxa_job_$nxa_i" plan
    printf '  steps:\n'
    for ((nxa_s = 0; nxa_s < ${#NXA_STEP_NAME[@]}; nxa_s++)); do
      nxa_describe_group '    ' "$nxa_s"
      printf '    %s- %s\n' "$NXA_INDENT" "${NXA_STEP_NAME[nxa_s]}"
    done
  done
}

nxa_dry_run() {
  local nxa_i nxa_s nxa_n=0 nxa_executor nxa_how nxa_group_end
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    [ -n "${NXA_SELECTED[nxa_i]-}" ] || continue
    nxa_n=$((nxa_n + 1))
    nxa_executor=${NXA_JOB_EXECUTOR[nxa_i]}
    nxa_need_names "$nxa_i"
    nxa_how="on ${NXA_EXECUTOR_NAME[nxa_executor]}, if ${NXA_JOB_CONDITION_TEXT[nxa_i]:-success()}"
    [ -z "$NXA_NAMES" ] || nxa_how="$nxa_how, after $NXA_NAMES"
    [ -z "${NXA_SKIP[nxa_i]-}" ] || nxa_how="skipped (--skip)"
    printf '%d. %s (%s)\n' "$nxa_n" "${NXA_JOB_NAME[nxa_i]}" "$nxa_how"
    nxa_no_plan
    "nxa_job_$nxa_i" plan
    for ((nxa_s = 0; nxa_s < ${#NXA_STEP_NAME[@]}; nxa_s++)); do
      nxa_describe_group '   ' "$nxa_s"
      printf '   %s- %s' "$NXA_INDENT" "${NXA_STEP_NAME[nxa_s]}"
      [ -z "${NXA_STEP_CONDITION[nxa_s]-}" ] || printf ' (if %s)' "${NXA_STEP_CONDITION[nxa_s]}"
      printf '\n'
    done
  done
}

# nxa_graph: each job below the last of the jobs it needs, and with it those that it needs besides.
nxa_graph() {
  local nxa_i nxa_need nxa_last
  NXA_CHILDREN=() NXA_BESIDES=()
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    [ -n "${NXA_SELECTED[nxa_i]-}" ] || continue
    nxa_last=''
    # Jobs stand after what they need, so the greatest number is the furthest down.
    for nxa_need in ${NXA_JOB_NEEDS[nxa_i]//,/ }; do
      [ -z "${NXA_SELECTED[nxa_need]-}" ] || [ "$nxa_need" -lt "${nxa_last:-0}" ] || nxa_last=$nxa_need
    done
    for nxa_need in ${NXA_JOB_NEEDS[nxa_i]//,/ }; do
      [ "$nxa_need" = "$nxa_last" ] || NXA_BESIDES[nxa_i]="${NXA_BESIDES[nxa_i]:+${NXA_BESIDES[nxa_i]}, }${NXA_JOB_NAME[nxa_need]}"
    done
    [ -z "$nxa_last" ] || NXA_CHILDREN[nxa_last]="${NXA_CHILDREN[nxa_last]-} $nxa_i"
    [ -n "$nxa_last" ] || NXA_CHILDREN[${#NXA_JOB_NAME[@]}]="${NXA_CHILDREN[${#NXA_JOB_NAME[@]}]-} $nxa_i"
  done
  for nxa_i in ${NXA_CHILDREN[${#NXA_JOB_NAME[@]}]-}; do
    printf '%s\n' "${NXA_JOB_NAME[nxa_i]}"
    nxa_graph_below "$nxa_i" ''
  done
}

# nxa_graph_below JOB INDENTATION
nxa_graph_below() {
  local nxa_child nxa_left nxa_branch='|--' nxa_line='|   '
  # shellcheck disable=SC2086  # numbers
  set -- "$2" ${NXA_CHILDREN[$1]-}
  nxa_left=$#
  for nxa_child in "${@:2}"; do
    nxa_left=$((nxa_left - 1))
    [ "$nxa_left" != 1 ] || nxa_branch='`--' nxa_line='    '
    printf '%s%s %s%s\n' "$1" "$nxa_branch" "${NXA_JOB_NAME[nxa_child]}" \
      "${NXA_BESIDES[nxa_child]:+ (also needs ${NXA_BESIDES[nxa_child]})}"
    nxa_graph_below "$nxa_child" "$1$nxa_line"
  done
}
