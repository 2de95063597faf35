# Usage: linked first; runs before anything else is defined.
# Requires:
# Makes the shell ours: what the caller's environment says about shells (exported functions,
# SHELLOPTS, BASH_ENV, IFS, CDPATH, …) reaches neither our code nor the steps.
# shellcheck shell=bash

case ${BASH_VERSION-} in
'')
  # dash and its like read command by command, so they get here before bash syntax. Where they read standard input,
  # $0 may be the shell itself.
  if [ -f "$0" ] && IFS= read -r NXA_X <"$0" && [ "$NXA_X" = '#!/usr/bin/env bash' ] && command -v bash >/dev/null 2>&1; then
    exec bash "$0" "$@"
  fi
  echo "this script needs bash 3.2 or newer: run it as: bash $0" >&2
  exit 3
  ;;
esac
# An assignment runs no command, so no exported function can get in its way; in POSIX mode the
# special builtins (unset, set, trap, …) then come before functions of the same name.
NXA_CALLER_POSIXLY_CORRECT=${POSIXLY_CORRECT-unset}
POSIXLY_CORRECT=1
# What a BASH_ENV file may have left; unless it is off, the first status that is not 0 ends the script.
\trap - DEBUG RETURN ERR EXIT
\set -f +e
\unset IFS
\unset -f unset set export eval builtin command declare read printf local test shopt unalias
case $NXA_CALLER_POSIXLY_CORRECT in
unset) \unset POSIXLY_CORRECT ;;
*) POSIXLY_CORRECT=$NXA_CALLER_POSIXLY_CORRECT ;;
esac
\set +o posix
\unalias -a
# Each line is `declare -f NAME`, or -fx. Only out of POSIX mode may a function have any name.
for NXA_X in $(\declare -F); do
  case $NXA_X in
  declare | -*) ;;
  *) \unset -f "$NXA_X" ;;
  esac
done
set +abefkmnpEHPTtuvx +o noclobber +o pipefail 2>/dev/null
set -u
unset BASH_ENV ENV CDPATH GLOBIGNORE GREP_OPTIONS TAPE TAR_OPTIONS POSIX_ME_HARDER IFS NXA_X
# These end a `read`, a chain of functions, a search in PATH; or change what quotes mean.
unset TMOUT FUNCNEST EXECIGNORE BASH_COMPAT
# Where the shell does not set them itself, the caller's are not to be believed.
case $BASH_VERSION in [34].*) unset EPOCHREALTIME ;; esac
case $BASH_VERSION in 3.*) unset BASHPID ;; esac
# Read-only, so all that can be done is to stop handing them on.
export -n SHELLOPTS BASHOPTS 2>/dev/null
# `&` in a replacement is data (bash 5.2 would read it as the match).
shopt -u patsub_replacement extglob nocasematch nocaseglob nullglob dotglob failglob expand_aliases 2>/dev/null
# Of the caller's environment nothing in our namespace counts; steps get it as it was.
NXA_STEP_ENV=()
for NXA_X in "${!NXA_@}" "${!nxa_@}"; do
  case $NXA_X in
  NXA_X | NXA_STEP_ENV | NXA_CALLER_POSIXLY_CORRECT) continue ;;
  esac
  NXA_STEP_ENV[${#NXA_STEP_ENV[@]}]=$NXA_X=${!NXA_X}
  unset "$NXA_X"
done
unset NXA_X NXA_CALLER_POSIXLY_CORRECT
