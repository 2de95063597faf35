# Usage: nxa_parse_options ARGUMENT…; sets what the command line says, or ends with status 2
# Requires: core/environment.sh core/report.sh core/text.sh core/pretty.sh
# The command line of the built script.
# shellcheck shell=bash

NXA_OPTIONS='--list --dry-run --jobs --env --env-file --input --skip --directory --fail-fast --log-format --report --quiet --verbose --keep-workspace --no-color --graph --only --resume --gc --verify --help --version'

# nxa_usage MESSAGE [HELP]: ends the script as for a wrong command line.
nxa_usage() {
  printf '%s: error: %s\n' "${0##*/}" "$1" >&2
  [ -z "${2-}" ] || printf '  help: %s\n' "$2" >&2
  exit 2
}

nxa_parse_options() {
  local nxa_option nxa_value nxa_attached
  NXA_COMMAND=run NXA_ONLY='' NXA_RESUME='' NXA_JOBS=$NXA_MAX_PARALLEL NXA_TARGETS=() NXA_SKIPS=() NXA_REPOSITORY='' NXA_FORMAT='' NXA_NO_COLOR=''
  NXA_GIVEN_INPUT=() NXA_KEEP_WORKSPACE=${NIXACTIONS_KEEP_WORKSPACE:-}
  NXA_ENV_GIVEN=() NXA_ENV_FILES=() NXA_REPORT_KIND=() NXA_REPORT_FILE=()
  [ "$NXA_KEEP_WORKSPACE" != 0 ] || NXA_KEEP_WORKSPACE=''
  while [ $# -gt 0 ]; do
    nxa_option=$1
    nxa_attached=''
    shift
    case $nxa_option in
    --?*=*)
      nxa_value=${nxa_option#*=} nxa_attached=1
      nxa_option=${nxa_option%%=*}
      ;;
    -[jeiC]?*)
      nxa_value=${nxa_option#-?} nxa_attached=1
      nxa_option=${nxa_option%"$nxa_value"}
      ;;
    esac
    case $nxa_option in
    -l | --list | -n | --dry-run | -q | --quiet | -v | --verbose | --fail-fast | --keep-workspace | -h | --help | --version | --no-color | --graph | --only | --gc | --verify)
      [ -z "$nxa_attached" ] || nxa_usage "$nxa_option takes no value"
      ;;
    -j | --jobs | -e | --env | --env-file | -i | --input | --skip | -C | --directory | --log-format | --report)
      if [ -z "$nxa_attached" ]; then
        [ $# -gt 0 ] || nxa_usage "$nxa_option wants a value"
        nxa_value=$1
        shift
      fi
      ;;
    esac
    case $nxa_option in
    -l | --list) NXA_COMMAND=list ;;
    -n | --dry-run) NXA_COMMAND=dry_run ;;
    -h | --help) NXA_COMMAND=help ;;
    --version) NXA_COMMAND=version ;;
    --graph) NXA_COMMAND=graph ;;
    --gc) NXA_COMMAND=gc ;;
    --verify) NXA_COMMAND=verify ;;
    --only) NXA_ONLY=1 ;;
    --resume)
      NXA_RESUME=last
      [ -z "$nxa_attached" ] || NXA_RESUME=$nxa_value
      [ -n "$NXA_RESUME" ] || nxa_usage "--resume= wants the name of a run"
      ;;
    -q | --quiet) NXA_LOG_LEVEL=error ;;
    -v | --verbose) NXA_LOG_LEVEL=debug ;;
    --fail-fast) NXA_FAIL_FAST=1 ;;
    --keep-workspace) NXA_KEEP_WORKSPACE=1 ;;
    --no-color) NXA_NO_COLOR=1 ;;
    -j | --jobs) nxa_option_jobs "$nxa_value" ;;
    -e | --env) NXA_ENV_GIVEN[${#NXA_ENV_GIVEN[@]}]=$nxa_value ;;
    --env-file) NXA_ENV_FILES[${#NXA_ENV_FILES[@]}]=$nxa_value ;;
    -i | --input) NXA_GIVEN_INPUT[${#NXA_GIVEN_INPUT[@]}]=$nxa_value ;;
    --skip) NXA_SKIPS[${#NXA_SKIPS[@]}]=$nxa_value ;;
    -C | --directory)
      [ -n "$nxa_value" ] || nxa_usage "$nxa_option wants a value"
      NXA_REPOSITORY=$nxa_value
      ;;
    --report) nxa_report_option "$nxa_value" ;;
    --log-format) nxa_option_format "$nxa_value" '--log-format' ;;
    --)
      while [ $# -gt 0 ]; do
        NXA_TARGETS[${#NXA_TARGETS[@]}]=$1
        shift
      done
      ;;
    -*)
      nxa_nearest "$nxa_option" "$NXA_OPTIONS"
      nxa_usage "unknown option $nxa_option" "${NXA_NEAREST:+did you mean $NXA_NEAREST?}"
      ;;
    *) NXA_TARGETS[${#NXA_TARGETS[@]}]=$nxa_option ;;
    esac
  done
}

nxa_option_jobs() {
  case $1 in
  '' | *[!0-9]* | 0 | 0[0-9]* | ???????*) nxa_usage "--jobs wants a number from 1, not '$1'" ;;
  esac
  NXA_JOBS=$1
}

# nxa_option_format FORMAT WHERE
nxa_option_format() {
  case $1 in
  auto | pretty | structured | json | simple) NXA_FORMAT=$1 ;;
  *)
    nxa_nearest "$1" 'auto pretty structured json simple'
    nxa_usage "$2: unknown format '$1'" "${NXA_NEAREST:+did you mean $NXA_NEAREST?}"
    ;;
  esac
}

# nxa_settle_options: what the options leave open, from the environment and the workflow.
nxa_settle_options() {
  local nxa_i nxa_directory
  if [ -z "$NXA_FORMAT" ] && [ -n "${NIXACTIONS_LOG_FORMAT-}" ]; then
    nxa_option_format "$NIXACTIONS_LOG_FORMAT" NIXACTIONS_LOG_FORMAT
  fi
  NXA_FORMAT=${NXA_FORMAT:-${NXA_LOG_FORMAT:-auto}}
  nxa_pretty_settle
  if [ -n "$NXA_REPOSITORY" ]; then
    nxa_directory=$NXA_REPOSITORY
    NXA_REPOSITORY=$(cd -- "$nxa_directory" 2>/dev/null && pwd && echo x) || nxa_usage "cannot enter directory $nxa_directory"
  else
    NXA_REPOSITORY=$(pwd && echo x)
  fi
  # The x keeps line breaks at the end of the path.
  NXA_REPOSITORY=${NXA_REPOSITORY%"$NXA_NEWLINE"x}
  nxa_take_overrides
  nxa_select_jobs
  nxa_take_inputs
}

# nxa_take_overrides: --env-file, then --env, which wins.
nxa_take_overrides() {
  local nxa_i nxa_pair
  for ((nxa_i = 0; nxa_i < ${#NXA_ENV_FILES[@]}; nxa_i++)); do
    nxa_read_dotenv "${NXA_ENV_FILES[nxa_i]}" nxa_override || nxa_usage "--env-file: $NXA_ERROR"
  done
  for ((nxa_i = 0; nxa_i < ${#NXA_ENV_GIVEN[@]}; nxa_i++)); do
    nxa_pair=${NXA_ENV_GIVEN[nxa_i]}
    case $nxa_pair in
    *=*) nxa_is_name "${nxa_pair%%=*}" || nxa_usage "--env: '${nxa_pair%%=*}' cannot name a variable" ;;
    *) nxa_usage "--env wants NAME=VALUE, not '$nxa_pair'" ;;
    esac
    nxa_override "${nxa_pair%%=*}" "${nxa_pair#*=}"
  done
  for nxa_pair in $NXA_OVERRIDES; do
    ! nxa_reserved "$nxa_pair" || nxa_usage "$nxa_pair is always set by the runner and cannot be given"
  done
}

# --- jobs ------------------------------------------------------------------------------------------------

# nxa_select_jobs: NXA_SELECTED, NXA_SKIP by job number. A matrix is named as a whole or by one of its jobs.
nxa_select_jobs() {
  local nxa_i nxa_name
  NXA_SELECTED=() NXA_SKIP=() NXA_NAMED=()
  if [ "${#NXA_TARGETS[@]}" = 0 ]; then
    [ -z "$NXA_ONLY" ] || nxa_usage '--only wants a job'
    for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do NXA_SELECTED[nxa_i]=1; done
  else
    for nxa_name in "${NXA_TARGETS[@]}"; do
      nxa_jobs_named "$nxa_name"
      for nxa_i in $NXA_FOUND; do
        NXA_NAMED[nxa_i]=1
        if [ -n "$NXA_ONLY" ]; then NXA_SELECTED[nxa_i]=1; else nxa_select_with_needs "$nxa_i"; fi
      done
    done
  fi
  [ "${#NXA_SKIPS[@]}" = 0 ] || for nxa_name in "${NXA_SKIPS[@]}"; do
    nxa_jobs_named "$nxa_name"
    for nxa_i in $NXA_FOUND; do NXA_SKIP[nxa_i]=1; done
  done
}

# nxa_select_with_needs JOB: jobs stand after what they need, so one way back through the list is enough.
nxa_select_with_needs() {
  local nxa_at nxa_need
  NXA_SELECTED[$1]=1
  for ((nxa_at = $1; nxa_at >= 0; nxa_at--)); do
    [ -n "${NXA_SELECTED[nxa_at]-}" ] || continue
    for nxa_need in ${NXA_JOB_NEEDS[nxa_at]//,/ }; do NXA_SELECTED[nxa_need]=1; done
  done
}

# nxa_jobs_named NAME: NXA_FOUND = the numbers; an unknown name ends the script.
nxa_jobs_named() {
  local nxa_i nxa_group
  NXA_FOUND=''
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    nxa_group=${NXA_JOB_GROUP[nxa_i]-}
    if [ "${NXA_JOB_NAME[nxa_i]}" = "$1" ] || { [ -n "$nxa_group" ] && [ "${NXA_GROUP_NAME[nxa_group]}" = "$1" ]; }; then
      NXA_FOUND="$NXA_FOUND $nxa_i"
    fi
  done
  [ -z "$NXA_FOUND" ] || return 0
  nxa_nearest "$1" "${NXA_JOB_NAME[*]} ${NXA_GROUP_NAME[*]-}"
  nxa_usage "unknown job '$1'" "${NXA_NEAREST:+did you mean $NXA_NEAREST?}"
}

# --- workflow inputs ------------------------------------------------------------------------------------

# nxa_take_inputs: exports INPUT_… for every input; a value that its type refuses ends the script. What is required and
# missing is left to the preflight.
nxa_take_inputs() {
  local nxa_i nxa_j nxa_pair
  for ((nxa_i = 0; nxa_i < ${#NXA_INPUT_NAME[@]}; nxa_i++)); do
    NXA_INPUT_VALUE[nxa_i]=${NXA_INPUT_DEFAULT[nxa_i]-}
    NXA_INPUT_GIVEN[nxa_i]=''
  done
  for ((nxa_j = 0; nxa_j < ${#NXA_GIVEN_INPUT[@]}; nxa_j++)); do
    nxa_pair=${NXA_GIVEN_INPUT[nxa_j]}
    case $nxa_pair in *=*) ;; *) nxa_usage "--input wants NAME=VALUE, not '$nxa_pair'" ;; esac
    nxa_input_number "${nxa_pair%%=*}"
    nxa_check_input "$NXA_FOUND" "${nxa_pair#*=}"
    NXA_INPUT_VALUE[NXA_FOUND]=${nxa_pair#*=}
    NXA_INPUT_GIVEN[NXA_FOUND]=1
  done
  for ((nxa_i = 0; nxa_i < ${#NXA_INPUT_NAME[@]}; nxa_i++)); do
    # shellcheck disable=SC2163  # the argument is NAME=VALUE
    export "${NXA_INPUT_VARIABLE[nxa_i]}=${NXA_INPUT_VALUE[nxa_i]}"
  done
}

# nxa_input_number NAME: NXA_FOUND; an unknown name ends the script.
nxa_input_number() {
  for ((NXA_FOUND = 0; NXA_FOUND < ${#NXA_INPUT_NAME[@]}; NXA_FOUND++)); do
    [ "${NXA_INPUT_NAME[NXA_FOUND]}" != "$1" ] || return 0
  done
  nxa_nearest "$1" "${NXA_INPUT_NAME[*]-}"
  nxa_usage "unknown input '$1'" "${NXA_NEAREST:+did you mean $NXA_NEAREST?}"
}

# nxa_check_input NUMBER VALUE
nxa_check_input() {
  local nxa_options nxa_digits
  case ${NXA_INPUT_TYPE[$1]} in
  number)
    nxa_digits=${2#-}
    case $nxa_digits in
    '' | . | *[!0-9.]* | *.*.*) nxa_usage "input ${NXA_INPUT_NAME[$1]}: '$2' is no number" ;;
    esac
    ;;
  boolean)
    case $2 in
    true | false) ;;
    *) nxa_usage "input ${NXA_INPUT_NAME[$1]}: '$2' is neither true nor false" ;;
    esac
    ;;
  choice)
    nxa_options=${NXA_INPUT_OPTIONS[$1]}$NXA_SEPARATOR
    while [ -n "$nxa_options" ]; do
      nxa_decode "${nxa_options%%"$NXA_SEPARATOR"*}"
      [ "$NXA_DECODED" != "$2" ] || return 0
      nxa_options=${nxa_options#*"$NXA_SEPARATOR"}
    done
    nxa_decode "${NXA_INPUT_OPTIONS[$1]//"$NXA_SEPARATOR"/, }"
    nxa_usage "input ${NXA_INPUT_NAME[$1]}: '$2' is none of $NXA_DECODED"
    ;;
  esac
}

# --- did you mean ----------------------------------------------------------------------------------------

# nxa_nearest WORD WORDS: NXA_NEAREST = the one at the least edit distance, if that is at most 2 or a third; unless it is 1, one that
# begins with the word comes first.
nxa_nearest() {
  local nxa_word nxa_best=$((${#1} / 3 > 2 ? ${#1} / 3 : 2))
  NXA_NEAREST=''
  for nxa_word in $2; do
    nxa_distance "$1" "$nxa_word"
    if [ "$NXA_DISTANCE" -le "$nxa_best" ] && [ "$NXA_DISTANCE" -lt "${#nxa_word}" ]; then
      nxa_best=$((NXA_DISTANCE - 1))
      NXA_NEAREST=$nxa_word
    fi
  done
  [ "$nxa_best" != 0 ] && [ "${#1}" -ge 3 ] || return 0
  for nxa_word in $2; do
    case $nxa_word in
    "$1"?*)
      NXA_NEAREST=$nxa_word
      return
      ;;
    esac
  done
}

# nxa_distance A B: NXA_DISTANCE after Levenshtein, row by row.
nxa_distance() {
  local nxa_i nxa_j nxa_cost nxa_diagonal nxa_above nxa_row
  nxa_row=()
  for ((nxa_j = 0; nxa_j <= ${#2}; nxa_j++)); do nxa_row[nxa_j]=$nxa_j; done
  for ((nxa_i = 1; nxa_i <= ${#1}; nxa_i++)); do
    nxa_diagonal=${nxa_row[0]}
    nxa_row[0]=$nxa_i
    for ((nxa_j = 1; nxa_j <= ${#2}; nxa_j++)); do
      nxa_above=${nxa_row[nxa_j]}
      nxa_cost=1
      [ "${1:nxa_i-1:1}" != "${2:nxa_j-1:1}" ] || nxa_cost=0
      nxa_cost=$((nxa_diagonal + nxa_cost))
      [ $((nxa_above + 1)) -ge "$nxa_cost" ] || nxa_cost=$((nxa_above + 1))
      [ $((nxa_row[nxa_j - 1] + 1)) -ge "$nxa_cost" ] || nxa_cost=$((nxa_row[nxa_j - 1] + 1))
      nxa_row[nxa_j]=$nxa_cost
      nxa_diagonal=$nxa_above
    done
  done
  NXA_DISTANCE=${nxa_row[${#2}]}
}
