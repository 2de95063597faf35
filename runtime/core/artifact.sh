# Usage: nxa_save_outputs; nxa_restore_inputs; for the job that the process is about (NXA_JOB)
# Requires: core/stream.sh core/text.sh core/condition.sh core/bundle.sh
# Artifacts are kept on the host below NIXACTIONS_ARTIFACTS_DIR, in the directory that the compiler
# chose for the name, each file at the path it had below its job's directory. Executors move them as tar
# streams: nxa_KIND_save_artifact prints one, nxa_KIND_restore_artifact reads one. Whoever unpacks one owns what comes of it.
# Their status is 75 (EX_TEMPFAIL) where the stream broke off on its way and the whole may go anew.
# shellcheck shell=bash

# What is being moved, for those who must say its name.
# shellcheck disable=SC2034  # for executors whose hooks are told
NXA_ARTIFACT=''
# The artifacts of a job's plan.
NXA_OUTPUT_NAME=() NXA_OUTPUT_PATH=() NXA_OUTPUT_DIR=()
NXA_RESTORE_NAME=() NXA_RESTORE_PATH=() NXA_RESTORE_EACH=() NXA_RESTORE_OPTIONAL=() NXA_RESTORE_FROM=()
# How often one artifact may go.
NXA_ARTIFACT_TRIES=5

# nxa_save_outputs: saves what the job's plan lists; what is missing is told, the filter judges.
nxa_save_outputs() {
  local nxa_i nxa_dir nxa_status
  for ((nxa_i = 0; nxa_i < ${#NXA_OUTPUT_NAME[@]}; nxa_i++)); do
    nxa_dir=$NIXACTIONS_ARTIFACTS_DIR/${NXA_OUTPUT_DIR[nxa_i]}
    # shellcheck disable=SC2034  # for executors whose hooks are told
    NXA_ARTIFACT=${NXA_OUTPUT_NAME[nxa_i]}
    nxa_store_output "${NXA_OUTPUT_PATH[nxa_i]}" "$nxa_dir"
    nxa_status=$?
    case $nxa_status in
    0) nxa_emit artifact_saved "${NXA_OUTPUT_NAME[nxa_i]}" ;;
    3) nxa_emit output_missing "${NXA_OUTPUT_NAME[nxa_i]} (nothing at ${NXA_OUTPUT_PATH[nxa_i]})" ;;
    *) nxa_emit output_failed "${NXA_OUTPUT_NAME[nxa_i]}" ;;
    esac
  done
}

# nxa_artifact_again STATUS TRY: is there to be another try, after one that ended with STATUS? That is told.
nxa_artifact_again() {
  [ "$1" = 75 ] && [ "$2" -lt "$NXA_ARTIFACT_TRIES" ] || return 1
  nxa_warn "artifact $NXA_ARTIFACT broke off on its way, and goes anew"
}

# nxa_store_output PATH DIR: 0 saved whole, 3 nothing there, else failed; then nothing is kept.
nxa_store_output() {
  local nxa_status nxa_words nxa_try=0
  while :; do
    nxa_try=$((nxa_try + 1))
    rm -rf "$2.part" && mkdir -p "$2.part" || return 1
    # In the background, so that an order to end is heeded whatever an executor's tools do.
    nxa_fetch_output "$1" "$2.part" </dev/null &
    nxa_await "$!"
    nxa_artifact_again "$NXA_STATUS" "$nxa_try" || break
  done
  if [ "$NXA_STATUS" = 0 ]; then
    rm -rf "$2" && mv "$2.part" "$2"
    return
  fi
  nxa_status=$NXA_STATUS
  rm -rf "$2.part"
  [ "$nxa_status" != 3 ] || return 3
  # The tools' own words; what was refused gives the second nothing to read, and its complaint says nothing.
  [ "$nxa_status" != 4 ] || : >"$NXA_RUN_TMP/unpack.$NXA_JOB"
  for nxa_words in save unpack; do
    nxa_warn_lines "$NXA_RUN_TMP/$nxa_words.$NXA_JOB"
  done
  return 1
}

# nxa_fetch_output PATH DIR: status that of the executor, else of what unpacks its stream.
nxa_fetch_output() {
  local nxa_codes
  trap - TERM USR1 ALRM
  "nxa_${NXA_KIND}_save_artifact" "$NXA_EXECUTOR" "$NXA_JOB" "$1" 2>"$NXA_RUN_TMP/save.$NXA_JOB" |
    # The directories above what is fetched are not in the stream.
    (umask "$NXA_CALLER_UMASK" && cd "$2" && tar -xpof - 2>"$NXA_RUN_TMP/unpack.$NXA_JOB")
  nxa_codes=("${PIPESTATUS[@]}")
  [ "${nxa_codes[0]}" = 0 ] || return "${nxa_codes[0]}"
  return "${nxa_codes[1]}"
}

# nxa_restore_inputs: status 1 where one that is needed was not made or does not fit; NXA_ERROR says
# which.
nxa_restore_inputs() {
  local nxa_i
  for ((nxa_i = 0; nxa_i < ${#NXA_RESTORE_NAME[@]}; nxa_i++)); do
    nxa_restore_input "$nxa_i" || return 1
  done
}

# nxa_restore_input INDEX: one input, of all the jobs that made it.
nxa_restore_input() {
  local nxa_i=$1 nxa_from nxa_producer nxa_dir nxa_made='' nxa_path nxa_seen=''
  # shellcheck disable=SC2034  # for executors whose hooks are told
  NXA_ARTIFACT=${NXA_RESTORE_NAME[nxa_i]}
  for nxa_from in ${NXA_RESTORE_FROM[nxa_i]}; do
    nxa_producer=${nxa_from%%:*}
    nxa_dir=$NIXACTIONS_ARTIFACTS_DIR/${nxa_from#*:}
    if ! [ -d "$nxa_dir" ]; then
      # A skipped combination of a matrix made nothing, and that is fine if another did.
      case ${NXA_JOB_GROUP[nxa_producer]:+matrix}-${NXA_RESULT[nxa_producer]-} in matrix-skipped) continue ;; esac
      [ -z "${NXA_RESTORE_OPTIONAL[nxa_i]-}" ] || continue
      NXA_ERROR="input artifact ${NXA_RESTORE_NAME[nxa_i]} was not made: job ${NXA_JOB_NAME[nxa_producer]} ended with ${NXA_RESULT[nxa_producer]-no result}"
      return 1
    fi
    nxa_path=${NXA_RESTORE_PATH[nxa_i]-}
    [ -z "${NXA_RESTORE_EACH[nxa_i]-}" ] || nxa_path=${nxa_path:+$nxa_path/}${NXA_JOB_NAME[nxa_producer]}
    if [ -z "${NXA_RESTORE_EACH[nxa_i]-}" ]; then
      nxa_same_files "$nxa_dir" "$nxa_seen" || return 1
      nxa_seen="$nxa_seen${nxa_from#*:} "
    fi
    nxa_hand_input "$nxa_dir" "$nxa_path" || {
      NXA_ERROR="input artifact ${NXA_RESTORE_NAME[nxa_i]} could not be restored"
      return 1
    }
    nxa_made=1
  done
  if [ -n "$nxa_made" ]; then
    nxa_emit artifact_restored "${NXA_RESTORE_NAME[nxa_i]}"
  elif [ -z "${NXA_RESTORE_OPTIONAL[nxa_i]-}" ]; then
    NXA_ERROR="input artifact ${NXA_RESTORE_NAME[nxa_i]} was not made: all its jobs were skipped"
    return 1
  fi
}

# nxa_hand_input DIR PATH: what is in DIR goes to the job.
nxa_hand_input() {
  local nxa_try=0 nxa_status
  while :; do
    nxa_try=$((nxa_try + 1))
    (cd "$1" && nxa_tar .) | "nxa_${NXA_KIND}_restore_artifact" "$NXA_EXECUTOR" "$NXA_JOB" "$2"
    nxa_status=$?
    nxa_artifact_again "$nxa_status" "$nxa_try" || return "$nxa_status"
  done
}

# nxa_same_files DIR OTHERS: no file of DIR may differ from one at the same path in an artifact directory
# of OTHERS (names below NIXACTIONS_ARTIFACTS_DIR).
nxa_same_files() {
  local nxa_other nxa_differ
  for nxa_other in $2; do
    nxa_differ=$(cd "$1" && find . ! -type d -exec sh -c '
      other=$1
      shift
      for file; do
        [ -e "$other/$file" ] || [ -h "$other/$file" ] || continue
        if [ -h "$file" ] && [ -h "$other/$file" ]; then
          [ "$(ls -ld "$file" | sed "s/.* -> //")" != "$(ls -ld "$other/$file" | sed "s/.* -> //")" ] || continue
        elif [ ! -h "$file" ] && [ ! -h "$other/$file" ]; then
          ! cmp -s "$file" "$other/$file" || continue
        fi
        printf "%s\n" "${file#./}"
      done' sh "$NIXACTIONS_ARTIFACTS_DIR/$nxa_other" {} +)
    if [ -n "$nxa_differ" ]; then
      NXA_ERROR="input artifact ${NXA_RESTORE_NAME[nxa_i]}: two jobs made a different ${nxa_differ%%"$NXA_NEWLINE"*}; each = true keeps them apart"
      return 1
    fi
  done
}
