# Usage: nxa_ssh_run EXECUTOR JOB; in the job's body; then nxa_ssh_stop JOB where it did not end by itself
# Requires: ssh/hosts.sh ssh/connection.sh ssh/line.sh core/jobscript.sh core/condition.sh
# A job over ssh: it runs on whether or not anybody listens, and keeps what it prints. What has arrived here is counted, so that
# a connection that broke is taken up where it was.
# shellcheck shell=bash

# nxa_ssh_run EXECUTOR JOB: passes the job's stream on until it is whole, or nobody answers for the time that the host waits.
nxa_ssh_run() {
  local nxa_last=$SECONDS
  NXA_SSH_STATE=$NXA_SSH_ROOM/job.$2 NXA_SSH_RECEIVED=0 NXA_SSH_ORDER='' NXA_SSH_ATTACHED=''
  if [ ! -s "$NXA_SSH_STATE.code" ] && ! (nxa_ssh_code "$2" "$NXA_SSH_STATE.code"); then
    nxa_emit job_failed "cannot write $NXA_SSH_STATE.code"
    return
  fi
  : >"$NXA_SSH_STATE.sent"
  trap 'nxa_ssh_order TERM' TERM
  trap 'nxa_ssh_order USR2' USR2
  while :; do
    if nxa_ssh_attach "$2"; then
      : >"$NXA_SSH_STATE.whole"
      return
    fi
    [ "$NXA_SSH_ATTACHED" != lost ] || nxa_last=$SECONDS
    if [ $((SECONDS - nxa_last)) -ge "$NXA_SSH_RECONNECT" ]; then
      nxa_emit job_failed "the connection to ${NXA_SSH_HOSTS[NXA_SSH_HOST]} was lost: ${NXA_SSH_WORDS:-it was cut}"
      return
    fi
    sleep 1
  done
}

# nxa_ssh_prepare EXECUTOR PID…: writes what jobs will send, as many as there is time for while the processes are at it, which
# make the connections: of those that depend on nothing but the run. One that has secrets tells of them in its own stream.
nxa_ssh_prepare() {
  local nxa_job
  [ -z "$NXA_SECRETS" ] || return 0
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    kill -0 "${@:2}" 2>/dev/null || return 0
    [ "${NXA_JOB_EXECUTOR[nxa_job]}" = "$1" ] && [ -n "${NXA_SELECTED[nxa_job]-}" ] || continue
    [ -z "${NXA_JOB_REFS[nxa_job]-}${NXA_JOB_PROVIDERS[nxa_job]-}${NXA_JOB_TIMEOUT[nxa_job]-}" ] || continue
    (
      NXA_JOB=$nxa_job
      "nxa_job_$NXA_JOB" plan
      [ "${#NXA_STEP_PROVIDERS[@]}" != 0 ] || nxa_ssh_code "$NXA_JOB" "$NXA_SSH_ROOM/job.$nxa_job.code"
    ) || : >"$NXA_SSH_ROOM/job.$nxa_job.code"
  done
}

# nxa_ssh_code JOB FILE: in a process of its own, whose environment becomes the job's: writes the job's function, and one that
# sets its values. They are read over there as they come, and are in no file there.
nxa_ssh_code() {
  # What this has to tell goes into the job's stream.
  nxa_job_for_elsewhere
  nxa_ssh_print_code "$1" >"$2"
}

nxa_ssh_print_code() {
  nxa_print_functions "nxa_job_$1"
  printf 'nxa_there_values() {\n'
  nxa_print_plan
  printf 'NXA_REF=()\n'
  nxa_print_texts NXA_DEADLINE
  printf 'NXA_THERE_UMASK=%s\n' "$NXA_CALLER_UMASK"
  nxa_print_needed
  [ "${#NXA_STEP_PROVIDERS[@]}" = 0 ] || nxa_print_required
  # shellcheck disable=SC2086  # names
  [ -z "$NXA_UNSET_NAMES" ] || printf 'unset %s\n' "${NXA_UNSET_NAMES# }"
  nxa_print_job_env
  # shellcheck disable=SC2016  # over there
  printf 'nxa_elsewhere_take "$NXA_JOB_VALUES"\nunset NXA_JOB_VALUES\n}\n'
}

# nxa_ssh_attach JOB: sends the job over a line, or asks for what has not arrived. Status 0 if the stream is whole.
# NXA_SSH_ATTACHED = lost where it had come to stand.
nxa_ssh_attach() {
  local nxa_mark=nixactions-$RANDOM$RANDOM$RANDOM
  NXA_SSH_ATTACHED='' NXA_SSH_WORDS='' NXA_SSH_WHOLE=''
  nxa_ssh_line "$NXA_SSH_HOST" || return 1
  exec 5<>"$NXA_SSH_LINE.in" 6<"$NXA_SSH_LINE.out"
  nxa_ssh_text "$1" "$nxa_mark"
  if [ -n "$NXA_SSH_LASTS" ]; then nxa_ssh_over_lasting "$nxa_mark"; else nxa_ssh_over_single "$nxa_mark"; fi
  exec 5>&- 6<&-
  if [ -n "$NXA_SSH_WHOLE" ]; then
    nxa_ssh_line_free
    return
  fi
  nxa_ssh_verdict "$nxa_mark" "$NXA_SSH_LINE.said"
  # Of a line that lasts, the end in the stream alone counts: what the job said before may have been on its way still.
  [ -z "$NXA_SSH_LASTS" ] && [ "$NXA_SSH_STATUS" = 0 ]
}

# nxa_ssh_text JOB MARK: NXA_SSH_TEXT = what the bash there is to do; NXA_SSH_LONG = 1 where a FIFO might not hold it.
nxa_ssh_text() {
  local nxa_code
  nxa_ssh_commands "$NXA_SSH_HOST" "$2" job "$1" "${NXA_JOB_NAME[$1]}" "$NXA_SSH_RECEIVED" "$NXA_SSH_LASTS"
  [ "$NXA_SSH_USE" = 0 ] || NXA_SSH_ENTER=''
  if [ -n "$NXA_SSH_LASTS" ]; then
    # Nothing of a job that has ended stays in a shell that goes on.
    NXA_SSH_CALL="$NXA_SSH_CALL && unset -f nxa_job_$1 nxa_there_values && nxa_there_mark $2 || exit"
  else
    NXA_SSH_CALL="$NXA_SSH_CALL; exit"
  fi
  IFS= read -r -d '' nxa_code <"$NXA_SSH_STATE.code"
  NXA_SSH_TEXT=$NXA_SSH_ENTER$NXA_NEWLINE$nxa_code$NXA_NEWLINE$NXA_SSH_CALL NXA_SSH_LONG=''
  # A FIFO that is empty takes 4096 bytes, whatever the system; a character may have four.
  [ "${#NXA_SSH_TEXT}" -lt 1000 ] || NXA_SSH_LONG=1
}

# nxa_ssh_send: sends that text; a long one in the background, since a connection that hangs takes no more.
nxa_ssh_send() {
  if [ -z "$NXA_SSH_LONG" ]; then
    printf '%s\n' "$NXA_SSH_TEXT" >&5
  else
    printf '%s\n' "$NXA_SSH_TEXT" >&5 6<&- &
  fi
}

# nxa_ssh_over_lasting MARK: sends the job and hands on what comes, until the stream is whole (NXA_SSH_WHOLE) or the line breaks;
# NXA_SSH_RECEIVED = the bytes that have arrived. Over a line that lasts a perl sees the stream's end. It takes as long to start as
# the job over there, so it comes first; that the stream begins it tells only where the job may not have been sent by then.
nxa_ssh_over_lasting() {
  local nxa_pass nxa_told=''
  if [ -n "$NXA_SSH_LONG" ]; then
    trap 'nxa_ssh_begun' USR1
    nxa_self
    nxa_told=$NXA_SELF
  fi
  (nxa_perl -e "$NXA_PASS_PL" "$1" "$NXA_SSH_STATE.received" "$NXA_SSH_RECEIVED" "$nxa_told") <&6 5>&- &
  nxa_pass=$!
  nxa_ssh_send
  [ -n "$NXA_SSH_LONG" ] || nxa_ssh_begun
  nxa_await "$nxa_pass"
  case $NXA_STATUS in
  0) NXA_SSH_WHOLE=1 ;;
  2)
    NXA_SSH_ATTACHED=''
    return
    ;;
  *) IFS= read -r NXA_SSH_RECEIVED <"$NXA_SSH_STATE.received" ;;
  esac
  NXA_SSH_ATTACHED=lost
}

# nxa_ssh_over_single MARK: the same over a line that ends with the job.
nxa_ssh_over_single() {
  local nxa_line
  nxa_ssh_send
  while IFS= read -r nxa_line <&6; do
    [ "$nxa_line" = "$1" ] || continue
    nxa_ssh_begun
    tee -a "$NXA_SSH_STATE.received" <&6 5>&- &
    nxa_await "$!"
    NXA_SSH_RECEIVED=$(($(wc -c <"$NXA_SSH_STATE.received")))
    NXA_SSH_ATTACHED=lost
    break
  done
}

# nxa_ssh_begun: an order that is sent now is read by the job.
nxa_ssh_begun() {
  NXA_INTERRUPTED=1
  NXA_SSH_ATTACHED=1
  [ -z "$NXA_SSH_ORDER" ] || printf '%s\n' "$NXA_SSH_ORDER" >&5
}

# nxa_ssh_order SIGNAL: hands the job's cancellation or timeout on.
nxa_ssh_order() {
  NXA_INTERRUPTED=1
  NXA_SSH_ORDER=$1
  [ "$NXA_SSH_ATTACHED" != 1 ] || printf '%s\n' "$1" >&5
}

# nxa_ssh_stop JOB: ends the job there if it may still run.
nxa_ssh_stop() {
  [ -e "$NXA_SSH_ROOM/job.$1.sent" ] && [ ! -e "$NXA_SSH_ROOM/job.$1.whole" ] || return 0
  nxa_ssh_do "$NXA_SSH_HOST" kill "$1" </dev/null >/dev/null
}
