# Usage: nxa_ssh_settle EXECUTOR FILE; nxa_ssh_settled EXECUTOR; nxa_ssh_call HOST [OPTION…]; nxa_ssh_do HOST …
# Requires: core/text.sh core/environment.sh core/jobscript.sh
# Connections to other machines. What ssh is told stands on its command line, so no value of a job ever does: those go by
# standard input. Hosts, users and paths are data here and there.
# shellcheck shell=bash

# What is run there, whatever shell the user has: no word of it depends on data. The rc files of that shell may print, change
# PATH, or be sourced a second time by a bash that believes to be the first.
NXA_SSH_COMMAND="exec /bin/sh -c 'unset BASH_ENV ENV; SHLVL=9; PATH=\$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin; export SHLVL PATH; exec bash --noprofile --norc -s'"

# nxa_ssh_settle EXECUTOR FILE: writes the executor's connections as assignments: expressions in its fields see the workflow's
# variables, ssh does not. Fails where a field cannot be meant; that is printed.
nxa_ssh_settle() {
  (
    nxa_run_environment
    nxa_config_host='' nxa_config_hosts=()
    "nxa_executor_${1}_config"
    nxa_ssh_hosts=()
    case $nxa_config_mode in
    pool) nxa_ssh_hosts=("${nxa_config_hosts[@]}") ;;
    *) nxa_ssh_hosts=("$nxa_config_host") ;;
    esac
    nxa_ssh_plausible host "${nxa_ssh_hosts[@]}" || exit 1
    [ "${#nxa_ssh_hosts[@]}" -le "$NXA_SSH_MOST_HOSTS" ] || {
      printf 'ssh: %s hosts; a pool may have %s\n' "${#nxa_ssh_hosts[@]}" "$NXA_SSH_MOST_HOSTS"
      exit 1
    }
    [ -z "${nxa_config_user-}" ] || nxa_ssh_plausible user "$nxa_config_user" || exit 1
    nxa_ssh_options
    umask 077
    {
      nxa_ssh_print_array NXA_SSH_HOSTS "${nxa_ssh_hosts[@]}"
      nxa_ssh_print_array NXA_SSH_OPTIONS "${nxa_ssh_words[@]}"
      nxa_ssh_print_array NXA_SSH_SETTINGS "$nxa_config_mode" "$nxa_config_workspaceDir" "$nxa_config_copyRepo" \
        "$nxa_config_reconnect" "${nxa_config_maxJobsPerHost-}"
    } >"$2"
  )
}

# nxa_ssh_plausible WHAT VALUE…: what is known only now may be empty, or begin with what ssh takes for an option.
nxa_ssh_plausible() {
  local nxa_value nxa_what=$1
  shift
  for nxa_value; do
    case $nxa_value in
    '' | -* | *[[:space:]]*)
      printf 'ssh: %s is no %s\n' "'$nxa_value'" "$nxa_what"
      return 1
      ;;
    esac
  done
}

# nxa_ssh_options: nxa_ssh_words = what ssh is told of all hosts. Of two that differ ssh takes the first, and all of these before
# those of ~/.ssh/config: what keeps a run from hanging, or from running at all, and the agent and the display at home, is
# not the user's to change.
nxa_ssh_options() {
  local nxa_option
  nxa_ssh_words=(-T -a -x -o BatchMode=yes -o PermitLocalCommand=no -o ClearAllForwardings=yes
    -o "ConnectTimeout=$(((nxa_config_connectTimeout + 999) / 1000))")
  nxa_ssh_newer_options
  for nxa_option in ${nxa_config_options[@]+"${nxa_config_options[@]}"}; do
    nxa_ssh_words[${#nxa_ssh_words[@]}]=-o
    nxa_ssh_words[${#nxa_ssh_words[@]}]=$nxa_option
  done
  nxa_ssh_words=("${nxa_ssh_words[@]}" -o ServerAliveInterval=15 -o ServerAliveCountMax=3 -o LogLevel=ERROR -o Compression=no
    -o ControlPersist=no)
  [ -z "${nxa_config_port-}" ] || nxa_ssh_words=("${nxa_ssh_words[@]}" -p "$nxa_config_port")
  [ -z "${nxa_config_user-}" ] || nxa_ssh_words=("${nxa_ssh_words[@]}" -l "$nxa_config_user")
  [ -z "${nxa_config_identityFile-}" ] || nxa_ssh_words=("${nxa_ssh_words[@]}" -i "$nxa_config_identityFile")
}

# nxa_ssh_newer_options: adds those that not every ssh knows: 7.6 brought the first, 8.7 the others.
nxa_ssh_newer_options() {
  local nxa_option nxa_newer
  nxa_newer=(RemoteCommand=none SessionType=default StdinNull=no ForkAfterAuthentication=no)
  ! nxa_ssh_knows "${nxa_newer[@]/#/-o}" || {
    nxa_ssh_words=("${nxa_ssh_words[@]}" "${nxa_newer[@]/#/-o}")
    return
  }
  for nxa_option in "${nxa_newer[@]}"; do
    ! nxa_ssh_knows "-o$nxa_option" || nxa_ssh_words[${#nxa_ssh_words[@]}]=-o$nxa_option
  done
}

# nxa_ssh_knows OPTION…: does the ssh here understand them?
nxa_ssh_knows() {
  ssh "$@" -V >/dev/null 2>&1
}

# nxa_ssh_print_array NAME WORD…: an assignment.
nxa_ssh_print_array() {
  local nxa_word
  printf '%s=(' "$1"
  shift
  for nxa_word; do
    nxa_quote "$nxa_word"
    printf ' %s' "$NXA_QUOTED"
  done
  printf ' )\n'
}

# nxa_ssh_settled EXECUTOR: takes the connections up: NXA_SSH_HOSTS, NXA_SSH_OPTIONS, NXA_SSH_MODE and the others.
nxa_ssh_settled() {
  # shellcheck disable=SC1090  # written by nxa_ssh_settle
  . "$NXA_RUN_TMP/ssh.$1/settled" || return 1
  NXA_SSH_ROOM=$NXA_RUN_TMP/ssh.$1
  NXA_SSH_MODE=${NXA_SSH_SETTINGS[0]} NXA_SSH_PLACE=${NXA_SSH_SETTINGS[1]} NXA_SSH_COPY=${NXA_SSH_SETTINGS[2]}
  NXA_SSH_RECONNECT=$(((NXA_SSH_SETTINGS[3] + 999) / 1000)) NXA_SSH_LIMIT=${NXA_SSH_SETTINGS[4]}
  NXA_SSH_NAME=${NXA_EXECUTOR_NAME[$1]}
  IFS= read -r NXA_SSH_SOCKETS 2>/dev/null <"$NXA_SSH_ROOM/sockets" || NXA_SSH_SOCKETS=''
}

# nxa_ssh_socket_room: NXA_SSH_SOCKETS = a directory for control sockets, whose paths may have 104 bytes (macOS), of which ssh
# takes 17 for a while.
nxa_ssh_socket_room() {
  NXA_SSH_SOCKETS=$NXA_SSH_ROOM
  if [ "${#NXA_SSH_SOCKETS}" -gt 78 ]; then
    NXA_SSH_SOCKETS=$(mktemp -d /tmp/nixactions-ssh.XXXXXX) || return 1
  fi
  printf '%s\n' "$NXA_SSH_SOCKETS" >"$NXA_SSH_ROOM/sockets"
}

# nxa_ssh_call HOST OPTION…: becomes ssh to the host with that number; the commands for the bash there come by standard input.
nxa_ssh_call() {
  local nxa_number=$1
  shift
  # shellcheck disable=SC2153  # of the executor's settings
  nxa_become ssh "$@" "${NXA_SSH_OPTIONS[@]}" -- "${NXA_SSH_HOSTS[nxa_number]}" "$NXA_SSH_COMMAND"
}

# nxa_ssh_shared HOST: NXA_SSH_SHARED = options that use the connection of the host's keeper, where jobs share one. Is it gone,
# ssh connects anew.
nxa_ssh_shared() {
  NXA_SSH_SHARED=(-S none)
  [ "$NXA_SSH_MODE" = dedicated ] || NXA_SSH_SHARED=(-o ControlMaster=no -S "$NXA_SSH_SOCKETS/$1")
}

# nxa_ssh_do HOST FUNCTION WORD…: runs a function of ssh/there.sh in the run's directory there. Standard input and output are
# its own. The exit status is the one that was written down over there; 255 where none was. NXA_SSH_WORDS = what ssh and the
# function have said besides.
nxa_ssh_do() {
  local nxa_host=$1 nxa_words nxa_mark=nixactions-$RANDOM$RANDOM$RANDOM nxa_status
  nxa_words=$NXA_SSH_ROOM/words.$nxa_mark
  shift
  nxa_ssh_commands "$nxa_host" "$nxa_mark" "$@"
  nxa_ssh_shared "$nxa_host"
  { printf '%s\n' "$NXA_SSH_ENTER" "$NXA_SSH_CALL; exit" && cat; } | (nxa_ssh_call "$nxa_host" "${NXA_SSH_SHARED[@]}") 2>"$nxa_words" | nxa_ssh_after "$nxa_mark"
  nxa_ssh_verdict "$nxa_mark" "$nxa_words"
  nxa_status=$NXA_SSH_STATUS
  rm -f -- "$nxa_words"
  return "$nxa_status"
}

# nxa_ssh_commands HOST MARK FUNCTION WORD…: lines for the bash there: NXA_SSH_ENTER, which leads to the functions and forgets
# all others, and NXA_SSH_CALL.
nxa_ssh_commands() {
  local nxa_word nxa_here=''
  IFS= read -r nxa_here 2>/dev/null <"$NXA_SSH_ROOM/here.$1"
  nxa_quote "$nxa_here"
  NXA_SSH_ENTER="cd -- $NXA_QUOTED && . ./there || exit"
  [ "$3" != end ] || NXA_SSH_ENTER="$(nxa_ssh_gone "$2"); $NXA_SSH_ENTER"
  NXA_SSH_CALL="nxa_there $2"
  for nxa_word in "${@:3}"; do
    nxa_quote "$nxa_word"
    NXA_SSH_CALL="$NXA_SSH_CALL $NXA_QUOTED"
  done
}

# nxa_ssh_gone MARK: prints a command: what is gone, or about to go (a killed script's scheduler cleans up, too), has come to its
# end.
nxa_ssh_gone() {
  local nxa_here=$NXA_QUOTED
  # shellcheck disable=SC2016  # for the shell there
  printf '[ -e %s/there ] || { rm -rf -- %s; rmdir -- "$(dirname -- %s)" 2>/dev/null; echo "%s 0" >&2; exit; }' \
    "$nxa_here" "$nxa_here" "$nxa_here" "$1"
}

# nxa_ssh_after MARK: passes on what comes after the line MARK: what stands before was printed by rc files.
nxa_ssh_after() {
  local nxa_line
  while IFS= read -r nxa_line; do
    [ "$nxa_line" != "$1" ] || exec cat
  done
}

# nxa_ssh_verdict MARK FILE: NXA_SSH_STATUS = what stands behind the mark in the words of a call, which a line of their own end;
# NXA_SSH_WORDS = the others.
nxa_ssh_verdict() {
  local nxa_line
  NXA_SSH_STATUS=255 NXA_SSH_WORDS=''
  while IFS= read -r nxa_line || [ -n "$nxa_line" ]; do
    case $nxa_line in
    "$1 "*) NXA_SSH_STATUS=${nxa_line#"$1 "} ;;
    '') ;;
    # Of another job that used the line.
    nixactions-[0-9]*\ [0-9]*) ;;
    *) NXA_SSH_WORDS="$NXA_SSH_WORDS${NXA_SSH_WORDS:+$NXA_NEWLINE}${nxa_line%$'\r'}" ;;
    esac
  done 2>/dev/null <"$2"
}
