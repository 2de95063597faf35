# Usage: nxa_write_bundle EXECUTOR DIR; nxa_copy_repository DIR; nxa_print_repository ROOM; nxa_pack PATH; nxa_unpack DIR
# Requires: core/stream.sh core/ignore.sh core/overlay.sh
# Files of jobs: the bundle of actions, the copy of the repository, tar streams of artifacts.
# shellcheck shell=bash

# nxa_make_directories DIR…: with parents, in as few processes as the system's limit allows.
nxa_make_directories() {
  local nxa_from
  for ((nxa_from = 1; nxa_from <= $#; nxa_from += 500)); do
    mkdir -p -- "${@:nxa_from:500}" || return 1
  done
}

# nxa_make_pipes FIFO…: the same for FIFOs.
nxa_make_pipes() {
  local nxa_from
  for ((nxa_from = 1; nxa_from <= $#; nxa_from += 500)); do
    mkfifo "${@:nxa_from:500}" || return 1
  done
}

# nxa_remove PATH: with all below, also where a tool took the right to write away from directories.
nxa_remove() {
  local nxa_parts
  for nxa_parts in "$1"/*/overlay; do
    [ ! -d "$nxa_parts" ] || nxa_overlay_unmount "$1"
  done
  rm -rf -- "$1" 2>/dev/null && return
  chmod -R u+rwX -- "$1" 2>/dev/null
  rm -rf -- "$1"
}

# nxa_write_bundle EXECUTOR DIR: each distinct action of the executor's jobs, in its directory, which is there already.
nxa_write_bundle() {
  local nxa_action
  for nxa_action in ${NXA_EXECUTOR_ACTIONS[$1]}; do
    printf '%s\n' "${NXA_ACTION_TEXT[nxa_action]}" >"$2/${NXA_ACTION_DIR[nxa_action]}/run" || return 1
  done
}

# nxa_copy_repository DIR: everything but this run's workspace and NIXACTIONS_HOME, if they lie inside.
# Dot files, modes, links and times stay; a file that changes meanwhile is no error.
nxa_copy_repository() {
  local nxa_root nxa_home nxa_repository
  nxa_physical_paths
  if [ -f "$nxa_repository/.nxaignore" ]; then
    nxa_copy_sieved "$1"
  else
    nxa_copy_tree "$nxa_repository" "$1"
  fi && chmod 0700 "$1"
}

# nxa_print_repository ROOM: prints a tar stream of what nxa_copy_repository copies; by way of ROOM, a directory that is not yet
# there, where something is to be left out.
nxa_print_repository() {
  local nxa_root nxa_home nxa_repository nxa_status
  nxa_physical_paths
  if [ ! -f "$nxa_repository/.nxaignore" ] && ! nxa_holds_ours "$nxa_repository"; then
    (cd "$nxa_repository" && nxa_tar .)
    nxa_status=$?
    # 1 is what tar says of files that changed while it read them.
    [ "$nxa_status" -le 1 ]
    return
  fi
  mkdir -p -- "$1" && nxa_copy_repository "$1" && (cd "$1" && nxa_tar .)
  nxa_status=$?
  nxa_remove "$1"
  return "$nxa_status"
}

# nxa_physical_paths: nxa_root, nxa_home and nxa_repository without links and ways back, or what of ours lies inside the
# repository would not be seen to.
nxa_physical_paths() {
  nxa_physical "$NXA_WORKSPACE_ROOT"
  nxa_root=$NXA_PHYSICAL
  nxa_physical "$NXA_HOME"
  nxa_home=$NXA_PHYSICAL
  nxa_physical "$NXA_REPOSITORY"
  nxa_repository=$NXA_PHYSICAL
}

# nxa_physical DIR: NXA_PHYSICAL = its path without links, or as it is where it cannot be entered.
nxa_physical() {
  local nxa_here=$PWD
  NXA_PHYSICAL=$1
  cd -P -- "$1" 2>/dev/null || return 0
  NXA_PHYSICAL=$PWD
  cd -- "$nxa_here" || return
}

# nxa_copy_tracked DIR: what git tracks or would add, as it is in the work tree, less what .nxaignore names.
nxa_copy_tracked() {
  local nxa_root nxa_home nxa_repository nxa_list=$NXA_RUN_TMP/copied.$NXA_JOB
  nxa_physical_paths
  # By way of a file, so that a listing that broke off is not taken for a whole one.
  if ! (cd "$nxa_repository" && git ls-files -z --cached --others --exclude-standard) >"$NXA_RUN_TMP/tracked.$NXA_JOB"; then
    printf 'copyRepo = "tracked" needs git, and a git work tree at %s\n' "$NXA_REPOSITORY"
    return 1
  fi
  # As nxa_list_tree prints them.
  xargs -0 printf './/./%s\n' <"$NXA_RUN_TMP/tracked.$NXA_JOB" | nxa_sieve 1 >"$nxa_list" || return 1
  # Directories are not tracked: they are made as the caller would make them.
  umask "$NXA_CALLER_UMASK"
  # shellcheck disable=SC2034  # for nxa_untar
  local nxa_implied=1
  nxa_copy_listed k "$1" <"$nxa_list"
}

# nxa_copy_tree FROM TO: one tar pipe; where something is to be left out below FROM, entry by entry on the
# way down to it, so that no path has to be made a pattern.
nxa_copy_tree() {
  local nxa_from=$1 nxa_to=$2 nxa_entry nxa_entries nxa_inner
  nxa_inner=()
  if ! nxa_holds_ours "$nxa_from"; then
    nxa_tar_copy "$nxa_from" "$nxa_to" .
    return
  fi
  nxa_entries=()
  for nxa_entry in "$nxa_from"/* "$nxa_from"/.[!.]* "$nxa_from"/..?*; do
    [ -e "$nxa_entry" ] || [ -h "$nxa_entry" ] || continue
    [ "$nxa_entry" != "$nxa_root" ] && [ "$nxa_entry" != "$nxa_home" ] || continue
    if [ ! -h "$nxa_entry" ] && nxa_holds_ours "$nxa_entry"; then
      nxa_inner[${#nxa_inner[@]}]=${nxa_entry##*/}
    else
      nxa_entries[${#nxa_entries[@]}]=./${nxa_entry##*/}
    fi
  done
  [ "${#nxa_entries[@]}" = 0 ] || nxa_tar_copy "$nxa_from" "$nxa_to" "${nxa_entries[@]}" || return 1
  [ "${#nxa_inner[@]}" = 0 ] || for nxa_entry in "${nxa_inner[@]}"; do
    mkdir -p "$nxa_to/$nxa_entry" && nxa_copy_tree "$nxa_from/$nxa_entry" "$nxa_to/$nxa_entry" || return 1
  done
}

# nxa_holds_ours DIR: does the workspace root or NIXACTIONS_HOME lie below DIR?
nxa_holds_ours() {
  case $nxa_root/ in "$1"/?*) return 0 ;; esac
  case $nxa_home/ in "$1"/?*) return 0 ;; esac
  return 1
}

# nxa_tar_copy FROM TO ENTRY…
nxa_tar_copy() {
  local nxa_from=$1 nxa_to=$2 nxa_codes
  shift 2
  (cd "$nxa_from" && nxa_tar "$@") | (cd "$nxa_to" && nxa_untar xp)
  nxa_codes=("${PIPESTATUS[@]}")
  # 1 is what tar says of files that changed while it read them.
  [ "${nxa_codes[0]}" -le 1 ] && [ "${nxa_codes[1]}" = 0 ]
}

# nxa_tar NAME…: prints a tar stream. GNU tar would take a backslash in a name for the start of an escape.
nxa_tar() {
  case $* in
  *\\*) case $(tar --version 2>/dev/null) in *GNU*) set -- --no-unquote "$@" ;; esac ;;
  esac
  case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  *[Uu][Tt][Ff]*) tar -cf - "$@" ;;
  # Else bsdtar would warn of each name that is not ASCII.
  *) TAR_WRITER_OPTIONS=hdrcharset=BINARY tar -cf - "$@" ;;
  esac
}

# nxa_pack PATH: prints a tar stream of what PATH, as written or as a glob, names below the current
# directory. Status 3 if that is nothing, 4 if it leads out of the directory.
nxa_pack() {
  local nxa_path=${1%/} nxa_match nxa_matches
  nxa_matches=()
  [ -n "$nxa_path" ] || nxa_path=.
  if [ -e "$nxa_path" ] || [ -h "$nxa_path" ]; then
    nxa_matches[0]=./$nxa_path
  else
    set +f
    shopt -s globstar 2>/dev/null
    local IFS=
    # shellcheck disable=SC2086  # a glob is what it is
    for nxa_match in ./$nxa_path; do
      [ -e "$nxa_match" ] || [ -h "$nxa_match" ] || continue
      nxa_matches[${#nxa_matches[@]}]=$nxa_match
    done
    unset IFS
  fi
  [ "${#nxa_matches[@]}" -gt 0 ] || return 3
  for nxa_match in "${nxa_matches[@]}"; do
    nxa_inside "$nxa_match" || {
      echo "$nxa_match leads out of the job's directory" >&2
      return 4
    }
  done
  nxa_tar "${nxa_matches[@]}"
}

# nxa_inside PATH: does a relative path stay below the current directory when its links are followed? The
# last part may be a link: it is kept as one.
nxa_inside() {
  local nxa_part=$1 nxa_here nxa_there
  case $1 in */..) nxa_part=$1/ ;; esac
  while case $nxa_part in */*) true ;; *) false ;; esac do
    nxa_part=${nxa_part%/*}
    if [ -h "$nxa_part" ] || [ "${nxa_part##*/}" = .. ]; then
      nxa_here=$(pwd -P)
      nxa_there=$(cd -P "$nxa_part" && pwd -P) || return 1
      case $nxa_there/ in "$nxa_here"/*) ;; *) return 1 ;; esac
    fi
  done
}

# nxa_unpack DIR: reads a tar stream into DIR below the current directory, or into it if DIR is empty.
nxa_unpack() {
  local nxa_dir=${1%/}
  if [ -n "$nxa_dir" ]; then
    nxa_inside "./$nxa_dir/." && mkdir -p "./$nxa_dir" && cd "./$nxa_dir" || return 1
  fi
  nxa_untar xpo
}

# nxa_untar LETTERS: unpacks a tar stream with the modes it has. For an ordinary user BusyBox' tar takes the umask from them, `p`
# or not, so there is none meanwhile, unless nxa_implied says that directories are to be made which the stream has not.
nxa_untar() {
  [ "$EUID" = 0 ] || [ -n "${nxa_implied-}" ] || case $(tar --version 2>&1) in *[Bb]usy[Bb]ox*)
    (umask 000 && tar "-$1f" -)
    return
    ;;
  esac
  tar "-$1f" -
}
