# Usage: nx_export NAME VALUE; nx_unset NAME; nx_read_dotenv FILE FUNCTION; nx_read_job_env FILE
# Requires:
# The environment of jobs and steps. Everything read from files is data: nothing in it is run.
# shellcheck shell=bash

# Names given by --env and --env-file: they win over every other level.
NX_OVERRIDES=''

# nx_export NAME VALUE: sets a variable for what is started from here, unless the caller overrode it.
nx_export() {
  case " $NX_OVERRIDES " in *" $1 "*) return 0 ;; esac
  nx_set "$1" "$2"
}

# nx_set NAME VALUE: exports a variable; one that our shell lives by is kept for the steps.
# shellcheck disable=SC2163  # what is exported is NAME=VALUE
nx_set() {
  if nx_ours "$1"; then
    NX_STEP_ENV[${#NX_STEP_ENV[@]}]=$1=$2
  else
    export "$1=$2"
  fi
}

# nx_ours NAME: would it change what our shell does? Named like ours, or one that steers a shell.
nx_ours() {
  case $1 in
  NX_* | nx_* | IFS | CDPATH | GLOBIGNORE | POSIXLY_CORRECT | BASH_COMPAT | TMOUT | FUNCNEST | EXECIGNORE) return 0 ;;
  SECONDS | EPOCHREALTIME | BASHPID) return 0 ;;
  esac
  return 1
}

# nx_unset NAME: takes a variable away, unless the caller overrode it.
nx_unset() {
  local nx_i
  case " $NX_OVERRIDES " in *" $1 "*) return 0 ;; esac
  nx_ours "$1" || {
    unset "$1"
    return
  }
  for ((nx_i = 0; nx_i < ${#NX_STEP_ENV[@]}; nx_i++)); do
    case ${NX_STEP_ENV[nx_i]} in "$1="*) NX_STEP_ENV[nx_i]='_=' ;; esac
  done
}

# nx_become COMMAND…: replaces this shell by a user's command, with the variables that are named like ours.
nx_become() {
  if [ -n "${NX_STEP_ENV-}" ]; then
    set -- "${#NX_STEP_ENV[@]}" "${NX_STEP_ENV[@]}" "$@"
    unset "${NX_STEP_ENV[@]%%=*}"
    export "${@:2:$1}"
    shift "$(($1 + 1))"
  fi
  exec "$@"
}

# nx_is_name TEXT: may it name a variable?
nx_is_name() {
  case $1 in
  '' | [0-9]* | *[!A-Za-z0-9_]*) return 1 ;;
  esac
}

# nx_override NAME VALUE: what --env and --env-file give; a reserved name is only noted, to be refused.
nx_override() {
  nx_reserved "$1" || nx_set "$1" "$2"
  NX_OVERRIDES="$NX_OVERRIDES $1"
}

# nx_reserved NAME: is it one of the variables that are always set, by the runner or (read-only) by the shell?
nx_reserved() {
  case $1 in
  UID | EUID | PPID | SHELLOPTS | BASHOPTS | BASH_VERSINFO) return 0 ;;
  WORKFLOW_NAME | WORKFLOW_ID | JOB_NAME | JOB_DIR | JOB_ENV | STEP_NAME | ATTEMPT | NIXACTIONS) return 0 ;;
  esac
  return 1
}

# nx_trim TEXT: NX_TRIMMED = the text without blanks at its ends.
nx_trim() {
  NX_TRIMMED=${1#"${1%%[! $'\t']*}"}
  NX_TRIMMED=${NX_TRIMMED%"${NX_TRIMMED##*[! $'\t']}"}
}

# nx_read_dotenv FILE FUNCTION: calls FUNCTION NAME VALUE for each variable of a dotenv file.
# A bad line: NX_ERROR says which, status 1; an unreadable file likewise.
nx_read_dotenv() {
  local nx_file=$1 nx_call=$2 nx_line nx_number=0 nx_name nx_value
  if ! [ -r "$nx_file" ] || [ -d "$nx_file" ]; then
    NX_ERROR="cannot read $nx_file"
    return 1
  fi
  # In a locale of UTF-8, `read` takes a line break for a part of a sequence that is cut short.
  while IFS= LC_ALL=C read -r nx_line || [ -n "$nx_line" ]; do
    nx_number=$((nx_number + 1))
    nx_line=${nx_line%$'\r'}
    nx_trim "$nx_line"
    case $NX_TRIMMED in '' | '#'*) continue ;; esac
    nx_trim "${NX_TRIMMED#export[ $'\t']}"
    nx_name=${NX_TRIMMED%%=*}
    NX_ERROR="$nx_file:$nx_number: not NAME=value: $nx_line"
    case $NX_TRIMMED in *=*) ;; *) return 1 ;; esac
    nx_value=${NX_TRIMMED#*=}
    nx_trim "$nx_name"
    nx_name=$NX_TRIMMED
    nx_is_name "$nx_name" || return 1
    nx_dotenv_value || return 1
    "$nx_call" "$nx_name" "$nx_value"
  done <"$nx_file"
  NX_ERROR=''
}

# Turns nx_value, as written, into the value; reads on where '…' spans lines.
nx_dotenv_value() {
  local nx_more nx_close
  nx_trim "$nx_value"
  nx_value=$NX_TRIMMED
  case $nx_value in
  \'*)
    nx_value=${nx_value#\'}
    while case $nx_value in *\'*) false ;; esac do
      IFS= LC_ALL=C read -r nx_more || [ -n "$nx_more" ] || return 1
      nx_number=$((nx_number + 1))
      nx_value=$nx_value$'\n'${nx_more%$'\r'}
    done
    nx_close=${nx_value#*\'}
    nx_value=${nx_value%%\'*}
    nx_dotenv_rest "$nx_close"
    ;;
  \"*) nx_dotenv_quoted "${nx_value#\"}" ;;
  *)
    # As written: a # right after the = belongs to the value.
    nx_value=${nx_line#*=}
    nx_value=${nx_value%%[ $'\t']#*}
    nx_trim "$nx_value"
    nx_value=$NX_TRIMMED
    ;;
  esac
}

# What may follow a closing quote: nothing or a comment.
nx_dotenv_rest() {
  nx_trim "$1"
  case $NX_TRIMMED in '' | '#'*) return 0 ;; esac
  return 1
}

# nx_dotenv_quoted TEXT: a "…" value, its opening quote removed.
nx_dotenv_quoted() {
  local nx_rest=$1 nx_head
  nx_value=''
  while :; do
    nx_head=${nx_rest%%[\\\"]*}
    nx_value=$nx_value$nx_head
    nx_rest=${nx_rest:${#nx_head}}
    case $nx_rest in
    '') return 1 ;;
    \"*) break ;;
    '\n'*) nx_value=$nx_value$'\n' ;;
    '\t'*) nx_value=$nx_value$'\t' ;;
    '\"'*) nx_value=$nx_value\" ;;
    \\\\*) nx_value=$nx_value\\ ;;
    '\$'*) nx_value=$nx_value\$ ;;
    *)
      # An escape that the dialect does not know stays as it is.
      nx_value=$nx_value${nx_rest:0:2}
      ;;
    esac
    nx_rest=${nx_rest:2}
  done
  nx_dotenv_rest "${nx_rest#\"}"
}

# Variables that earlier steps of the job gave, in order; a later one wins.
NX_GIVEN_NAME=()
NX_GIVEN_VALUE=()

# nx_read_job_env FILE: takes up what a step wrote to $JOB_ENV. All or nothing: on a bad line NX_ERROR
# shows it, status 1.
nx_read_job_env() {
  local nx_line nx_name nx_value nx_count=0 nx_at nx_names nx_values
  nx_names=() nx_values=()
  while IFS= LC_ALL=C read -r nx_line || [ -n "$nx_line" ]; do
    nx_trim "$nx_line"
    [ -n "$NX_TRIMMED" ] || continue
    NX_ERROR="bad line in \$JOB_ENV: $nx_line"
    nx_name=${nx_line%%=*}
    if [ "$nx_name" != "$nx_line" ] && nx_is_name "$nx_name"; then
      nx_value=${nx_line#*=}
    else
      nx_job_env_lines || return 1
    fi
    if nx_reserved "$nx_name"; then
      NX_ERROR="\$JOB_ENV may not set $nx_name: it is always set by the runner"
      return 1
    fi
    nx_names[nx_count]=$nx_name
    nx_values[nx_count]=$nx_value
    nx_count=$((nx_count + 1))
  done <"$1"
  NX_ERROR=''
  for ((nx_at = 0; nx_at < nx_count; nx_at++)); do
    NX_GIVEN_NAME[${#NX_GIVEN_NAME[@]}]=${nx_names[nx_at]}
    NX_GIVEN_VALUE[${#NX_GIVEN_VALUE[@]}]=${nx_values[nx_at]}
  done
}

# Reads NAME<<END … END, its first line in nx_line, into nx_name and nx_value.
nx_job_env_lines() {
  local nx_end
  nx_name=${nx_line%%'<<'*}
  nx_end=${nx_line#*'<<'}
  [ "$nx_name" != "$nx_line" ] && [ -n "$nx_end" ] && nx_is_name "$nx_name" || return 1
  nx_value=''
  while IFS= LC_ALL=C read -r nx_line || [ -n "$nx_line" ]; do
    if [ "$nx_line" = "$nx_end" ]; then
      nx_value=${nx_value#?}
      return 0
    fi
    nx_value=$nx_value$'\n'$nx_line
  done
  NX_ERROR="$NX_ERROR (no line $nx_end follows)"
  return 1
}

# nx_export_given: puts what earlier steps gave into the environment.
nx_export_given() {
  local nx_i
  for ((nx_i = 0; nx_i < ${#NX_GIVEN_NAME[@]}; nx_i++)); do
    nx_export "${NX_GIVEN_NAME[nx_i]}" "${NX_GIVEN_VALUE[nx_i]}"
  done
}
