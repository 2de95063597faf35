# Usage: nxa_engine_find NAME; nxa_engine WORD…
# Requires: core/text.sh
# Container engines: docker and podman, by what their command lines have in common.
# shellcheck shell=bash

# nxa_engine_candidates CONFIGURED: NXA_CANDIDATES = the engines that `engine` allows, in order.
nxa_engine_candidates() {
  NXA_CANDIDATES=$1
  [ "$1" != auto ] || NXA_CANDIDATES='docker podman'
}

# nxa_engine_find CONFIGURED: NXA_ENGINE = the first that is there and answers. Fails with the engines' own words.
nxa_engine_find() {
  local nxa_words nxa_all='' nxa_each
  nxa_engine_candidates "$1"
  for nxa_each in $NXA_CANDIDATES; do
    NXA_ENGINE=$nxa_each
    command -v "$nxa_each" >/dev/null 2>&1 || continue
    ! nxa_words=$(nxa_engine version 2>&1 >/dev/null </dev/null) || return 0
    nxa_all="$nxa_all$nxa_each does not answer: $nxa_words$NXA_NEWLINE"
  done
  printf '%s' "${nxa_all:-no container engine: neither ${NXA_CANDIDATES// / nor } is installed$NXA_NEWLINE}"
  return 1
}

# nxa_engine WORD…: calls it.
nxa_engine() {
  "$NXA_ENGINE" "$@"
}

# nxa_engine_lacking CONFIGURED: prints what is missing if no engine is there.
nxa_engine_lacking() {
  local nxa_each
  nxa_engine_candidates "$1"
  for nxa_each in $NXA_CANDIDATES; do
    ! command -v "$nxa_each" >/dev/null 2>&1 || return 0
  done
  printf 'command not found: %s' "${NXA_CANDIDATES// / or }"
}
