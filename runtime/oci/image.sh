# Usage: nxa_image_base IMAGE; nxa_image_with BASE PACKAGE:COMMAND…
# Requires: oci/engine.sh core/hash.sh core/jobscript.sh
# Images: the one to start from, pulled if it is not there, and one made of it with packages, whose tag is the hash of all that
# went in: what is there already is not built again.
# shellcheck shell=bash

# nxa_image_base IMAGE PLATFORM: sees that the image is there; NXA_IMAGE_ID = its id.
nxa_image_base() {
  local nxa_words nxa_platform
  if ! nxa_words=$(nxa_engine image inspect --format '{{.Id}} {{.Os}}/{{.Architecture}}' "$1" 2>/dev/null </dev/null) ||
    ! nxa_image_fits "${nxa_words#* }" "$2"; then
    nxa_platform=()
    [ -z "$2" ] || nxa_platform=("--platform=$2")
    printf 'pulling %s\n' "$1"
    nxa_engine pull ${nxa_platform[@]+"${nxa_platform[@]}"} "$1" </dev/null || {
      printf 'image %s is not here and could not be pulled\n' "$1"
      return 1
    }
    nxa_words=$(nxa_engine image inspect --format '{{.Id}}' "$1" </dev/null) || return 1
  fi
  NXA_IMAGE_ID=${nxa_words%% *}
}

# nxa_image_fits HAS WANTED: os/architecture, and a platform that may say nothing, no variant, or all.
nxa_image_fits() {
  case $2/ in / | "$1/"*) return 0 ;; esac
  return 1
}

# nxa_image_with BASE PLATFORM NETWORK PACKAGE:COMMAND…: NXA_IMAGE = the base with these packages (`PACKAGE:` is installed whatever
# commands there are). NXA_IMAGE_ID is the base's id; NXA_IMAGE_ROOM a directory for the builder's files.
nxa_image_with() {
  local nxa_base=$1 nxa_options nxa_user
  nxa_options=(--rm --force-rm)
  [ -z "$2" ] || nxa_options[${#nxa_options[@]}]=--platform=$2
  # A network of the jobs' own is no matter of the build, which could not install anything without one.
  [ "$3" != host ] || nxa_options[${#nxa_options[@]}]=--network=host
  nxa_user=$(nxa_engine image inspect --format '{{.Config.User}}' "$nxa_base" </dev/null) || return 1
  mkdir -p -- "$NXA_IMAGE_ROOM" && nxa_dockerfile "$nxa_base" "$nxa_user" "${@:4}" >"$NXA_IMAGE_ROOM/Dockerfile" || return 1
  NXA_IMAGE=$(printf '%s\n' "$NXA_IMAGE_ID" "$2" | cat - "$NXA_IMAGE_ROOM/Dockerfile" | nxa_sha256) || return 1
  NXA_IMAGE=${NXA_IMAGE%% *}
  NXA_IMAGE=nixactions:${NXA_IMAGE:0:32}
  ! nxa_engine image inspect --format '{{.Id}}' "$NXA_IMAGE" >/dev/null 2>&1 </dev/null || return 0
  printf 'building %s from %s\n' "$NXA_IMAGE" "$nxa_base"
  nxa_engine build "${nxa_options[@]}" --tag="$NXA_IMAGE" "$NXA_IMAGE_ROOM" </dev/null || {
    printf 'image %s could not be built\n' "$NXA_IMAGE"
    return 1
  }
}

# nxa_dockerfile BASE USER PACKAGE:COMMAND…: prints it. The base's own user comes back at the end.
nxa_dockerfile() {
  local nxa_each nxa_words=''
  for nxa_each in "${@:3}"; do
    nxa_quote "$nxa_each"
    nxa_words="$nxa_words $NXA_QUOTED"
  done
  printf 'FROM %s\nLABEL nixactions.base=%s\nUSER 0\nRUN set --%s; \\\n' "$1" "${1//[!A-Za-z0-9.:\/@_-]/_}" "$nxa_words"
  nxa_install_lines
  printf 'USER %s\n' "${2:-0}"
}

# nxa_install_lines: prints the rest of a command for any POSIX shell, which finds out what is missing and with what to
# install it. A command that is there stays what it is, whichever package it came from.
nxa_install_lines() {
  cat <<'END'
    missing=; \
    for each in "$@"; do \
      command=${each##*:}; \
      if [ -z "$command" ] || ! command -v "$command" >/dev/null 2>&1; then missing="$missing ${each%:*}"; fi; \
    done; \
    set -f; set -- $missing; \
    [ $# -gt 0 ] || exit 0; \
    has() { command -v "$1" >/dev/null 2>&1; }; \
    echo "installing $*"; \
    if has apt-get; then \
      export DEBIAN_FRONTEND=noninteractive; \
      apt-get update && apt-get install -y --no-install-recommends "$@" && rm -rf /var/lib/apt/lists/*; \
    elif has apk; then apk add --no-cache "$@"; \
    elif has dnf; then dnf install -y "$@" && dnf clean all; \
    elif has microdnf; then microdnf install -y "$@" && microdnf clean all; \
    elif has zypper; then zypper --non-interactive install --no-recommends "$@" && zypper clean --all; \
    elif has pacman; then pacman -Syu --noconfirm --needed "$@" && rm -rf /var/cache/pacman/pkg/*; \
    else \
      echo "cannot install $*: the image has none of apt, apk, dnf, microdnf, zypper, pacman" >&2; exit 1; \
    fi
END
}
