# Usage: nxa_copy_overlay DIR PARTS; nxa_overlay_end DIR PARTS; nxa_overlay_unmount DIR
# Requires:
# Copy-on-write mounts of the repository, where the kernel and our rights allow one. What is written goes to PARTS/upper; names
# in the options are relative ones of ours, since no option can hold every name.
# shellcheck shell=bash

# nxa_copy_overlay DIR PARTS: the repository at DIR, by a mount, else as a copy with a warning.
nxa_copy_overlay() {
  local nxa_root nxa_home nxa_repository nxa_why
  nxa_physical_paths
  if nxa_why=$(nxa_overlay_mount "$1" "$2" 2>&1); then
    chmod 0700 "$1"
    return
  fi
  nxa_warn "copyRepo = \"overlay\": the repository is copied, for no overlay can be mounted here (${nxa_why%%"$NXA_NEWLINE"*})"
  nxa_copy_repository "$1"
}

# nxa_overlay_mount DIR PARTS: status 1 where it cannot be; why, is printed.
nxa_overlay_mount() {
  if [ -e "$nxa_repository/.nxaignore" ]; then
    echo 'a mount leaves nothing out, and there is a .nxaignore'
    return 1
  elif nxa_holds_ours "$nxa_repository"; then
    echo 'TMPDIR or NIXACTIONS_HOME lies in the repository'
    return 1
  fi
  mkdir -p -- "$2/upper" "$2/work" && ln -s "$nxa_repository" "$2/lower" && ln -s "$1" "$2/merged" && cd "$2" || return 1
  mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay merged/.
}

# nxa_overlay_end DIR PARTS: of a kept workspace the files stay, without the mount.
nxa_overlay_end() {
  [ -d "$2/work" ] && nxa_overlay_mounted "$1" || return 0
  if [ -n "$NXA_KEEP_WORKSPACE" ]; then
    mkdir "$2/kept" && nxa_tar_copy "$1" "$2/kept" . || return 1
  fi
  nxa_overlay_unmount "$1"
  [ -z "$NXA_KEEP_WORKSPACE" ] || { rmdir "$1" && mv "$2/kept" "$1"; }
}

# nxa_overlay_mounted DIR: is something mounted there?
nxa_overlay_mounted() {
  local nxa_target nxa_type
  nxa_physical "$1"
  while read -r _ nxa_target nxa_type _; do
    nxa_overlay_name "$nxa_target"
    [ "$nxa_type" != overlay ] || [ "$NXA_TARGET" != "$NXA_PHYSICAL" ] || return 0
  done 2>/dev/null </proc/self/mounts
  return 1
}

# nxa_overlay_name TEXT: NXA_TARGET = a path as /proc/self/mounts writes it: \040 for a blank.
nxa_overlay_name() {
  NXA_TARGET=$1
  case $1 in *"$NXA_BACKSLASH"*) printf -v NXA_TARGET '%b' "${1//"$NXA_BACKSLASH"/${NXA_BACKSLASH}0}" ;; esac
}

# nxa_overlay_unmount DIR: all overlays at or below DIR. One that is still in use goes with its last user.
nxa_overlay_unmount() {
  local nxa_target nxa_type
  nxa_physical "$1"
  while read -r _ nxa_target nxa_type _; do
    nxa_overlay_name "$nxa_target"
    [ "$nxa_type" = overlay ] || continue
    case $NXA_TARGET/ in "$NXA_PHYSICAL"/*) umount "$NXA_TARGET" 2>/dev/null || umount -l "$NXA_TARGET" ;; esac
  done 2>/dev/null </proc/self/mounts
}
