# Usage: nxa_sha256 <FILE
# Requires:
# Hashes, by what the machine has.
# shellcheck shell=bash

# nxa_sha256: prints the hash of standard input, a blank and a name. Fails where there is no tool for it.
nxa_sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256
  else
    openssl dgst -sha256 -r
  fi
}
