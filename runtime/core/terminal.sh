# Usage: nxa_terminal_settle once a run is certain; NXA_TERMINAL says to nxa_become what is to be done
# Requires: core/detach.pl
# Where there is a terminal, steps run in its background: who reads from /dev/tty there is stopped until somebody brings it to the
# front, that is, for ever. Without a controlling terminal there is no /dev/tty, and a program that would ask fails at once.
# That signals are ignored or blocked is not enough: ssh and sudo would try again and again, dash unblocks them.
# shellcheck shell=bash

# nxa_terminal_settle: NXA_TERMINAL = how the users' commands are parted from the terminal: empty where there is none.
nxa_terminal_settle() {
  NXA_TERMINAL=''
  { : </dev/tty; } 2>/dev/null || return 0
  if nxa_parts_with perl -e "$NXA_DETACH_PL"; then
    NXA_TERMINAL=perl
  elif nxa_parts_with setsid; then
    NXA_TERMINAL=setsid
  else
    # The next best: a shell itself reads an error; bash before 5.1 lets its children be stopped all the same.
    NXA_TERMINAL=ignore
  fi
}

# nxa_parts_with COMMAND…: does what is run by this command, as its last arguments, see no terminal? Started by none that leads
# a group, since of such a one the second would only start a child.
nxa_parts_with() {
  command -v "$1" >/dev/null 2>&1 &&
    "$@" sh -c 'if (: </dev/tty) 2>/dev/null; then exit 1; else exit 42; fi' </dev/null >/dev/null 2>&1
  [ "$?" = 42 ]
}
