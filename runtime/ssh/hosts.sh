# Usage: nxa_ssh_up EXECUTOR; nxa_ssh_down; nxa_ssh_take JOB; nxa_ssh_give JOB
# Requires: ssh/connection.sh ssh/line.sh ssh/there.sh core/bundle.sh core/process.sh
# The hosts of an executor: each is set up once, and kept by a session of its own, whose end tells the host that nobody is
# there any more. Which host a job goes to.
# shellcheck shell=bash

# nxa_ssh_up EXECUTOR: sets all hosts up at the same time. Of a pool, those that cannot be had are left out. What is wrong is
# printed.
nxa_ssh_up() {
  local nxa_host nxa_pids nxa_good=0
  nxa_pids=()
  nxa_ssh_there "$1" >"$NXA_SSH_ROOM/there" && nxa_ssh_wanted "$1" || return 1
  if [ "$NXA_SSH_COPY" = true ] && [ "${#NXA_SSH_HOSTS[@]}" -gt 1 ]; then
    # Packed once where several get it.
    nxa_ssh_repository >"$NXA_SSH_ROOM/repository" || return 1
  fi
  for ((nxa_host = 0; nxa_host < ${#NXA_SSH_HOSTS[@]}; nxa_host++)); do
    (nxa_ssh_host_up "$nxa_host") </dev/null >"$NXA_SSH_ROOM/log.$nxa_host" 2>&1 &
    nxa_pids[nxa_host]=$!
  done
  nxa_ssh_prepare "$1" "${nxa_pids[@]}"
  for ((nxa_host = 0; nxa_host < ${#NXA_SSH_HOSTS[@]}; nxa_host++)); do
    if wait "${nxa_pids[nxa_host]}"; then
      nxa_good=$((nxa_good + 1))
    else
      nxa_ssh_bad "$nxa_host"
      nxa_ssh_log "$nxa_host" | tee -a "$NXA_RUN_TMP/setup-warnings.$1"
    fi
  done
  rm -f -- "$NXA_SSH_ROOM/repository"
  [ "$nxa_good" -gt 0 ] && nxa_ssh_places
}

# nxa_ssh_log HOST: prints why it could not be set up.
nxa_ssh_log() {
  local nxa_line
  while IFS= read -r nxa_line || [ -n "$nxa_line" ]; do
    printf '%s: %s\n' "${NXA_SSH_HOSTS[$1]}" "$nxa_line"
  done <"$NXA_SSH_ROOM/log.$1"
}

# nxa_ssh_bad HOST: no job goes there any more.
nxa_ssh_bad() {
  : >"$NXA_SSH_ROOM/bad.$1"
}

nxa_ssh_repository() {
  local nxa_codes
  nxa_print_repository "$NXA_SSH_ROOM/copy" | gzip -1
  nxa_codes=("${PIPESTATUS[@]}")
  [ "${nxa_codes[0]}${nxa_codes[1]}" = 00 ]
}

# nxa_ssh_there EXECUTOR: prints what is needed there: the functions, and the bundle's texts.
nxa_ssh_there() {
  local nxa_action
  printf '%s\n' "$NXA_START_SH"
  # shellcheck disable=SC2086  # names
  declare -f $NXA_THERE_FUNCTIONS nxa_pack nxa_unpack nxa_untar nxa_inside nxa_tar nxa_make_directories nxa_make_pipes
  nxa_print_texts NXA_NEWLINE NXA_SEPARATOR NXA_BACKSLASH NXA_QUOTE NXA_THERE_TOOLS
  [ -z "${NXA_RELAY_PL-}" ] || nxa_print_texts NXA_RELAY_PL
  printf 'NXA_ACTION_DIR=() NXA_ACTION_TEXT=()\n'
  for nxa_action in ${NXA_EXECUTOR_ACTIONS[$1]}; do
    nxa_print_action "$nxa_action"
  done
  nxa_ssh_jobs "$1"
}

# nxa_ssh_jobs EXECUTOR: prints its jobs, each with its number before its name.
nxa_ssh_jobs() {
  local nxa_job nxa_jobs
  nxa_jobs=()
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ "${NXA_JOB_EXECUTOR[nxa_job]}" = "$1" ] && [ -n "${NXA_SELECTED[nxa_job]-}" ] || continue
    nxa_jobs[${#nxa_jobs[@]}]="$nxa_job ${NXA_JOB_NAME[nxa_job]}"
  done
  nxa_ssh_print_array NXA_THERE_JOBS ${nxa_jobs[@]+"${nxa_jobs[@]}"}
}

# nxa_ssh_wanted EXECUTOR: NXA_SSH_WANTED = the commands that its jobs need, each with who wants it behind it. Where packages
# come from nix, that is nix.
nxa_ssh_wanted() {
  local nxa_i nxa_job nxa_here
  NXA_SSH_WANTED=()
  for ((nxa_i = 0; nxa_i < ${#NXA_DEP_COMMAND[@]}; nxa_i++)); do
    nxa_here=''
    for nxa_job in ${NXA_DEP_JOBS[nxa_i]}; do
      [ "${NXA_JOB_EXECUTOR[nxa_job]}" != "$1" ] || nxa_here="$nxa_here $nxa_job"
    done
    nxa_dep_wanted "$nxa_here" || continue
    NXA_SSH_WANTED[${#NXA_SSH_WANTED[@]}]="${NXA_DEP_COMMAND[nxa_i]} (${NXA_DEP_WANTED[nxa_i]})"
  done
}

# nxa_ssh_host_up HOST: its keeper, the functions, the bundle and the repository.
nxa_ssh_host_up() {
  local nxa_words
  mkfifo "$NXA_SSH_ROOM/up.$1" || return 1
  set -m
  (nxa_ssh_keep "$1") </dev/null >/dev/null 2>&1 &
  printf '%s\n' "$!" >"$NXA_SSH_ROOM/keeper.$1"
  set +m
  IFS= read -r nxa_words <"$NXA_SSH_ROOM/up.$1"
  if [ "$nxa_words" != up ]; then
    cat <"$NXA_SSH_ROOM/said.$1"
    return 1
  fi
  if ! nxa_ssh_upload "$1" || ! nxa_ssh_start "$1"; then
    printf '%s\n' "${NXA_SSH_WORDS:-the connection was cut}"
    return 1
  fi
}

# nxa_ssh_upload HOST: the file of functions, by itself: nothing else can be called there before.
nxa_ssh_upload() {
  local nxa_here nxa_mark=nixactions-$RANDOM$RANDOM$RANDOM
  IFS= read -r nxa_here <"$NXA_SSH_ROOM/here.$1"
  nxa_quote "$nxa_here"
  nxa_ssh_shared "$1"
  {
    printf 'umask 077; cd -- %s && cat >there.part && mv there.part there && echo "%s 0" >&2; exit\n' "$NXA_QUOTED" "$nxa_mark"
    cat <"$NXA_SSH_ROOM/there"
  } | (nxa_ssh_call "$1" "${NXA_SSH_SHARED[@]}") >/dev/null 2>"$NXA_SSH_ROOM/upload.$1"
  nxa_ssh_verdict "$nxa_mark" "$NXA_SSH_ROOM/upload.$1"
  return "$NXA_SSH_STATUS"
}

# nxa_ssh_start HOST: the bundle and the repository.
nxa_ssh_start() {
  nxa_ssh_do "$1" start "$NXA_SSH_COPY" "${NXA_SSH_WANTED[@]+"${NXA_SSH_WANTED[@]}"}" < <(nxa_ssh_packed "$1")
  [ "$NXA_SSH_STATUS" = 0 ] && [ ! -e "$NXA_SSH_ROOM/unpacked.$1" ]
}

# nxa_ssh_packed HOST: prints the repository as it was packed for all, or packs it.
nxa_ssh_packed() {
  if [ -e "$NXA_SSH_ROOM/repository" ]; then
    cat <"$NXA_SSH_ROOM/repository"
  elif [ "$NXA_SSH_COPY" = true ]; then
    nxa_ssh_repository || : >"$NXA_SSH_ROOM/unpacked.$1"
  fi
}

# --- keepers -------------------------------------------------------------------------------------------------------------

# nxa_ssh_keep HOST: a session that lasts as long as the script, in the mode `shared` the connection of all jobs. It is made
# anew if it is cut off, for as long as the host waits for that.
nxa_ssh_keep() {
  local nxa_ever='' nxa_since=$SECONDS nxa_options
  # The end of this FIFO, which only the script's first process holds, is the script's.
  exec 9<"$NXA_RUN_TMP/alive" 7>&- 8>&-
  nxa_options=(-S none)
  [ "$NXA_SSH_MODE" = dedicated ] || nxa_options=(-o ControlMaster=yes -S "$NXA_SSH_SOCKETS/$1")
  while :; do
    rm -f -- "$NXA_SSH_SOCKETS/$1"
    nxa_ssh_keep_once "$1" && nxa_ever=1 nxa_since=$SECONDS
    [ -n "$nxa_ever" ] && [ ! -e "$NXA_SSH_ROOM/ending" ] && [ $((SECONDS - nxa_since)) -lt "$NXA_SSH_RECONNECT" ] || break
    sleep 1
  done
  [ -n "$nxa_ever" ] || printf 'down\n' >"$NXA_SSH_ROOM/up.$1"
}

# nxa_ssh_keep_once HOST: one session, to its end. Status 0 if it has come to stand.
nxa_ssh_keep_once() {
  local nxa_line nxa_here='' nxa_feeder nxa_mark=nixactions-$RANDOM$RANDOM$RANDOM nxa_pipe=$NXA_SSH_ROOM/in.$1
  rm -f -- "$nxa_pipe" && mkfifo "$nxa_pipe" || return 1
  (
    exec >"$nxa_pipe"
    nxa_ssh_keep_commands "$1" "$nxa_mark"
    exec cat <&9
  ) &
  nxa_feeder=$!
  while IFS= read -r nxa_line; do
    case $nxa_line in
    "$nxa_mark at "*)
      nxa_here=${nxa_line#"$nxa_mark at "}
      printf '%s\n' "$nxa_here" >"$NXA_SSH_ROOM/here.$1"
      [ -n "$nxa_ever" ] || printf 'up\n' >"$NXA_SSH_ROOM/up.$1"
      ;;
    esac
  done < <(
    exec 9<&-
    nxa_ssh_call "$1" "${nxa_options[@]}" <"$nxa_pipe" 2>"$NXA_SSH_ROOM/said.$1"
  )
  # It ends by itself when the script does.
  kill "$nxa_feeder" 2>/dev/null || : >"$NXA_SSH_ROOM/ending"
  [ -n "$nxa_here" ]
}

# nxa_ssh_keep_commands HOST MARK: the function that keeps, and its call.
nxa_ssh_keep_commands() {
  local nxa_word nxa_words='' nxa_name=$NXA_SSH_NAME
  # Several hosts may be one machine.
  [ "$NXA_SSH_MODE" != pool ] || nxa_name=$nxa_name.$1
  for nxa_word in "$2" "$NXA_SSH_PLACE" "$WORKFLOW_ID" "$nxa_name" "$NXA_SSH_RECONNECT" "$RANDOM$RANDOM" "$nxa_ever"; do
    nxa_quote "$nxa_word"
    nxa_words="$nxa_words $NXA_QUOTED"
  done
  declare -f nxa_there_keep
  printf 'nxa_there_keep%s; exit\n' "$nxa_words"
}

# nxa_ssh_down: everything of the run goes, there and here. Status 1 where a host did not say so.
nxa_ssh_down() {
  local nxa_host nxa_keeper nxa_status=0
  : >"$NXA_SSH_ROOM/ending"
  nxa_ssh_lines_end
  for ((nxa_host = 0; nxa_host < ${#NXA_SSH_HOSTS[@]}; nxa_host++)); do
    [ -e "$NXA_SSH_ROOM/keeper.$nxa_host" ] || continue
    if [ -e "$NXA_SSH_ROOM/here.$nxa_host" ] && ! nxa_ssh_do "$nxa_host" end </dev/null >/dev/null; then
      printf '%s could not be cleaned up: %s\n' "${NXA_SSH_HOSTS[nxa_host]}" "${NXA_SSH_WORDS:-the connection was cut}"
      nxa_status=1
    fi
    IFS= read -r nxa_keeper <"$NXA_SSH_ROOM/keeper.$nxa_host"
    kill -TERM -- "-$nxa_keeper" 2>/dev/null
  done
  if IFS= read -r nxa_keeper 2>/dev/null <"$NXA_SSH_ROOM/holder"; then
    kill -TERM -- "-$nxa_keeper" 2>/dev/null
  fi
  case $NXA_SSH_SOCKETS in /tmp/nixactions-ssh.*) rm -rf -- "$NXA_SSH_SOCKETS" ;; esac
  return "$nxa_status"
}

# --- places for jobs --------------------------------------------------------------------------------------------------------

# A byte stands for a host: 33 to 125 and 128 to 255. 126 says that no host is left; bash uses 127 itself.
NXA_SSH_MOST_HOSTS=221

# nxa_ssh_places: a FIFO holds a byte for each place of each host, which a job takes and gives back.
# Without a limit there is one byte, the host whose turn it is: who takes it puts the next one there. A byte, since several read.
nxa_ssh_places() {
  local nxa_host nxa_n
  mkfifo "$NXA_SSH_ROOM/places" || return 1
  exec 5<>"$NXA_SSH_ROOM/places"
  for ((nxa_n = 0; nxa_n < ${NXA_SSH_LIMIT:-1}; nxa_n++)); do
    for ((nxa_host = 0; nxa_host < ${#NXA_SSH_HOSTS[@]}; nxa_host++)); do
      [ ! -e "$NXA_SSH_ROOM/bad.$nxa_host" ] || continue
      nxa_ssh_put_place "$nxa_host" >&5
      [ -n "$NXA_SSH_LIMIT" ] || break
    done
  done
  # What is in it stays there as long as somebody holds it.
  set -m
  (exec cat <"$NXA_RUN_TMP/alive") </dev/null >/dev/null 2>&1 &
  printf '%s\n' "$!" >"$NXA_SSH_ROOM/holder"
  set +m
}

# nxa_ssh_put_place HOST: prints its byte.
nxa_ssh_put_place() {
  local nxa_octal
  printf -v nxa_octal '%03o' $(($1 < 93 ? $1 + 33 : $1 + 35))
  # shellcheck disable=SC2059  # a number
  printf "\\$nxa_octal"
}

# nxa_ssh_take JOB: NXA_SSH_HOST = the host that the job goes to, when it has a place. Status 1 if no host is left.
nxa_ssh_take() {
  local nxa_place
  NXA_SSH_HOST=0
  if [ "$NXA_SSH_MODE" != pool ] && [ -z "$NXA_SSH_LIMIT" ]; then
    printf '0\n' >"$NXA_SSH_ROOM/of.$1"
    return 0
  fi
  exec 5<>"$NXA_SSH_ROOM/places"
  while nxa_ssh_any_good; do
    IFS= LC_ALL=C read -r -n 1 nxa_place <&5
    [ "$nxa_place" != '~' ] || break
    LC_ALL=C printf -v NXA_SSH_HOST '%d' "'$nxa_place"
    # Where characters have a sign, half of them are negative.
    NXA_SSH_HOST=$((NXA_SSH_HOST & 255))
    NXA_SSH_HOST=$((NXA_SSH_HOST < 126 ? NXA_SSH_HOST - 33 : NXA_SSH_HOST - 35))
    [ -n "$NXA_SSH_LIMIT" ] || nxa_ssh_put_place $(((NXA_SSH_HOST + 1) % ${#NXA_SSH_HOSTS[@]})) >&5
    [ ! -e "$NXA_SSH_ROOM/bad.$NXA_SSH_HOST" ] || continue
    if [ "$NXA_SSH_MODE" != pool ] || nxa_ssh_do "$NXA_SSH_HOST" alive </dev/null >/dev/null; then
      printf '%s\n' "$NXA_SSH_HOST" >"$NXA_SSH_ROOM/of.$1"
      exec 5>&-
      return 0
    fi
    nxa_ssh_bad "$NXA_SSH_HOST"
    nxa_warn "${NXA_SSH_HOSTS[NXA_SSH_HOST]} cannot be reached, its jobs go to others: ${NXA_SSH_WORDS:-the connection was cut}"
  done
  # For those who wait, too.
  printf '~' >&5
  exec 5>&-
  return 1
}

# nxa_ssh_any_good: is there a host that jobs can go to?
nxa_ssh_any_good() {
  local nxa_host
  for ((nxa_host = 0; nxa_host < ${#NXA_SSH_HOSTS[@]}; nxa_host++)); do
    [ -e "$NXA_SSH_ROOM/bad.$nxa_host" ] || return 0
  done
  return 1
}

# nxa_ssh_of JOB: NXA_SSH_HOST = the host that it went to; status 1 if to none, or if its place was given back.
nxa_ssh_of() {
  IFS= read -r NXA_SSH_HOST 2>/dev/null <"$NXA_SSH_ROOM/of.$1"
}

# nxa_ssh_give JOB: gives the job's place back.
nxa_ssh_give() {
  nxa_ssh_of "$1" || return 0
  : >"$NXA_SSH_ROOM/of.$1"
  [ -z "$NXA_SSH_LIMIT" ] || nxa_ssh_put_place "$NXA_SSH_HOST" 1<>"$NXA_SSH_ROOM/places"
}
