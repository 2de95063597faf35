# Usage: (nxa_perl ARGUMENT…)
# Requires:
# Becomes a perl that is ours: what the caller has set for perls of its own is not for these.
# shellcheck shell=bash

nxa_perl() {
  unset PERL5OPT PERL5LIB PERLLIB PERL5DB PERL_UNICODE PERLIO
  export LC_ALL=C
  exec perl "$@"
}
