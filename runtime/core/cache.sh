# Usage: nxa_cache_restore; nxa_cache_save; for the job NXA_JOB
# Requires: core/stream.sh core/clock.sh core/cacheroom.sh core/hash.sh
# Caches are kept in NXA_HOME/cache/<key>/<number>.<hash of the key files>.<run>: a directory with a tar stream for each path,
# and `used`, whose time is that of the last use. Numbers grow with each save. An entry is made below .staging and moved in
# whole, by whoever reads the job's stream, since only there it is known whether the job was green.
# shellcheck shell=bash

# A job's cache, from its plan.
NXA_CACHE_FILES=() NXA_CACHE_PATHS=()

# nxa_cache_restore: before the job's inputs and steps. Nothing here fails a job: it would have to do without at any time.
nxa_cache_restore() {
  local nxa_hash nxa_entry nxa_hit=1 nxa_message=$NXA_CACHE_KEY
  # shellcheck disable=SC2034  # for executors whose hooks are told
  NXA_ARTIFACT=$NXA_CACHE_KEY
  if ! nxa_hash=$(nxa_cache_hash 2>"$NXA_RUN_TMP/keys.$NXA_JOB"); then
    nxa_warn_lines "$NXA_RUN_TMP/keys.$NXA_JOB"
    nxa_warn "cache $NXA_CACHE_KEY is left out: its key files cannot be read"
    return 0
  fi
  nxa_entry=$(nxa_cache_newest "$nxa_hash")
  if [ -z "$nxa_entry" ]; then
    nxa_hit=''
    nxa_message="$NXA_CACHE_KEY (of other key files)"
    [ -z "${NXA_CACHE_FALLBACK-}" ] || nxa_entry=$(nxa_cache_newest '*')
  fi
  if [ -n "$nxa_entry" ]; then
    if nxa_cache_unpack "$nxa_entry"; then
      nxa_emit cache_hit "$nxa_message"
    else
      nxa_hit=''
      nxa_warn "cache $nxa_message could not be restored whole"
    fi
  fi
  printf '%s %s\n' "$nxa_hash" "$nxa_hit" >"$NXA_RUN_TMP/cache.$NXA_JOB"
}

# nxa_cache_unpack ENTRY
nxa_cache_unpack() {
  local nxa_stream
  # First, so that nobody takes it for the one that was not used for longest.
  : >"$1/used" || return 1
  for nxa_stream in "$1"/*.tar; do
    ("nxa_${NXA_KIND}_restore_artifact" "$NXA_EXECUTOR" "$NXA_JOB" '') <"$nxa_stream" || return 1
  done
}

# nxa_cache_newest HASH: prints the newest entry of the key with this hash, or of any for `*`.
nxa_cache_newest() {
  local nxa_entry nxa_found=''
  LC_ALL=C
  set +f
  # shellcheck disable=SC2231  # the star is one
  for nxa_entry in "$NXA_HOME/cache/$NXA_CACHE_DIR"/*.$1.*; do
    [ ! -d "$nxa_entry" ] || nxa_found=$nxa_entry
  done
  printf '%s' "$nxa_found"
}

# --- key files ---------------------------------------------------------------------------------------

# nxa_cache_hash: prints a hash of the key files: their names and contents, and which are missing.
nxa_cache_hash() {
  local nxa_sums
  if [ "${#NXA_CACHE_FILES[@]}" = 0 ]; then
    printf 'none'
    return
  fi
  nxa_sums=$(cd "$NXA_REPOSITORY" && nxa_cache_sums) || return 1
  nxa_sums=$(printf '%s' "$nxa_sums" | nxa_sha256) || return 1
  printf '%s' "${nxa_sums%% *}"
}

# nxa_cache_sums: prints a line for each key file; one that is written as it is called is no glob.
nxa_cache_sums() {
  local nxa_pattern nxa_file nxa_files nxa_sum IFS=
  LC_ALL=C
  set +f
  shopt -s globstar 2>/dev/null
  for nxa_pattern in "${NXA_CACHE_FILES[@]}"; do
    # So that no tool takes its name for an option.
    case $nxa_pattern in /*) ;; *) nxa_pattern=./$nxa_pattern ;; esac
    nxa_files=("$nxa_pattern")
    # shellcheck disable=SC2206  # a glob is what it is
    [ -e "$nxa_pattern" ] || nxa_files=($nxa_pattern)
    for nxa_file in "${nxa_files[@]}"; do
      if [ ! -e "$nxa_file" ]; then
        printf 'missing %s\n' "$nxa_file"
      elif [ -d "$nxa_file" ]; then
        printf 'the key file %s is a directory\n' "$nxa_file" >&2
        return 1
      else
        nxa_sum=$(nxa_sha256 <"$nxa_file") || return 1
        printf '%s %s\n' "${nxa_sum%% *}" "$nxa_file"
      fi
    done
  done
}

# --- saving --------------------------------------------------------------------------------------------

# nxa_cache_save: stages what the job leaves at the cache's paths, unless it was restored just so.
nxa_cache_save() {
  local nxa_hash nxa_hit nxa_parts nxa_entry nxa_lost=''
  # shellcheck disable=SC2034  # for executors whose hooks are told
  NXA_ARTIFACT=$NXA_CACHE_KEY
  [ -z "$NXA_ORDER" ] && [ "$NXA_BODY_STATUS" = 0 ] && [ -e "$NXA_RUN_TMP/cache.$NXA_JOB" ] || return 0
  read -r nxa_hash nxa_hit <"$NXA_RUN_TMP/cache.$NXA_JOB"
  [ -z "$nxa_hit" ] || return 0
  nxa_parts=$NXA_HOME/cache/.staging/$WORKFLOW_ID.$NXA_JOB
  if nxa_cache_stage "$nxa_parts" 2>"$NXA_RUN_TMP/staging.$NXA_JOB"; then
    nxa_cache_name "$nxa_hash"
    nxa_emit cache_made "$nxa_parts" "$nxa_entry" "${nxa_lost:+cache $NXA_CACHE_KEY: nothing at${nxa_lost#,}}"
    return
  fi
  rm -rf -- "$nxa_parts"
  nxa_warn_lines "$NXA_RUN_TMP/staging.$NXA_JOB"
  nxa_emit cache_made '' '' "cache $NXA_CACHE_KEY was not saved${nxa_lost:+: nothing at${nxa_lost#,}}"
}

# nxa_cache_stage DIR: a tar stream for each path. What is missing is gathered in nxa_lost; status 1 if that is all, or if
# something cannot be read, leads out of the job's directory, or finds no room.
nxa_cache_stage() {
  local nxa_path nxa_number=0 nxa_kept=''
  mkdir -p -- "$1" "$NXA_HOME/cache/$NXA_CACHE_DIR" && : >"$1/used" || return 1
  for nxa_path in "${NXA_CACHE_PATHS[@]}"; do
    ("nxa_${NXA_KIND}_save_artifact" "$NXA_EXECUTOR" "$NXA_JOB" "$nxa_path") >"$1/$nxa_number.tar"
    case $? in
    0) nxa_kept=1 ;;
    3)
      nxa_lost="$nxa_lost, $nxa_path"
      rm -f -- "$1/$nxa_number.tar" || return 1
      ;;
    *) return 1 ;;
    esac
    nxa_number=$((nxa_number + 1))
  done
  [ -n "$nxa_kept" ]
}

# nxa_cache_name HASH: nxa_entry = the directory of a new entry, whose number is greater than all of the key so far, however
# coarse or wrong the clock is.
nxa_cache_name() {
  local nxa_number
  nxa_entry=$(nxa_cache_newest '*')
  nxa_number=${nxa_entry##*/}
  nxa_number=${nxa_number%%.*}
  # In a process of the job's, which has the caller's locale.
  NXA_NOW=$(nxa_print_clock)
  [ "$NXA_NOW" -gt "${nxa_number:-0}" ] || NXA_NOW=$((10#$nxa_number + 1))
  printf -v nxa_entry '%s/cache/%s/%015d.%s.%s-%s' "$NXA_HOME" "$NXA_CACHE_DIR" "$NXA_NOW" "$1" "${WORKFLOW_ID##*T}" "$NXA_JOB"
}
