# Usage: nxa_cache_end, at the end of a run with caches; nxa_cache_prune
# Requires: core/text.sh
# How much room caches take. What an entry is, core/cache.sh says.
# shellcheck shell=bash

# nxa_cache_end: what was staged for jobs that then failed goes; and what makes the cache too large.
nxa_cache_end() {
  local nxa_parts
  for nxa_parts in "$NXA_HOME/cache/.staging/$WORKFLOW_ID".*; do
    [ ! -e "$nxa_parts" ] || rm -rf -- "$nxa_parts"
  done
  [ ! -e "$NXA_HOME/cache" ] || nxa_cache_prune
}

# nxa_cache_prune: keeps the cache below NIXACTIONS_CACHE_MB megabytes: what a newer save replaced goes first, then what was not
# used for longest. What killed runs have staged goes after two days; for toybox, one, since its +1 is 24 hours and its +0 a second.
nxa_cache_prune() {
  local nxa_limit=${NIXACTIONS_CACHE_MB-5000} nxa_left nxa_used nxa_size
  case $nxa_limit in '' | *[!0-9]* | ??????????*)
    printf 'NIXACTIONS_CACHE_MB=%s is no number of megabytes: 5000 is taken\n' "$nxa_limit" >&2
    nxa_limit=5000
    ;;
  esac
  find "$NXA_HOME/cache/.staging" -name '*.[0-9]*' -prune -mtime +1 -exec rm -rf {} + 2>/dev/null
  nxa_left=$((10#$nxa_limit * 1024))
  # Names are ours: of one line, without blanks in them, below a directory that may be called anything.
  (cd "$NXA_HOME/cache" && nxa_cache_by_use) | while IFS= read -r nxa_used; do
    nxa_size=$(du -sk "$NXA_HOME/cache/$nxa_used")
    nxa_left=$((nxa_left - ${nxa_size%%[!0-9]*}))
    [ "$nxa_left" -ge 0 ] || rm -rf -- "$NXA_HOME/cache/$nxa_used"
  done
}

# nxa_cache_by_use: prints the entries below the current directory, the last used first; those that were replaced are removed.
nxa_cache_by_use() {
  local nxa_entry nxa_at nxa_hash nxa_seen='' nxa_entries
  LC_ALL=C
  set +f
  nxa_entries=()
  for nxa_entry in ./*/*.*.*; do
    [ -e "$nxa_entry/used" ] || continue
    nxa_entries[${#nxa_entries[@]}]=$nxa_entry
  done
  [ "${#nxa_entries[@]}" -gt 0 ] || return 0
  # In the order of their names the last one of a key and a hash is the newest.
  for ((nxa_at = ${#nxa_entries[@]} - 1; nxa_at >= 0; nxa_at--)); do
    nxa_entry=${nxa_entries[nxa_at]}
    nxa_hash=${nxa_entry##*/}
    nxa_hash=${nxa_hash#*.}
    nxa_hash=${nxa_entry%/*}/${nxa_hash%.*}
    if nxa_within "$nxa_hash" "$nxa_seen"; then
      rm -rf -- "$nxa_entry"
      unset "nxa_entries[nxa_at]"
    fi
    nxa_seen="$nxa_seen $nxa_hash"
  done
  # shellcheck disable=SC2012  # names without line breaks, by time
  ls -t -- "${nxa_entries[@]/%//used}" | sed 's,/used$,,'
}
