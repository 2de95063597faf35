# Usage: nx_write_bundle EXECUTOR DIR; nx_copy_repository DIR; nx_pack PATH; nx_unpack DIR
# Requires:
# Files of jobs: the bundle of actions, the copy of the repository, tar streams of artifacts.
# shellcheck shell=bash

# nx_make_directories DIR…: with parents, in as few processes as the system's limit allows.
nx_make_directories() {
  local nx_from
  for ((nx_from = 1; nx_from <= $#; nx_from += 500)); do
    mkdir -p -- "${@:nx_from:500}" || return 1
  done
}

# nx_remove PATH: with all below, also where a tool took the right to write away from directories.
nx_remove() {
  rm -rf -- "$1" 2>/dev/null && return
  chmod -R u+rwX -- "$1" 2>/dev/null
  rm -rf -- "$1"
}

# nx_write_bundle EXECUTOR DIR: each distinct action of the executor's jobs, in its directory, which is there already.
nx_write_bundle() {
  local nx_action
  for nx_action in ${NX_EXECUTOR_ACTIONS[$1]}; do
    printf '%s\n' "${NX_ACTION_TEXT[nx_action]}" >"$2/${NX_ACTION_DIR[nx_action]}/run" || return 1
  done
}

# nx_copy_repository DIR: everything but this run's workspace and NIXACTIONS_HOME, if they lie inside.
# Dot files, modes, links and times stay; a file that changes meanwhile is no error.
nx_copy_repository() {
  local nx_root nx_home
  # Links and ways back out of the paths, or what lies inside would not be seen to.
  nx_physical "$NX_WORKSPACE_ROOT"
  nx_root=$NX_PHYSICAL
  nx_physical "$NX_HOME"
  nx_home=$NX_PHYSICAL
  nx_physical "$NX_REPOSITORY"
  nx_copy_tree "$NX_PHYSICAL" "$1" && chmod 0700 "$1"
}

# nx_physical DIR: NX_PHYSICAL = its path without links, or as it is where it cannot be entered.
nx_physical() {
  local nx_here=$PWD
  NX_PHYSICAL=$1
  cd -P -- "$1" 2>/dev/null || return 0
  NX_PHYSICAL=$PWD
  cd -- "$nx_here" || return
}

# nx_copy_tracked DIR: what git tracks or would add, as it is in the work tree.
nx_copy_tracked() {
  local nx_path nx_paths
  nx_paths=()
  if ! (cd "$NX_REPOSITORY" && git rev-parse --is-inside-work-tree) >/dev/null; then
    printf 'copyRepo = "tracked" needs git, and a git work tree at %s\n' "$NX_REPOSITORY"
    return 1
  fi
  # Directories are not tracked: they are made as the caller would make them.
  umask "$NX_CALLER_UMASK"
  while IFS= read -r -d '' nx_path; do
    # Deleted, but still in the index.
    [ -e "$NX_REPOSITORY/$nx_path" ] || [ -h "$NX_REPOSITORY/$nx_path" ] || continue
    case $NX_REPOSITORY/$nx_path in "$NX_WORKSPACE_ROOT"/* | "$NX_HOME"/*) continue ;; esac
    nx_paths[${#nx_paths[@]}]=./$nx_path
    [ "${#nx_paths[@]}" -lt 500 ] && continue
    nx_tar_copy "$NX_REPOSITORY" "$1" "${nx_paths[@]}" || return 1
    nx_paths=()
  done < <(cd "$NX_REPOSITORY" && git ls-files -z --cached --others --exclude-standard)
  [ "${#nx_paths[@]}" = 0 ] || nx_tar_copy "$NX_REPOSITORY" "$1" "${nx_paths[@]}"
}

# nx_copy_tree FROM TO: one tar pipe; where something is to be left out below FROM, entry by entry on the
# way down to it, so that no path has to be made a pattern.
nx_copy_tree() {
  local nx_from=$1 nx_to=$2 nx_entry nx_entries nx_inner
  nx_inner=()
  if ! nx_holds_ours "$nx_from"; then
    nx_tar_copy "$nx_from" "$nx_to" .
    return
  fi
  nx_entries=()
  for nx_entry in "$nx_from"/* "$nx_from"/.[!.]* "$nx_from"/..?*; do
    [ -e "$nx_entry" ] || [ -h "$nx_entry" ] || continue
    [ "$nx_entry" != "$nx_root" ] && [ "$nx_entry" != "$nx_home" ] || continue
    if [ ! -h "$nx_entry" ] && nx_holds_ours "$nx_entry"; then
      nx_inner[${#nx_inner[@]}]=${nx_entry##*/}
    else
      nx_entries[${#nx_entries[@]}]=./${nx_entry##*/}
    fi
  done
  [ "${#nx_entries[@]}" = 0 ] || nx_tar_copy "$nx_from" "$nx_to" "${nx_entries[@]}" || return 1
  [ "${#nx_inner[@]}" = 0 ] || for nx_entry in "${nx_inner[@]}"; do
    mkdir -p "$nx_to/$nx_entry" && nx_copy_tree "$nx_from/$nx_entry" "$nx_to/$nx_entry" || return 1
  done
}

# nx_holds_ours DIR: does the workspace root or NIXACTIONS_HOME lie below DIR?
nx_holds_ours() {
  case $nx_root/ in "$1"/?*) return 0 ;; esac
  case $nx_home/ in "$1"/?*) return 0 ;; esac
  return 1
}

# nx_tar_copy FROM TO ENTRY…
nx_tar_copy() {
  local nx_from=$1 nx_to=$2 nx_codes
  shift 2
  (cd "$nx_from" && nx_tar "$@") | (cd "$nx_to" && tar -xpf -)
  nx_codes=("${PIPESTATUS[@]}")
  # 1 is what tar says of files that changed while it read them.
  [ "${nx_codes[0]}" -le 1 ] && [ "${nx_codes[1]}" = 0 ]
}

# nx_tar NAME…: prints a tar stream. GNU tar would take a backslash in a name for the start of an escape.
nx_tar() {
  case $* in
  *\\*) case $(tar --version 2>/dev/null) in *GNU*) set -- --no-unquote "$@" ;; esac ;;
  esac
  tar -cf - "$@"
}

# nx_pack PATH: prints a tar stream of what PATH, as written or as a glob, names below the current
# directory. Status 3 if that is nothing, 4 if it leads out of the directory.
nx_pack() {
  local nx_path=${1%/} nx_match nx_matches
  nx_matches=()
  [ -n "$nx_path" ] || nx_path=.
  if [ -e "$nx_path" ] || [ -h "$nx_path" ]; then
    nx_matches[0]=./$nx_path
  else
    set +f
    shopt -s globstar 2>/dev/null
    local IFS=
    # shellcheck disable=SC2086  # a glob is what it is
    for nx_match in ./$nx_path; do
      [ -e "$nx_match" ] || [ -h "$nx_match" ] || continue
      nx_matches[${#nx_matches[@]}]=$nx_match
    done
    unset IFS
  fi
  [ "${#nx_matches[@]}" -gt 0 ] || return 3
  for nx_match in "${nx_matches[@]}"; do
    nx_inside "$nx_match" || {
      echo "$nx_match leads out of the job's directory" >&2
      return 4
    }
  done
  nx_tar "${nx_matches[@]}"
}

# nx_inside PATH: does a relative path stay below the current directory when its links are followed? The
# last part may be a link: it is kept as one.
nx_inside() {
  local nx_part=$1 nx_here nx_there
  case $1 in */..) nx_part=$1/ ;; esac
  while case $nx_part in */*) true ;; *) false ;; esac do
    nx_part=${nx_part%/*}
    if [ -h "$nx_part" ] || [ "${nx_part##*/}" = .. ]; then
      nx_here=$(pwd -P)
      nx_there=$(cd -P "$nx_part" && pwd -P) || return 1
      case $nx_there/ in "$nx_here"/*) ;; *) return 1 ;; esac
    fi
  done
}

# nx_unpack DIR: reads a tar stream into DIR below the current directory, or into it if DIR is empty.
nx_unpack() {
  local nx_dir=${1%/}
  if [ -n "$nx_dir" ]; then
    nx_inside "./$nx_dir/." && mkdir -p "./$nx_dir" && cd "./$nx_dir" || return 1
  fi
  tar -xpf -
}
