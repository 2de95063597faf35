# Usage: nxa_export NAME VALUE; nxa_unset NAME; nxa_read_dotenv FILE FUNCTION; nxa_read_job_env FILE
# Requires: core/text.sh
# The environment of jobs and steps. Everything read from files is data: nothing in it is run.
# shellcheck shell=bash

# Names given by --env and --env-file: they win over every other level.
NXA_OVERRIDES=''
# Names that the workflow, the job and the command line set or unset, in order: a job that runs elsewhere is given these.
NXA_SET_NAMES=''
NXA_UNSET_NAMES=''

# nxa_export NAME VALUE: sets a variable for what is started from here, unless the caller overrode it.
nxa_export() {
  case " $NXA_OVERRIDES " in *" $1 "*) return 0 ;; esac
  [ -z "${NXA_SECRETS-}" ] || nxa_secret_named "$1" "$2"
  nxa_set "$1" "$2"
}

# nxa_set NAME VALUE: exports a variable; one that our shell lives by is kept for the steps.
# shellcheck disable=SC2163  # what is exported is NAME=VALUE
nxa_set() {
  NXA_SET_NAMES="$NXA_SET_NAMES $1"
  if nxa_ours "$1"; then
    NXA_STEP_ENV[${#NXA_STEP_ENV[@]}]=$1=$2
  else
    export "$1=$2"
  fi
}

# nxa_ours NAME: would it change what our shell does? Named like ours, or one that steers a shell.
nxa_ours() {
  case $1 in
  NXA_* | nxa_* | IFS | CDPATH | GLOBIGNORE | POSIXLY_CORRECT | BASH_COMPAT | TMOUT | FUNCNEST | EXECIGNORE) return 0 ;;
  SECONDS | EPOCHREALTIME | BASHPID) return 0 ;;
  esac
  return 1
}

# nxa_unset NAME: takes a variable away, unless the caller overrode it.
nxa_unset() {
  local nxa_i
  case " $NXA_OVERRIDES " in *" $1 "*) return 0 ;; esac
  NXA_UNSET_NAMES="$NXA_UNSET_NAMES $1"
  nxa_ours "$1" || {
    unset "$1"
    return
  }
  for ((nxa_i = 0; nxa_i < ${#NXA_STEP_ENV[@]}; nxa_i++)); do
    case ${NXA_STEP_ENV[nxa_i]} in "$1="*) NXA_STEP_ENV[nxa_i]='_=' ;; esac
  done
}

# nxa_become COMMAND…: replaces this shell by a user's command, with the variables that are named like ours, without a terminal.
nxa_become() {
  case ${NXA_TERMINAL-} in
  perl) set -- perl -e "$NXA_DETACH_PL" "$@" ;;
  # This process may lead a group, so a child has to do it.
  setsid) set -- sh -c 'setsid "$@"; exit' sh "$@" ;;
  ignore) trap '' TTIN TTOU ;;
  esac
  if [ -n "${NXA_STEP_ENV-}" ]; then
    set -- "${#NXA_STEP_ENV[@]}" "${NXA_STEP_ENV[@]}" "$@"
    unset "${NXA_STEP_ENV[@]%%=*}"
    export "${@:2:$1}"
    shift "$(($1 + 1))"
  fi
  exec "$@"
}

# nxa_is_name TEXT: may it name a variable?
nxa_is_name() {
  case $1 in
  '' | [0-9]* | *[!A-Za-z0-9_]*) return 1 ;;
  esac
}

# nxa_override NAME VALUE: what --env and --env-file give; a reserved name is only noted, to be refused.
nxa_override() {
  nxa_reserved "$1" || nxa_set "$1" "$2"
  NXA_OVERRIDES="$NXA_OVERRIDES $1"
}

# nxa_reserved NAME: is it one of the variables that are always set, by the runner or (read-only) by the shell?
nxa_reserved() {
  case $1 in
  UID | EUID | PPID | SHELLOPTS | BASHOPTS | BASH_VERSINFO) return 0 ;;
  WORKFLOW_NAME | WORKFLOW_ID | JOB_NAME | JOB_DIR | JOB_ENV | STEP_NAME | ATTEMPT | NIXACTIONS) return 0 ;;
  esac
  return 1
}

# nxa_trim TEXT: NXA_TRIMMED = the text without blanks at its ends.
nxa_trim() {
  NXA_TRIMMED=${1#"${1%%[! $'\t']*}"}
  NXA_TRIMMED=${NXA_TRIMMED%"${NXA_TRIMMED##*[! $'\t']}"}
}

# nxa_read_dotenv FILE FUNCTION: calls FUNCTION NAME VALUE for each variable of a dotenv file.
# A bad line: NXA_ERROR says which, status 1; an unreadable file likewise.
nxa_read_dotenv() {
  local nxa_file=$1 nxa_call=$2 nxa_line nxa_number=0 nxa_name nxa_value
  if ! [ -r "$nxa_file" ] || [ -d "$nxa_file" ]; then
    NXA_ERROR="cannot read $nxa_file"
    return 1
  fi
  # In a locale of UTF-8, `read` takes a line break for a part of a sequence that is cut short.
  while IFS= LC_ALL=C read -r nxa_line || [ -n "$nxa_line" ]; do
    nxa_number=$((nxa_number + 1))
    # Each pattern that is not there would be looked for in a time that is the square of the length.
    case $nxa_line in *$'\r') nxa_line=${nxa_line%?} ;; esac
    nxa_trim "$nxa_line"
    case $NXA_TRIMMED in '' | '#'*) continue ;; esac
    case $NXA_TRIMMED in export[\ $'\t']*) nxa_trim "${NXA_TRIMMED#export?}" ;; esac
    NXA_ERROR="$nxa_file:$nxa_number: not NAME=value: $nxa_line"
    case $NXA_TRIMMED in *=*) ;; *) return 1 ;; esac
    nxa_name=${NXA_TRIMMED%%=*}
    nxa_value=${NXA_TRIMMED#*=}
    nxa_trim "$nxa_name"
    nxa_name=$NXA_TRIMMED
    nxa_is_name "$nxa_name" || return 1
    nxa_dotenv_value || return 1
    "$nxa_call" "$nxa_name" "$nxa_value"
  done <"$nxa_file"
  NXA_ERROR=''
}

# Turns nxa_value, as written, into the value; reads on where '…' spans lines.
nxa_dotenv_value() {
  local nxa_more
  nxa_trim "$nxa_value"
  nxa_value=$NXA_TRIMMED
  case $nxa_value in
  \'*)
    nxa_value=${nxa_value#\'}
    while case $nxa_value in *\'*) false ;; esac do
      IFS= LC_ALL=C read -r nxa_more || [ -n "$nxa_more" ] || return 1
      nxa_number=$((nxa_number + 1))
      nxa_value=$nxa_value$'\n'${nxa_more%$'\r'}
    done
    nxa_cut "$nxa_value" "'"
    nxa_value=$NXA_CUT
    nxa_dotenv_rest "$NXA_CUT_REST"
    ;;
  \"*) nxa_dotenv_quoted "${nxa_value#\"}" ;;
  *)
    # As written: a # right after the = belongs to the value.
    nxa_value=${nxa_line#*=}
    case $nxa_value in *[\ $'\t']#*) nxa_value=${nxa_value%%[ $'\t']#*} ;; esac
    nxa_trim "$nxa_value"
    nxa_value=$NXA_TRIMMED
    ;;
  esac
}

# What may follow a closing quote: nothing or a comment.
nxa_dotenv_rest() {
  nxa_trim "$1"
  case $NXA_TRIMMED in '' | '#'*) return 0 ;; esac
  return 1
}

# nxa_dotenv_quoted TEXT: a "…" value, its opening quote removed.
nxa_dotenv_quoted() {
  local nxa_rest=$1 nxa_head
  nxa_value=''
  while :; do
    nxa_head=${nxa_rest:0:1024}
    nxa_head=${nxa_head%%[\\\"]*}
    nxa_value=$nxa_value$nxa_head
    nxa_rest=${nxa_rest:${#nxa_head}}
    [ "${#nxa_head}" != 1024 ] || continue
    case $nxa_rest in
    '') return 1 ;;
    \"*) break ;;
    '\n'*) nxa_value=$nxa_value$'\n' ;;
    '\t'*) nxa_value=$nxa_value$'\t' ;;
    '\"'*) nxa_value=$nxa_value\" ;;
    \\\\*) nxa_value=$nxa_value\\ ;;
    '\$'*) nxa_value=$nxa_value\$ ;;
    *)
      # An escape that the dialect does not know stays as it is.
      nxa_value=$nxa_value${nxa_rest:0:2}
      ;;
    esac
    nxa_rest=${nxa_rest:2}
  done
  nxa_dotenv_rest "${nxa_rest#\"}"
}

# Variables that earlier steps of the job gave, in order; a later one wins.
NXA_GIVEN_NAME=()
NXA_GIVEN_VALUE=()

# nxa_read_job_env FILE: takes up what a step wrote to $JOB_ENV. All or nothing: on a bad line NXA_ERROR
# shows it, status 1.
nxa_read_job_env() {
  local nxa_line nxa_name nxa_value nxa_count=0 nxa_at nxa_names nxa_values
  nxa_names=() nxa_values=()
  while IFS= LC_ALL=C read -r nxa_line || [ -n "$nxa_line" ]; do
    nxa_trim "$nxa_line"
    [ -n "$NXA_TRIMMED" ] || continue
    NXA_ERROR="bad line in \$JOB_ENV: $nxa_line"
    nxa_name=${nxa_line%%=*}
    if [ "$nxa_name" != "$nxa_line" ] && nxa_is_name "$nxa_name"; then
      nxa_value=${nxa_line#*=}
    else
      nxa_job_env_lines || return 1
    fi
    if nxa_reserved "$nxa_name"; then
      NXA_ERROR="\$JOB_ENV may not set $nxa_name: it is always set by the runner"
      return 1
    fi
    nxa_names[nxa_count]=$nxa_name
    nxa_values[nxa_count]=$nxa_value
    nxa_count=$((nxa_count + 1))
  done <"$1"
  NXA_ERROR=''
  for ((nxa_at = 0; nxa_at < nxa_count; nxa_at++)); do
    [ -z "${NXA_SECRETS-}" ] || nxa_secret_named "${nxa_names[nxa_at]}" "${nxa_values[nxa_at]}"
    NXA_GIVEN_NAME[${#NXA_GIVEN_NAME[@]}]=${nxa_names[nxa_at]}
    NXA_GIVEN_VALUE[${#NXA_GIVEN_VALUE[@]}]=${nxa_values[nxa_at]}
  done
}

# Reads NAME<<END … END, its first line in nxa_line, into nxa_name and nxa_value.
nxa_job_env_lines() {
  local nxa_end
  nxa_name=${nxa_line%%'<<'*}
  nxa_end=${nxa_line#*'<<'}
  [ "$nxa_name" != "$nxa_line" ] && [ -n "$nxa_end" ] && nxa_is_name "$nxa_name" || return 1
  nxa_value=''
  while IFS= LC_ALL=C read -r nxa_line || [ -n "$nxa_line" ]; do
    if [ "$nxa_line" = "$nxa_end" ]; then
      nxa_value=${nxa_value#?}
      return 0
    fi
    nxa_value=$nxa_value$'\n'$nxa_line
  done
  NXA_ERROR="$NXA_ERROR (no line $nxa_end follows)"
  return 1
}

# nxa_run_environment: the workflow's variables, and what its providers gave, for this process and what it starts.
nxa_run_environment() {
  [ -z "${NXA_FROM_RUN-}" ] || nxa_export_lines "$NXA_FROM_RUN"
  nxa_workflow_env
}

# nxa_export_given: puts what earlier steps gave into the environment.
nxa_export_given() {
  local nxa_i
  for ((nxa_i = 0; nxa_i < ${#NXA_GIVEN_NAME[@]}; nxa_i++)); do
    nxa_export "${NXA_GIVEN_NAME[nxa_i]}" "${NXA_GIVEN_VALUE[nxa_i]}"
  done
}
