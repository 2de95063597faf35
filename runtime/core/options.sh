# Usage: nx_parse_options ARGUMENT…; sets what the command line says, or ends with status 2
# Requires: core/environment.sh core/text.sh
# The command line of the built script.
# shellcheck shell=bash

NX_OPTIONS='--list --dry-run --jobs --env --env-file --input --skip --directory --fail-fast --log-format --keep-workspace --help --version'

# nx_usage MESSAGE [HELP]: ends the script as for a wrong command line.
nx_usage() {
  printf '%s: error: %s\n' "${0##*/}" "$1" >&2
  [ -z "${2-}" ] || printf '  help: %s\n' "$2" >&2
  exit 2
}

nx_parse_options() {
  local nx_option nx_value nx_attached
  NX_COMMAND=run NX_JOBS=$NX_MAX_PARALLEL NX_TARGETS=() NX_SKIPS=() NX_REPOSITORY='' NX_FORMAT=''
  NX_GIVEN_INPUT=() NX_KEEP_WORKSPACE=${NIXACTIONS_KEEP_WORKSPACE:-}
  NX_ENV_GIVEN=() NX_ENV_FILES=()
  [ "$NX_KEEP_WORKSPACE" != 0 ] || NX_KEEP_WORKSPACE=''
  while [ $# -gt 0 ]; do
    nx_option=$1
    nx_attached=''
    shift
    case $nx_option in
    --?*=*)
      nx_value=${nx_option#*=} nx_attached=1
      nx_option=${nx_option%%=*}
      ;;
    -[jeiC]?*)
      nx_value=${nx_option#-?} nx_attached=1
      nx_option=${nx_option%"$nx_value"}
      ;;
    esac
    case $nx_option in
    -l | --list | -n | --dry-run | --fail-fast | --keep-workspace | -h | --help | --version | --no-color)
      [ -z "$nx_attached" ] || nx_usage "$nx_option takes no value"
      ;;
    -j | --jobs | -e | --env | --env-file | -i | --input | --skip | -C | --directory | --log-format)
      if [ -z "$nx_attached" ]; then
        [ $# -gt 0 ] || nx_usage "$nx_option wants a value"
        nx_value=$1
        shift
      fi
      ;;
    esac
    case $nx_option in
    -l | --list) NX_COMMAND=list ;;
    -n | --dry-run) NX_COMMAND=dry_run ;;
    -h | --help) NX_COMMAND=help ;;
    --version) NX_COMMAND=version ;;
    --fail-fast) NX_FAIL_FAST=1 ;;
    --keep-workspace) NX_KEEP_WORKSPACE=1 ;;
    --no-color) ;; # nothing is coloured
    -j | --jobs) nx_option_jobs "$nx_value" ;;
    -e | --env) NX_ENV_GIVEN[${#NX_ENV_GIVEN[@]}]=$nx_value ;;
    --env-file) NX_ENV_FILES[${#NX_ENV_FILES[@]}]=$nx_value ;;
    -i | --input) NX_GIVEN_INPUT[${#NX_GIVEN_INPUT[@]}]=$nx_value ;;
    --skip) NX_SKIPS[${#NX_SKIPS[@]}]=$nx_value ;;
    -C | --directory)
      [ -n "$nx_value" ] || nx_usage "$nx_option wants a value"
      NX_REPOSITORY=$nx_value
      ;;
    --log-format) nx_option_format "$nx_value" '--log-format' ;;
    --)
      while [ $# -gt 0 ]; do
        NX_TARGETS[${#NX_TARGETS[@]}]=$1
        shift
      done
      ;;
    -*)
      nx_nearest "$nx_option" "$NX_OPTIONS"
      nx_usage "unknown option $nx_option" "${NX_NEAREST:+did you mean $NX_NEAREST?}"
      ;;
    *) NX_TARGETS[${#NX_TARGETS[@]}]=$nx_option ;;
    esac
  done
}

nx_option_jobs() {
  case $1 in
  '' | *[!0-9]* | 0 | 0[0-9]* | ???????*) nx_usage "--jobs wants a number from 1, not '$1'" ;;
  esac
  NX_JOBS=$1
}

# nx_option_format FORMAT WHERE
nx_option_format() {
  case $1 in
  auto | structured | json | simple) NX_FORMAT=$1 ;;
  pretty) nx_usage "$2: pretty is not available in this version" 'use structured, json or simple' ;;
  *)
    nx_nearest "$1" 'auto structured json simple'
    nx_usage "$2: unknown format '$1'" "${NX_NEAREST:+did you mean $NX_NEAREST?}"
    ;;
  esac
}

# nx_settle_options: what the options leave open, from the environment and the workflow.
nx_settle_options() {
  local nx_i nx_directory
  if [ -z "$NX_FORMAT" ] && [ -n "${NIXACTIONS_LOG_FORMAT-}" ]; then
    nx_option_format "$NIXACTIONS_LOG_FORMAT" NIXACTIONS_LOG_FORMAT
  fi
  NX_FORMAT=${NX_FORMAT:-${NX_LOG_FORMAT:-auto}}
  # There is no format for terminals yet.
  [ "$NX_FORMAT" != auto ] || NX_FORMAT=structured
  if [ -n "$NX_REPOSITORY" ]; then
    nx_directory=$NX_REPOSITORY
    NX_REPOSITORY=$(cd -- "$nx_directory" 2>/dev/null && pwd && echo x) || nx_usage "cannot enter directory $nx_directory"
  else
    NX_REPOSITORY=$(pwd && echo x)
  fi
  # The x keeps line breaks at the end of the path.
  NX_REPOSITORY=${NX_REPOSITORY%"$NX_NEWLINE"x}
  nx_take_overrides
  nx_select_jobs
  nx_take_inputs
}

# nx_take_overrides: --env-file, then --env, which wins.
nx_take_overrides() {
  local nx_i nx_pair
  for ((nx_i = 0; nx_i < ${#NX_ENV_FILES[@]}; nx_i++)); do
    nx_read_dotenv "${NX_ENV_FILES[nx_i]}" nx_override || nx_usage "--env-file: $NX_ERROR"
  done
  for ((nx_i = 0; nx_i < ${#NX_ENV_GIVEN[@]}; nx_i++)); do
    nx_pair=${NX_ENV_GIVEN[nx_i]}
    case $nx_pair in
    *=*) nx_is_name "${nx_pair%%=*}" || nx_usage "--env: '${nx_pair%%=*}' cannot name a variable" ;;
    *) nx_usage "--env wants NAME=VALUE, not '$nx_pair'" ;;
    esac
    nx_override "${nx_pair%%=*}" "${nx_pair#*=}"
  done
  for nx_pair in $NX_OVERRIDES; do
    ! nx_reserved "$nx_pair" || nx_usage "$nx_pair is always set by the runner and cannot be given"
  done
}

# --- jobs ------------------------------------------------------------------------------------------------

# nx_select_jobs: NX_SELECTED, NX_SKIP by job number. A matrix is named as a whole or by one of its jobs.
nx_select_jobs() {
  local nx_i nx_name
  NX_SELECTED=() NX_SKIP=()
  if [ "${#NX_TARGETS[@]}" = 0 ]; then
    for ((nx_i = 0; nx_i < ${#NX_JOB_NAME[@]}; nx_i++)); do NX_SELECTED[nx_i]=1; done
  else
    for nx_name in "${NX_TARGETS[@]}"; do
      nx_jobs_named "$nx_name"
      for nx_i in $NX_FOUND; do nx_select_with_needs "$nx_i"; done
    done
  fi
  [ "${#NX_SKIPS[@]}" = 0 ] || for nx_name in "${NX_SKIPS[@]}"; do
    nx_jobs_named "$nx_name"
    for nx_i in $NX_FOUND; do NX_SKIP[nx_i]=1; done
  done
}

# nx_select_with_needs JOB: jobs stand after what they need, so one way back through the list is enough.
nx_select_with_needs() {
  local nx_at nx_need
  NX_SELECTED[$1]=1
  for ((nx_at = $1; nx_at >= 0; nx_at--)); do
    [ -n "${NX_SELECTED[nx_at]-}" ] || continue
    for nx_need in ${NX_JOB_NEEDS[nx_at]//,/ }; do NX_SELECTED[nx_need]=1; done
  done
}

# nx_jobs_named NAME: NX_FOUND = the numbers; an unknown name ends the script.
nx_jobs_named() {
  local nx_i nx_group
  NX_FOUND=''
  for ((nx_i = 0; nx_i < ${#NX_JOB_NAME[@]}; nx_i++)); do
    nx_group=${NX_JOB_GROUP[nx_i]-}
    if [ "${NX_JOB_NAME[nx_i]}" = "$1" ] || { [ -n "$nx_group" ] && [ "${NX_GROUP_NAME[nx_group]}" = "$1" ]; }; then
      NX_FOUND="$NX_FOUND $nx_i"
    fi
  done
  [ -z "$NX_FOUND" ] || return 0
  nx_nearest "$1" "${NX_JOB_NAME[*]} ${NX_GROUP_NAME[*]-}"
  nx_usage "unknown job '$1'" "${NX_NEAREST:+did you mean $NX_NEAREST?}"
}

# --- workflow inputs ------------------------------------------------------------------------------------

# nx_take_inputs: exports INPUT_… for every input; a value that its type refuses ends the script. What is required and
# missing is left to the preflight.
nx_take_inputs() {
  local nx_i nx_j nx_pair
  for ((nx_i = 0; nx_i < ${#NX_INPUT_NAME[@]}; nx_i++)); do
    NX_INPUT_VALUE[nx_i]=${NX_INPUT_DEFAULT[nx_i]-}
    NX_INPUT_GIVEN[nx_i]=''
  done
  for ((nx_j = 0; nx_j < ${#NX_GIVEN_INPUT[@]}; nx_j++)); do
    nx_pair=${NX_GIVEN_INPUT[nx_j]}
    case $nx_pair in *=*) ;; *) nx_usage "--input wants NAME=VALUE, not '$nx_pair'" ;; esac
    nx_input_number "${nx_pair%%=*}"
    nx_check_input "$NX_FOUND" "${nx_pair#*=}"
    NX_INPUT_VALUE[NX_FOUND]=${nx_pair#*=}
    NX_INPUT_GIVEN[NX_FOUND]=1
  done
  for ((nx_i = 0; nx_i < ${#NX_INPUT_NAME[@]}; nx_i++)); do
    # shellcheck disable=SC2163  # the argument is NAME=VALUE
    export "${NX_INPUT_VARIABLE[nx_i]}=${NX_INPUT_VALUE[nx_i]}"
  done
}

# nx_input_number NAME: NX_FOUND; an unknown name ends the script.
nx_input_number() {
  for ((NX_FOUND = 0; NX_FOUND < ${#NX_INPUT_NAME[@]}; NX_FOUND++)); do
    [ "${NX_INPUT_NAME[NX_FOUND]}" != "$1" ] || return 0
  done
  nx_nearest "$1" "${NX_INPUT_NAME[*]-}"
  nx_usage "unknown input '$1'" "${NX_NEAREST:+did you mean $NX_NEAREST?}"
}

# nx_check_input NUMBER VALUE
nx_check_input() {
  local nx_options nx_digits
  case ${NX_INPUT_TYPE[$1]} in
  number)
    nx_digits=${2#-}
    case $nx_digits in
    '' | . | *[!0-9.]* | *.*.*) nx_usage "input ${NX_INPUT_NAME[$1]}: '$2' is no number" ;;
    esac
    ;;
  boolean)
    case $2 in
    true | false) ;;
    *) nx_usage "input ${NX_INPUT_NAME[$1]}: '$2' is neither true nor false" ;;
    esac
    ;;
  choice)
    nx_options=${NX_INPUT_OPTIONS[$1]}$NX_SEPARATOR
    while [ -n "$nx_options" ]; do
      nx_decode "${nx_options%%"$NX_SEPARATOR"*}"
      [ "$NX_DECODED" != "$2" ] || return 0
      nx_options=${nx_options#*"$NX_SEPARATOR"}
    done
    nx_decode "${NX_INPUT_OPTIONS[$1]//"$NX_SEPARATOR"/, }"
    nx_usage "input ${NX_INPUT_NAME[$1]}: '$2' is none of $NX_DECODED"
    ;;
  esac
}

# --- did you mean ----------------------------------------------------------------------------------------

# nx_nearest WORD WORDS: NX_NEAREST = the one at the least edit distance, if that is at most 2 or a third.
nx_nearest() {
  local nx_word nx_best=$((${#1} / 3 > 2 ? ${#1} / 3 : 2))
  NX_NEAREST=''
  for nx_word in $2; do
    nx_distance "$1" "$nx_word"
    if [ "$NX_DISTANCE" -le "$nx_best" ] && [ "$NX_DISTANCE" -lt "${#nx_word}" ]; then
      nx_best=$((NX_DISTANCE - 1))
      NX_NEAREST=$nx_word
    fi
  done
}

# nx_distance A B: NX_DISTANCE after Levenshtein, row by row.
nx_distance() {
  local nx_i nx_j nx_cost nx_diagonal nx_above nx_row
  nx_row=()
  for ((nx_j = 0; nx_j <= ${#2}; nx_j++)); do nx_row[nx_j]=$nx_j; done
  for ((nx_i = 1; nx_i <= ${#1}; nx_i++)); do
    nx_diagonal=${nx_row[0]}
    nx_row[0]=$nx_i
    for ((nx_j = 1; nx_j <= ${#2}; nx_j++)); do
      nx_above=${nx_row[nx_j]}
      nx_cost=1
      [ "${1:nx_i-1:1}" != "${2:nx_j-1:1}" ] || nx_cost=0
      nx_cost=$((nx_diagonal + nx_cost))
      [ $((nx_above + 1)) -ge "$nx_cost" ] || nx_cost=$((nx_above + 1))
      [ $((nx_row[nx_j - 1] + 1)) -ge "$nx_cost" ] || nx_cost=$((nx_row[nx_j - 1] + 1))
      nx_row[nx_j]=$nx_cost
      nx_diagonal=$nx_above
    done
  done
  NX_DISTANCE=${nx_row[${#2}]}
}
