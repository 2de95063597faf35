# Usage: nxa_output_start; nxa_output_begin JOB STREAM, then in the job's process nxa_output_join STREAM; nxa_output_end
# Requires: core/perl.sh core/filter.sh core/collector.pl core/pretty.sh
# Who reads the jobs' streams. Where there is a perl, one collector for the whole run, which costs a fraction of what bash does
# for each line; else a filter in bash for each job. Both know the records of core/stream.sh, and both write the same.
# Descriptor 7 is the FIFO that the scheduler reads; 8 is the collector's, or holds the filters' token.
# shellcheck shell=bash

# nxa_output_start: in the scheduler. NXA_COLLECTOR = 1 if the collector is up, NXA_WATCHING = 1 if it can see whether the
# process of a bare job is there.
nxa_output_start() {
  NXA_COLLECTOR='' NXA_WATCHING=''
  if command -v perl >/dev/null 2>&1 && nxa_collector_start; then
    NXA_COLLECTOR=1
  else
    nxa_token_start
  fi
}

# nxa_token_start: the one byte that a filter must hold while it writes.
nxa_token_start() {
  exec 8<>"$NXA_RUN_TMP/token"
  printf 'x' >&8
}

# nxa_collector_start: status 1 where perl does not get as far as to say that it is ready; what it said stands on standard
# error.
nxa_collector_start() {
  local nxa_line
  exec 8<>"$NXA_RUN_TMP/control"
  printf '%s\n' "$NXA_COLLECTOR_PL" >"$NXA_RUN_TMP/collector.pl"
  nxa_pretty_words
  set -m
  (nxa_collector_run) </dev/null &
  NXA_COLLECTOR_PID=$!
  set +m
  nxa_command config "$NXA_FORMAT" "$NXA_WORKFLOW" "$WORKFLOW_ID" "$NXA_TOKEN" "$NXA_RUN_DIR" "$NXA_RUN_TMP" "$NXA_LOG_LEVEL" \
    ${NXA_WORDS[@]+"${NXA_WORDS[@]}"}
  while IFS= read -r nxa_line <&7; do
    case $nxa_line in
    'collector ready') return 0 ;;
    'collector watching')
      NXA_WATCHING=1
      return 0
      ;;
    'collector gone') return 1 ;;
    *) printf '%s\n' "$nxa_line" >&7 ;;
    esac
  done
}

# nxa_jobs_at_most: NXA_JOBS = no more jobs at once than the collector can have files for. Systems that know no limit, as macOS
# says, have 10240.
nxa_jobs_at_most() {
  local nxa_most
  [ -n "$NXA_COLLECTOR" ] && [ "${#NXA_JOB_NAME[@]}" -gt 20 ] || return 0
  nxa_most=$(ulimit -H -n)
  [ "$nxa_most" != unlimited ] || nxa_most=10240
  # It has some itself.
  nxa_most=$(((nxa_most - 30) / 4))
  [ "$nxa_most" -gt 1 ] || nxa_most=1
  [ "${NXA_JOBS:-$nxa_most}" -lt "$nxa_most" ] || NXA_JOBS=$nxa_most
}

# nxa_collector_run: its end is told whatever it comes from. It is none of the run's processes that must end with it.
nxa_collector_run() {
  set +m
  exec 8>&-
  # Three files for each job that runs, and one for each worker that waits: nxa_jobs_at_most counts on it.
  ulimit -S -n hard 2>/dev/null || ulimit -S -n 10240 2>/dev/null
  export -n WORKFLOW_ID WORKFLOW_NAME NIXACTIONS
  (nxa_perl "$NXA_RUN_TMP/collector.pl" "$NXA_RUN_TMP/control" "$NXA_RUN_TMP/happens")
  printf 'collector gone\n' >&7
}

# nxa_command KIND [FIELD…]: one line to the collector.
nxa_command() {
  nxa_make_record '' "$@"
  printf '%s' "$NXA_RECORD" >&8
}

# nxa_output_begin JOB STREAM [WATCH [new]]: a stream of the job's is about to begin: that of its condition (`check`) or of itself
# (`stream`); WATCH is a FIFO that the one process which writes records there holds open; a new one does nothing but this.
nxa_output_begin() {
  [ -z "$NXA_COLLECTOR" ] || nxa_command job "$1" "${NXA_JOB_NAME[$1]}" "$2.$1" "${3-}" "${4-}"
}

# nxa_output_join STREAM: this process and what it starts write this stream of the job NXA_JOB.
nxa_output_join() {
  if [ -n "$NXA_COLLECTOR" ]; then
    exec >"$NXA_RUN_TMP/$1.$NXA_JOB"
  else
    exec > >(nxa_filter)
  fi
  exec 7>&- 8>&-
}

# nxa_output_end: returns when all is written.
nxa_output_end() {
  [ -n "$NXA_COLLECTOR" ] || return 0
  nxa_command quit
  wait "$NXA_COLLECTOR_PID"
}
