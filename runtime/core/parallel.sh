# Usage: nxa_run_group; in the job runner, where NXA_STEP is the first step of a `parallel` group
# Requires: core/runner.sh core/relay.sh
# Groups of steps that run at once. Each member is run by a process of its own, in which the runner's code runs that one step
# as any other: conditions, retries and timeouts are the same. It prints a stream of its own into a FIFO; a relay hands that
# on into the job's stream, line by line. What a member comes to is believed by the file that it writes at its end.
# shellcheck shell=bash

# nxa_run_group: returns when all members have ended and all that they printed is in the job's stream; NXA_STEP is then the
# last of them.
# Descriptors, here and in what is started: 8 holds the byte of the relay whose turn it is to write; a relay closes 9 when its
# member's last record is through, so that 7 comes to its end when all are.
nxa_run_group() {
  local nxa_first=$NXA_STEP nxa_end=${NXA_STEP_PARALLEL[NXA_STEP]} nxa_lost=''
  NXA_MEMBERS='' NXA_MEMBER_PID=() NXA_MEMBER_KNOWS=() NXA_RELAY_PID=()
  nxa_make_group || {
    nxa_group_refused
    return 0
  }
  for (( ; NXA_STEP < nxa_end; NXA_STEP++)); do
    nxa_start_member
  done
  exec 3<&- 4>&- 8>&- 9>&-
  for ((NXA_STEP = nxa_first; NXA_STEP < nxa_end; NXA_STEP++)); do
    nxa_await "${NXA_MEMBER_PID[NXA_STEP]}" "${NXA_ORDERED:-127}"
    nxa_take_result || nxa_member_lost
  done
  NXA_MEMBERS=''
  # Nothing is ever written there: it ends.
  read -r _ <&7
  exec 7<&-
  for NXA_STEP in $nxa_lost; do
    nxa_tell_lost
  done
  NXA_STEP=$((nxa_end - 1))
}

# nxa_make_group: places for the members' files, and the FIFOs.
nxa_make_group() {
  local nxa_step nxa_fifos nxa_group=$NXA_JOB_TMP/group.$nxa_first
  nxa_fifos=("$nxa_group/turn" "$nxa_group/through")
  NXA_ORDERS=$nxa_group/orders NXA_ORDERED=''
  for ((nxa_step = nxa_first; nxa_step < nxa_end; nxa_step++)); do
    nxa_fifos[${#nxa_fifos[@]}]=$NXA_JOB_TMP/step.$nxa_step/stream
  done
  mkdir -p "${nxa_fifos[@]%/*}" 2>&1 && mkfifo "${nxa_fifos[@]}" 2>&1 || return 1
  : >"$NXA_ORDERS" || return 1
  # Opened for both ways first, a FIFO lets nobody wait for its other end.
  # shellcheck disable=SC2094  # no file, but a FIFO
  exec 8<>"${nxa_fifos[0]}" 9<>"${nxa_fifos[1]}" 7<"${nxa_fifos[1]}"
  [ -n "${NXA_RELAY_PERL+known}" ] || NXA_RELAY_PERL=$(nxa_relay_try_perl)
  printf x >&8
}

# nxa_group_refused: a full disk, say; what was wrong has been printed.
nxa_group_refused() {
  for ((NXA_STEP = nxa_first; NXA_STEP < nxa_end; NXA_STEP++)); do
    nxa_emit end "$NXA_STEP" failure 1 '' '' 'the group could not be started'
  done
  NXA_STEP=$((nxa_end - 1)) NXA_FAILED=1
}

# nxa_start_member: the relay of the step NXA_STEP, and the process that runs it; each holds one end of the step's stream, and
# so sees when the other is gone.
nxa_start_member() {
  local nxa_stream=$NXA_JOB_TMP/step.$NXA_STEP/stream
  # shellcheck disable=SC2094  # no file, but a FIFO
  exec 4<>"$nxa_stream" 3<"$nxa_stream" 4>"$nxa_stream"
  (nxa_relay) <&3 3<&- 4>&- 7<&- &
  NXA_RELAY_PID[NXA_STEP]=$! NXA_RELAYS="$NXA_RELAYS $!"
  NXA_MEMBER_KNOWS[NXA_STEP]=$NXA_CANCELLED:$NXA_TIMED_OUT:${NXA_GRACE_OVER-}
  (nxa_run_member) </dev/null >&4 3<&- 4>&- 7<&- 8>&- 9>&- &
  NXA_MEMBER_PID[NXA_STEP]=$! NXA_MEMBERS="$NXA_MEMBERS $NXA_STEP"
  # A signal that came before the number was known is made good; before the first, there was nobody to be told.
  [ -z "$NXA_ORDERED$NXA_INTERRUPT" ] || nxa_order_members
}

# nxa_order_members: hands the job's cancellation or timeout on: what is in force stands in a file, of which a signal tells once
# (a needless one could come just when the member's step ends, and cost it its status). Those that do not heed signals yet
# will look there.
nxa_order_members() {
  local nxa_member nxa_orders=$NXA_CANCELLED:$NXA_TIMED_OUT:${NXA_GRACE_OVER-}
  NXA_ORDERED=1
  printf '%s\n' "$nxa_orders" >>"$NXA_ORDERS"
  for nxa_member in $NXA_MEMBERS; do
    [ "${NXA_MEMBER_KNOWS[nxa_member]}" != "$nxa_orders" ] || continue
    NXA_MEMBER_KNOWS[nxa_member]=$nxa_orders
    [ -e "$NXA_JOB_TMP/step.$nxa_member/heeds" ] && [ ! -e "$NXA_JOB_TMP/step.$nxa_member/result" ] || continue
    kill -s TERM "${NXA_MEMBER_PID[nxa_member]}" 2>/dev/null
  done
}

# nxa_take_result: what the member NXA_STEP has written at its end: NXA_FAILED, NXA_GROUPS and what it gave to later steps.
# Status 1 where it was killed before.
nxa_take_result() {
  local nxa_line nxa_failed='' nxa_groups='' nxa_names nxa_values nxa_at
  nxa_names=() nxa_values=()
  while IFS= LC_ALL=C read -r nxa_line; do
    case $nxa_line in
    end) break ;;
    failed) nxa_failed=1 ;;
    'groups '*) nxa_groups=${nxa_line#groups } ;;
    *)
      nxa_decode "${nxa_line#*=}"
      nxa_names[${#nxa_names[@]}]=${nxa_line%%=*} nxa_values[${#nxa_values[@]}]=$NXA_DECODED
      ;;
    esac
    nxa_line=''
  done 2>/dev/null <"$NXA_JOB_TMP/step.$NXA_STEP/result"
  [ "${nxa_line-}" = end ] || return 1
  [ -z "$nxa_failed" ] || NXA_FAILED=1
  NXA_GROUPS="$NXA_GROUPS $nxa_groups"
  for ((nxa_at = 0; nxa_at < ${#nxa_names[@]}; nxa_at++)); do
    NXA_GIVEN_NAME[${#NXA_GIVEN_NAME[@]}]=${nxa_names[nxa_at]}
    NXA_GIVEN_VALUE[${#NXA_GIVEN_VALUE[@]}]=${nxa_values[nxa_at]}
  done
}

# nxa_member_lost: the process that ran the step NXA_STEP was killed: by its step, most likely. What is left of the step is
# found by its environment.
nxa_member_lost() {
  nxa_marked_processes "$JOB_NAME" "${NXA_STEP_NAME[NXA_STEP]}"
  if [ -n "$NXA_MARKED" ]; then
    nxa_tree_find "${NXA_MARKED# }"
    nxa_tree_kill KILL
  fi
  nxa_end_relay "${NXA_RELAY_PID[NXA_STEP]}"
  nxa_lost="$nxa_lost $NXA_STEP"
}

# nxa_tell_lost: in the place of the process that is gone.
nxa_tell_lost() {
  local nxa_status=failure
  [ -z "$NXA_CANCELLED" ] || nxa_status=cancelled
  nxa_emit end "$NXA_STEP" "$nxa_status" 1 '' '' 'the process that ran this step was killed'
  nxa_count_result
}

# nxa_end_relays: at the job's end, when what the members left in the background has been ended.
nxa_end_relays() {
  local nxa_relay
  for nxa_relay in $NXA_RELAYS; do
    nxa_end_relay "$nxa_relay"
  done
}

# nxa_end_relay PID: waits for a relay whose stream nobody should write any more; where something escaped and still holds it,
# for two seconds.
nxa_end_relay() {
  kill -0 "$1" 2>/dev/null || return 0
  nxa_timer_start 2000 KILL "$1"
  nxa_await "$1" 1
  nxa_timer_stop "$NXA_TIMER"
}

# --- inside a member's process ---------------------------------------------------------------------

# nxa_run_member: the step NXA_STEP, as a job runner for this step alone, with files of its own.
nxa_run_member() {
  local nxa_given=${#NXA_GIVEN_NAME[@]}
  NXA_MEMBERS='' NXA_CHILD='' NXA_GROUPS=''
  NXA_JOB_TMP=$NXA_JOB_TMP/step.$NXA_STEP
  NXA_CONDITION_FILE=$NXA_JOB_TMP/condition
  nxa_self
  NXA_RUNNER=$NXA_SELF
  trap 'nxa_take_orders' TERM
  trap 'nxa_on_step_timeout' USR1
  : >"$NXA_JOB_TMP/heeds"
  nxa_take_orders
  export JOB_ENV="$NXA_JOB_TMP/env"
  : >"$JOB_ENV"
  # Here it is a step like any other.
  NXA_STEP_PARALLEL=()
  set -m
  nxa_run_steps "$NXA_STEP" $((NXA_STEP + 1))
  nxa_tell_untold
  nxa_write_result
  nxa_emit last
}

# nxa_take_orders: as the runner was told; what is known already is no order.
nxa_take_orders() {
  local nxa_cancelled nxa_timed_out nxa_over nxa_known=$NXA_CANCELLED:$NXA_TIMED_OUT:${NXA_GRACE_OVER-}
  NXA_INTERRUPTED=1
  while IFS=: read -r nxa_cancelled nxa_timed_out nxa_over; do
    NXA_CANCELLED=$nxa_cancelled NXA_TIMED_OUT=$nxa_timed_out NXA_GRACE_OVER=$nxa_over
  done <"$NXA_ORDERS"
  [ "$nxa_known" = "$NXA_CANCELLED:$NXA_TIMED_OUT:${NXA_GRACE_OVER-}" ] || nxa_interrupt
}

# nxa_write_result: what the runner takes over.
nxa_write_result() {
  {
    [ -z "$NXA_FAILED" ] || printf 'failed\n'
    printf 'groups %s\n' "$NXA_GROUPS"
    for (( ; nxa_given < ${#NXA_GIVEN_NAME[@]}; nxa_given++)); do
      nxa_encode "${NXA_GIVEN_VALUE[nxa_given]}"
      printf '%s=%s\n' "${NXA_GIVEN_NAME[nxa_given]}" "$NXA_ENCODED"
    done
    printf 'end\n'
  } >"$NXA_JOB_TMP/result"
}
