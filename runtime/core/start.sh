# Usage: linked first; runs before anything else is defined.
# Requires:
# Makes the shell ours: what the caller's environment says about shells (exported functions,
# SHELLOPTS, BASH_ENV, IFS, CDPATH, …) reaches neither our code nor the steps.
# shellcheck shell=bash

if [ -z "${BASH_VERSION-}" ]; then
  # dash and its like read command by command, so they get here before bash syntax.
  [ -f "$0" ] && command -v bash >/dev/null 2>&1 && exec bash "$0" "$@"
  echo "this script needs bash 3.2 or newer: run it as: bash $0" >&2
  exit 3
fi
# An assignment runs no command, so no exported function can get in its way; in POSIX mode the
# special builtins (unset, set, export) then come before functions of the same name.
NX_CALLER_POSIXLY_CORRECT=${POSIXLY_CORRECT-unset}
POSIXLY_CORRECT=1
\unset -f unset set export eval builtin command declare read printf local test shopt
# Each line is `declare -f NAME`, or -fx; the words that are no names do no harm.
for NX_X in $(\declare -F); do
  \unset -f "$NX_X"
done 2>/dev/null
case $NX_CALLER_POSIXLY_CORRECT in
unset) unset POSIXLY_CORRECT ;;
*) POSIXLY_CORRECT=$NX_CALLER_POSIXLY_CORRECT ;;
esac
\unset -f '[' 2>/dev/null
set +abefhkmnpTtuvx +o noclobber +o posix +o pipefail 2>/dev/null
set -u
unset BASH_ENV ENV CDPATH GLOBIGNORE GREP_OPTIONS TAPE TAR_OPTIONS POSIX_ME_HARDER IFS NX_X
# Read-only, so all that can be done is to stop handing them on.
export -n SHELLOPTS BASHOPTS 2>/dev/null
# `&` in a replacement is data (bash 5.2 would read it as the match).
shopt -u patsub_replacement extglob nocasematch nocaseglob nullglob dotglob failglob 2>/dev/null
# Of the caller's environment nothing in our namespace counts.
unset "${!NX_@}" "${!nx_@}"
