# Usage: nxa_ssh_line HOST; then nxa_ssh_line_free; nxa_ssh_lines_end at the end
# Requires: ssh/connection.sh core/perl.sh ssh/pass.pl
# Lines: sessions of a bash on a host, which jobs use in turn: a session costs more than a short job. Each has a process group
# of its own, FIFOs `in` and `out`, and a file `said`. Who creates `use.N` first has its N-th use; `free` holds the next N once nobody
# uses it: builtins do both. A job that is over is told in the stream, which takes a perl here; without one, and in the mode
# `dedicated`, a line is used once.
# shellcheck shell=bash

# As many lines of a host are kept; servers allow ten sessions over one connection.
NXA_SSH_LINES_KEPT=4

# nxa_ssh_line HOST: NXA_SSH_LINE = the path of a line that is ours now, NXA_SSH_USE = the number of times that it has been
# used, NXA_SSH_LASTS = 1 if it may be used again.
nxa_ssh_line() {
  local nxa_number nxa_were=$-
  NXA_SSH_LASTS=''
  for ((nxa_number = 0; ; nxa_number++)); do
    NXA_SSH_LINE=$NXA_SSH_ROOM/line.$1.$nxa_number NXA_SSH_USE=''
    IFS= read -r NXA_SSH_USE 2>/dev/null <"$NXA_SSH_LINE.free"
    NXA_SSH_USE=${NXA_SSH_USE:-0}
    set -C
    if { : >"$NXA_SSH_LINE.use.$NXA_SSH_USE"; } 2>/dev/null; then break; fi
    [ -e "$NXA_SSH_LINE.use.$NXA_SSH_USE" ] || break
  done
  case $nxa_were in *C*) ;; *) set +C ;; esac
  [ -e "$NXA_SSH_LINE.use.$NXA_SSH_USE" ] || return 1
  [ -z "$NXA_COLLECTOR" ] || [ "$NXA_SSH_MODE" = dedicated ] || [ "$nxa_number" -ge "$NXA_SSH_LINES_KEPT" ] || NXA_SSH_LASTS=1
  [ "$NXA_SSH_USE" != 0 ] || nxa_ssh_line_start "$1"
}

# nxa_ssh_line_start HOST
nxa_ssh_line_start() {
  mkfifo "$NXA_SSH_LINE.in" "$NXA_SSH_LINE.out" || return 1
  nxa_ssh_shared "$1"
  set -m
  (nxa_ssh_line_run "$1") </dev/null >/dev/null 2>&1 3<&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  printf '%s\n' "$!" >"$NXA_SSH_LINE.pid"
  set +m
}

# nxa_ssh_line_run HOST: the line, to its end.
nxa_ssh_line_run() {
  # The end of this FIFO, which only the script's first process holds, is the line's.
  cat <"$NXA_RUN_TMP/alive" >"$NXA_SSH_LINE.in" &
  # shellcheck disable=SC2094  # FIFOs
  (nxa_ssh_call "$1" "${NXA_SSH_SHARED[@]}") <"$NXA_SSH_LINE.in" >"$NXA_SSH_LINE.out" 2>"$NXA_SSH_LINE.said"
  # Whoever takes the line now shall see its end.
  [ -z "$NXA_SSH_LASTS" ] || : >"$NXA_SSH_LINE.out"
  kill "$!"
}

# nxa_ssh_line_free: the next job may have it.
nxa_ssh_line_free() {
  printf '%s\n' "$((NXA_SSH_USE + 1))" >"$NXA_SSH_LINE.free"
}

# nxa_ssh_lines_end: all lines of the executor end.
nxa_ssh_lines_end() {
  local nxa_file nxa_group
  for nxa_file in "$NXA_SSH_ROOM"/line.*.pid; do
    IFS= read -r nxa_group 2>/dev/null <"$nxa_file" && kill -TERM -- "-$nxa_group" 2>/dev/null
  done
  return 0
}
