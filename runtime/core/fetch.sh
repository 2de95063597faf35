# Usage: nxa_fetch PROVIDER; in a process of its own: asks one provider and writes down what it gives
# Requires: core/json.sh core/environment.sh core/text.sh
# Files, whose names begin with NXA_FETCHED and which only we can read: .lines what it gives (NAME=encoded), .words what its
# tool said, .why what is wrong in our own words. Values stand in no command line. The status is that of a tool that fails, else 1.
# shellcheck shell=bash

# nxa_fetch PROVIDER
nxa_fetch() {
  trap - INT TERM HUP USR1 USR2 ALRM VTALRM
  # In the background, asking on a terminal would stop a tool for ever; so it fails.
  trap '' TTIN TTOU
  umask 077
  # This is on the host, wherever the steps are; what is to be said of its environment, others say.
  NXA_RUNNER='' NXA_HUSHED=1
  exec 2>"$NXA_FETCHED.words"
  nxa_unpack_words "${NXA_PROVIDER_ARGUMENTS[$1]}"
  nxa_level_environment && cd -- "$NXA_REPOSITORY" || exit 1
  "nxa_fetch_${NXA_PROVIDER_KIND[$1]}" "${NXA_WORDS[@]}" >"$NXA_FETCHED.out" || exit
  # Our own work is on bytes.
  LC_ALL=C
  if IFS= read -r -d '' _ <"$NXA_FETCHED.out"; then
    nxa_why 'there is a NUL in it, which no variable can hold'
  fi
  nxa_understand "${NXA_PROVIDER_KIND[$1]}" >"$NXA_FETCHED.lines" || nxa_why "$NXA_ERROR"
  exit 0
}

# nxa_why MESSAGE: the provider has failed.
nxa_why() {
  printf '%s\n' "$1" >"$NXA_FETCHED.why"
  exit 1
}

# nxa_unpack_words PACKED: NXA_WORDS = the texts of a list that travels as one.
nxa_unpack_words() {
  local nxa_packed=$1$NXA_SEPARATOR
  NXA_WORDS=()
  while [ -n "$nxa_packed" ]; do
    nxa_decode "${nxa_packed%%"$NXA_SEPARATOR"*}"
    NXA_WORDS[${#NXA_WORDS[@]}]=$NXA_DECODED
    nxa_packed=${nxa_packed#*"$NXA_SEPARATOR"}
  done
}

# --- asking ------------------------------------------------------------------------------------------------

# nxa_tool COMMAND…: with the caller's own file mode mask, and variables that are named like ours.
nxa_tool() {
  (
    umask "$NXA_CALLER_UMASK"
    nxa_become "$@"
  )
}

# nxa_path PATH: NXA_PATH = the path as tools take it: below HOME after ~/, and never an option.
nxa_path() {
  case $1 in
  \~/*) NXA_PATH=${HOME-}/${1#??} ;;
  /*) NXA_PATH=$1 ;;
  *) NXA_PATH=./$1 ;;
  esac
}

# nxa_fetch_file PATH REQUIRED SECRET
nxa_fetch_file() {
  nxa_path "$1"
  if [ -e "$NXA_PATH" ] || [ -h "$NXA_PATH" ]; then
    [ -r "$NXA_PATH" ] && [ ! -d "$NXA_PATH" ] || nxa_why 'it cannot be read'
    cat <"$NXA_PATH"
  elif [ -n "$2" ]; then
    nxa_why 'there is no such file'
  fi
}

# nxa_fetch_exec TEXT: run as a step would be.
nxa_fetch_exec() {
  printf '%s\n' "$1" >"$NXA_FETCHED.run" || return 1
  nxa_tool "$NXA_BASH" -eo pipefail "$NXA_FETCHED.run"
}

# nxa_fetch_sops FILE FORMAT: as JSON, for the other forms lose line breaks (https://getsops.io/docs).
nxa_fetch_sops() {
  nxa_path "$1"
  nxa_tool sops -d --input-type "$2" --output-type json "$NXA_PATH"
}

# nxa_fetch_vault PATH (https://developer.hashicorp.com/vault/docs/commands/kv/get)
nxa_fetch_vault() {
  case $1 in
  -*) nxa_tool vault kv get -format=json -- "$1" ;;
  *) nxa_tool vault kv get -format=json "$1" ;;
  esac
}

# nxa_fetch_onepassword VAULT ITEM (https://developer.1password.com/docs/cli/reference/management-commands/item)
nxa_fetch_onepassword() {
  case $2 in
  -*) nxa_tool op item get "--vault=$1" --format json -- "$2" ;;
  *) nxa_tool op item get "$2" --vault "$1" --format json ;;
  esac
}

# nxa_fetch_bitwarden ITEM (https://bitwarden.com/help/cli)
nxa_fetch_bitwarden() {
  case $1 in
  -*) nxa_tool bw get --nointeraction -- item "$1" ;;
  *) nxa_tool bw get item "$1" --nointeraction ;;
  esac
}

# nxa_fetch_age FILE IDENTITY (age(1))
nxa_fetch_age() {
  local nxa_file
  nxa_path "$1"
  nxa_file=$NXA_PATH
  nxa_path "$2"
  nxa_tool age -d -i "$NXA_PATH" "$nxa_file"
}

# --- understanding what came ---------------------------------------------------------------------------------

# nxa_understand KIND: prints what is in the answer; status 1 and NXA_ERROR, which never holds a value.
nxa_understand() {
  NXA_GIVEN_BAD=''
  case $1 in
  file | exec | age)
    nxa_read_dotenv "$NXA_FETCHED.out" nxa_give || {
      NXA_ERROR=${NXA_ERROR#"$NXA_FETCHED.out:"}
      NXA_ERROR="line ${NXA_ERROR%%:*} of its output is not NAME=value"
      [ "$1" != file ] || NXA_ERROR="${NXA_WORDS[0]}:${NXA_ERROR//[!0-9]/}: not NAME=value"
      return 1
    }
    ;;
  *)
    nxa_json_read "$NXA_FETCHED.out" || return 1
    "nxa_understand_$1" || return 1
    ;;
  esac
  NXA_ERROR=$NXA_GIVEN_BAD
  [ -z "$NXA_ERROR" ]
}

# nxa_give NAME VALUE
nxa_give() {
  if nxa_reserved "$1"; then
    NXA_GIVEN_BAD="it sets $1, which the runner or the shell always sets"
  fi
  nxa_encode "$2"
  printf '%s=%s\n' "$1" "$NXA_ENCODED"
}

# nxa_give_labelled LABEL ENTRY: a value under a name for people, in which what no variable's name may hold becomes _.
nxa_give_labelled() {
  local nxa_name=${1//[!A-Za-z0-9_]/_}
  [ "${NXA_JSON_TYPE[$2]}" != null ] || return 0
  case $nxa_name in
  '')
    NXA_GIVEN_BAD='a name in it is empty'
    return 0
    ;;
  [0-9]*) nxa_name=_$nxa_name ;;
  esac
  case $NXA_LABELS in
  *" $nxa_name "*) NXA_GIVEN_BAD="two values in it would become $nxa_name" ;;
  esac
  NXA_LABELS="$NXA_LABELS$nxa_name "
  nxa_give "$nxa_name" "${NXA_JSON_VALUE[$2]}"
}

# nxa_give_members PATH: the members of an object; one that is an object or a list is given as JSON.
nxa_give_members() {
  local nxa_i nxa_key
  NXA_LABELS=' '
  for ((nxa_i = 0; nxa_i < ${#NXA_JSON_PATH[@]}; nxa_i++)); do
    case ${NXA_JSON_PATH[nxa_i]} in "$1$NXA_SEPARATOR"*) ;; *) continue ;; esac
    nxa_key=${NXA_JSON_PATH[nxa_i]#"$1$NXA_SEPARATOR"}
    case $nxa_key in *"$NXA_SEPARATOR"*) ;; *) nxa_give_labelled "$nxa_key" "$nxa_i" ;; esac
  done
}

# nxa_find PATH TYPE: NXA_FOUND = the entry at PATH (its parts separated by /); status 1 if there is none of that type.
nxa_find() {
  local nxa_path=$NXA_SEPARATOR${1//\//$NXA_SEPARATOR}
  for ((NXA_FOUND = 0; NXA_FOUND < ${#NXA_JSON_PATH[@]}; NXA_FOUND++)); do
    [ "${NXA_JSON_PATH[NXA_FOUND]}" != "$nxa_path" ] || [ "${NXA_JSON_TYPE[NXA_FOUND]}" != "$2" ] || return 0
  done
  return 1
}

nxa_understand_sops() {
  [ "${NXA_JSON_TYPE[0]}" = object ] || {
    NXA_ERROR='there are no names in it'
    return 1
  }
  nxa_give_members ''
}

# Version 2 of the engine keeps the values one object further down, beside their metadata.
nxa_understand_vault() {
  if nxa_find data/metadata/version number && nxa_find data/data object; then
    nxa_give_members "${NXA_SEPARATOR}data${NXA_SEPARATOR}data"
  elif nxa_find data object; then
    nxa_give_members "${NXA_SEPARATOR}data"
  else
    NXA_ERROR='there is no data in it'
    return 1
  fi
}

# The fields of an item that have a value, by their labels.
nxa_understand_onepassword() {
  nxa_find fields array || {
    NXA_ERROR='there are no fields in it'
    return 1
  }
  nxa_give_fields label
}

# An item's own fields, and the name and the password of a login.
nxa_understand_bitwarden() {
  NXA_LABELS=' '
  ! nxa_find fields array || nxa_give_fields name
  for NXA_LABEL in username password; do
    if nxa_find "login/$NXA_LABEL" string && ! nxa_within "$NXA_LABEL" "$NXA_LABELS"; then
      nxa_give_labelled "$NXA_LABEL" "$NXA_FOUND"
    fi
  done
}

# nxa_give_fields KEY: objects in the list `fields`: a name under KEY, and `value`.
nxa_give_fields() {
  local nxa_n nxa_label
  NXA_LABELS=' '
  for ((nxa_n = 0; ; nxa_n++)); do
    nxa_find "fields/$nxa_n" object || return 0
    nxa_find "fields/$nxa_n/$1" string || continue
    nxa_label=${NXA_JSON_VALUE[NXA_FOUND]}
    [ -n "$nxa_label" ] && nxa_find "fields/$nxa_n/value" string && nxa_give_labelled "$nxa_label" "$NXA_FOUND"
  done
}
