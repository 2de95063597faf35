# Usage: nx_save_outputs; nx_restore_inputs; for the job that the process is about (NX_JOB)
# Requires: core/stream.sh core/text.sh
# Artifacts are kept on the host below NIXACTIONS_ARTIFACTS_DIR, in the directory that the compiler
# chose for the name, each file at the path it had below its job's directory. Executors move them as tar
# streams: nx_KIND_save_artifact prints one, nx_KIND_restore_artifact reads one.
# shellcheck shell=bash

# The artifacts of a job's plan.
NX_OUTPUT_NAME=() NX_OUTPUT_PATH=() NX_OUTPUT_DIR=()
NX_RESTORE_NAME=() NX_RESTORE_PATH=() NX_RESTORE_EACH=() NX_RESTORE_OPTIONAL=() NX_RESTORE_FROM=()

# nx_save_outputs: saves what the job's plan lists; what is missing is told, the filter judges.
nx_save_outputs() {
  local nx_i nx_dir nx_status
  for ((nx_i = 0; nx_i < ${#NX_OUTPUT_NAME[@]}; nx_i++)); do
    nx_dir=$NIXACTIONS_ARTIFACTS_DIR/${NX_OUTPUT_DIR[nx_i]}
    nx_store_output "${NX_OUTPUT_PATH[nx_i]}" "$nx_dir"
    nx_status=$?
    case $nx_status in
    0) nx_emit artifact_saved "${NX_OUTPUT_NAME[nx_i]}" ;;
    3) nx_emit output_missing "${NX_OUTPUT_NAME[nx_i]} (nothing at ${NX_OUTPUT_PATH[nx_i]})" ;;
    *) nx_emit output_failed "${NX_OUTPUT_NAME[nx_i]}" ;;
    esac
  done
}

# nx_store_output PATH DIR: 0 saved whole, 3 nothing there, else failed; then nothing is kept.
nx_store_output() {
  local nx_codes nx_words nx_line
  rm -rf "$2.part" && mkdir -p "$2.part" || return 1
  "nx_${NX_KIND}_save_artifact" "$NX_EXECUTOR" "$NX_JOB" "$1" 2>"$NX_RUN_TMP/save.$NX_JOB" |
    (cd "$2.part" && tar -xpf - 2>"$NX_RUN_TMP/unpack.$NX_JOB")
  nx_codes=("${PIPESTATUS[@]}")
  if [ "${nx_codes[0]}" = 0 ] && [ "${nx_codes[1]}" = 0 ]; then
    rm -rf "$2" && mv "$2.part" "$2"
    return
  fi
  rm -rf "$2.part"
  [ "${nx_codes[0]}" != 3 ] || return 3
  # The tools' own words; what was refused gives the second nothing to read, and its complaint says nothing.
  [ "${nx_codes[0]}" != 4 ] || : >"$NX_RUN_TMP/unpack.$NX_JOB"
  for nx_words in save unpack; do
    while IFS= read -r nx_line || [ -n "$nx_line" ]; do nx_warn "$nx_line"; done <"$NX_RUN_TMP/$nx_words.$NX_JOB"
  done
  return 1
}

# nx_restore_inputs: status 1 where one that is needed was not made or does not fit; NX_ERROR says
# which.
nx_restore_inputs() {
  local nx_i
  for ((nx_i = 0; nx_i < ${#NX_RESTORE_NAME[@]}; nx_i++)); do
    nx_restore_input "$nx_i" || return 1
  done
}

# nx_restore_input INDEX: one input, of all the jobs that made it.
nx_restore_input() {
  local nx_i=$1 nx_from nx_producer nx_dir nx_made='' nx_path nx_seen=''
  for nx_from in ${NX_RESTORE_FROM[nx_i]}; do
    nx_producer=${nx_from%%:*}
    nx_dir=$NIXACTIONS_ARTIFACTS_DIR/${nx_from#*:}
    if ! [ -d "$nx_dir" ]; then
      # A skipped combination of a matrix made nothing, and that is fine if another did.
      case ${NX_JOB_GROUP[nx_producer]:+matrix}-${NX_RESULT[nx_producer]-} in matrix-skipped) continue ;; esac
      [ -z "${NX_RESTORE_OPTIONAL[nx_i]-}" ] || continue
      NX_ERROR="input artifact ${NX_RESTORE_NAME[nx_i]} was not made: job ${NX_JOB_NAME[nx_producer]} ended with ${NX_RESULT[nx_producer]-no result}"
      return 1
    fi
    nx_path=${NX_RESTORE_PATH[nx_i]-}
    [ -z "${NX_RESTORE_EACH[nx_i]-}" ] || nx_path=${nx_path:+$nx_path/}${NX_JOB_NAME[nx_producer]}
    if [ -z "${NX_RESTORE_EACH[nx_i]-}" ]; then
      nx_same_files "$nx_dir" "$nx_seen" || return 1
      nx_seen="$nx_seen${nx_from#*:} "
    fi
    (cd "$nx_dir" && tar -cf - .) | "nx_${NX_KIND}_restore_artifact" "$NX_EXECUTOR" "$NX_JOB" "$nx_path" || {
      NX_ERROR="input artifact ${NX_RESTORE_NAME[nx_i]} could not be restored"
      return 1
    }
    nx_made=1
  done
  if [ -n "$nx_made" ]; then
    nx_emit artifact_restored "${NX_RESTORE_NAME[nx_i]}"
  elif [ -z "${NX_RESTORE_OPTIONAL[nx_i]-}" ]; then
    NX_ERROR="input artifact ${NX_RESTORE_NAME[nx_i]} was not made: all its jobs were skipped"
    return 1
  fi
}

# nx_same_files DIR OTHERS: no file of DIR may differ from one at the same path in an artifact directory
# of OTHERS (names below NIXACTIONS_ARTIFACTS_DIR).
nx_same_files() {
  local nx_other nx_differ
  for nx_other in $2; do
    nx_differ=$(cd "$1" && find . ! -type d -exec sh -c '
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
      done' sh "$NIXACTIONS_ARTIFACTS_DIR/$nx_other" {} +)
    if [ -n "$nx_differ" ]; then
      NX_ERROR="input artifact ${NX_RESTORE_NAME[nx_i]}: two jobs made a different ${nx_differ%%"$NX_NEWLINE"*}; each = true keeps them apart"
      return 1
    fi
  done
}
