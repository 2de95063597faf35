# Usage: nxa_nix_path; in a job's own process, its plan loaded
# Requires: core/stream.sh
# Packages from nix: what `nix shell` would add to PATH.
# shellcheck shell=bash

# nxa_nix_path: adds the packages of the job's plan to PATH, once for all its steps. Status 1 where nix cannot give them; then
# that is told in its own words.
nxa_nix_path() {
  local nxa_path
  nxa_tell_untold
  nxa_path=$(
    # shellcheck disable=SC2016  # the inner shell's PATH
    nix --extra-experimental-features 'nix-command flakes' shell "${NXA_NIX_PACKAGES[@]/#/nixpkgs#}" \
      --command "$NXA_BASH" -c 'printf "%s/" "$PATH"' 2>"$NXA_JOB_TMP/nix"
  ) && [ -n "$nxa_path" ] || {
    nxa_warn_lines "$NXA_JOB_TMP/nix"
    nxa_emit job_failed "nix could not give the packages ${NXA_NIX_PACKAGES[*]}"
    return 1
  }
  export PATH="${nxa_path%/}"
}
