# Usage: nxa_verify; is this script what nixc built?
# Requires: core/hash.sh
# The fifth line of a built script records the SHA-256 of all its other lines. That finds damage and careless edits; who
# changes the script on purpose can change the line, too.
# shellcheck shell=bash

nxa_verify() {
  local nxa_wanted nxa_found
  if ! [ -f "$0" ] || ! [ -r "$0" ]; then
    printf '%s: error: --verify wants the script as a file\n' "${0##*/}" >&2
    return 2
  fi
  nxa_wanted=$(sed -n '5s/^# SHA-256 of all other lines: //p' "$0")
  nxa_found=$(sed 5d "$0" | nxa_sha256) || {
    printf '%s: error: none of sha256sum, shasum and openssl is here\n' "${0##*/}" >&2
    return 3
  }
  nxa_found=${nxa_found%% *}
  if [ -n "$nxa_found" ] && [ "$nxa_found" = "$nxa_wanted" ]; then
    printf '%s is as nixc built it (SHA-256 %s)\n' "${0##*/}" "$nxa_found"
    return 0
  fi
  printf '%s: error: it was changed after nixc built it\n' "${0##*/}" >&2
  return 1
}
