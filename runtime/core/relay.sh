# Usage: nxa_relay <member's stream >job's stream; in a process of its own, for the step NXA_STEP
# Requires: core/text.sh core/perl.sh core/relay.pl
# Hands the stream of a member of a group on into the job's: each line becomes a record `line`, written whole. Where there is
# a perl, that does it, since bash reads a pipe byte by byte.
# Descriptor 8 is a FIFO with one byte in it, held while writing: writes above PIPE_BUF tear. Descriptor 9 is closed when the
# member's record `last` was read. What the step left in the background may go on printing: it ends at the end of file.
# shellcheck shell=bash

nxa_relay() {
  local nxa_line
  NXA_TOKEN=${NXA_MARK##*"$NXA_NEWLINE"}
  NXA_HEAD=${NXA_MARK}line$NXA_SEPARATOR$NXA_STEP$NXA_SEPARATOR
  trap '' PIPE
  [ -z "$NXA_RELAY_PERL" ] || nxa_relay_become
  LC_ALL=C
  while IFS= read -r nxa_line; do
    case $nxa_line in
    *"${NXA_TOKEN}last")
      nxa_relay_open "${nxa_line%"${NXA_TOKEN}last"}"
      exec 9>&-
      ;;
    *) nxa_relay_line "$nxa_line" ;;
    esac
  done
  nxa_relay_open "$nxa_line"
}

# nxa_relay_become: replaces this shell by a perl.
nxa_relay_become() {
  export NXA_TOKEN NXA_HEAD
  nxa_perl -e "$NXA_RELAY_PL"
}

# nxa_relay_try_perl: prints 1 where there is a perl that works.
nxa_relay_try_perl() {
  (nxa_perl -e 'print 1') 2>/dev/null
}

# nxa_relay_line TEXT
nxa_relay_line() {
  read -r -n 1 -u 8 _
  printf '%s%s\n' "$NXA_HEAD" "$1" 2>/dev/null || nxa_relay_unread
  printf x >&8
}

# nxa_relay_open TEXT: a line that was not ended, if any. An empty record behind it says so.
nxa_relay_open() {
  [ -z "$1" ] || nxa_relay_line "$1$NXA_TOKEN"
}

# nxa_relay_unread: nobody reads the job's stream any more.
nxa_relay_unread() {
  printf x >&8
  exit 1
}
