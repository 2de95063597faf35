# Usage: nxa_copy_sieved DIR; with nxa_root, nxa_home and nxa_repository set
# Requires: core/text.sh core/ignore.awk
# Copies of a repository that leave out what its .nxaignore names. awk sieves a listing; what is kept whole goes to tar by its
# topmost directory, so that a few left-out directories cost a few arguments.
# shellcheck shell=bash

# nxa_copy_sieved DIR: everything that .nxaignore lets pass, but nothing of ours.
nxa_copy_sieved() {
  local nxa_list=$NXA_RUN_TMP/copied.$NXA_JOB
  nxa_list_tree | nxa_sieve >"$nxa_list" || return 1
  nxa_copy_listed k "$1" <"$nxa_list" || return 1
  # Directories of which something is left out come last: only now nothing changes their times.
  nxa_copy_listed o "$1" --no-recursion <"$nxa_list"
}

# nxa_list_tree: prints all paths of the repository, directories first. The double slash, which no name can hold, tells where
# a path begins, whatever line breaks there are in names.
nxa_list_tree() {
  cd "$nxa_repository" || return
  find .//. -type d
  printf './/\n'
  find .//. ! -type d
} 2>/dev/null

# nxa_sieve [1]: a listing (1: of files alone) on standard input; prints what core/ignore.awk says of it.
nxa_sieve() {
  local nxa_mine nxa_also
  nxa_mine=${nxa_root#"$nxa_repository/"}
  nxa_also=${nxa_home#"$nxa_repository/"}
  LC_ALL=C NXA_IGNORE=$nxa_repository/.nxaignore NXA_OURS_1=$nxa_mine NXA_OURS_2=$nxa_also NXA_FILES=${1-} awk "$NXA_IGNORE_AWK"
}

# nxa_copy_listed LETTER DIR [OPTION]: copies the paths with this letter, some hundreds at a time.
nxa_copy_listed() {
  local nxa_line nxa_letter=$1 nxa_to=$2 nxa_paths
  shift 2
  nxa_paths=("$@")
  while IFS= read -r nxa_line; do
    [ "${nxa_line%% *}" = "$nxa_letter" ] || continue
    nxa_decode "${nxa_line#* }"
    # A file may be gone since.
    [ -e "$nxa_repository/$NXA_DECODED" ] || [ -h "$nxa_repository/$NXA_DECODED" ] || continue
    nxa_paths[${#nxa_paths[@]}]=$NXA_DECODED
    [ "${#nxa_paths[@]}" -lt 500 ] && continue
    nxa_tar_copy "$nxa_repository" "$nxa_to" "${nxa_paths[@]}" || return 1
    nxa_paths=("$@")
  done
  [ "${#nxa_paths[@]}" = "$#" ] || nxa_tar_copy "$nxa_repository" "$nxa_to" "${nxa_paths[@]}"
}
