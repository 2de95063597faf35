# Usage: nxa_pretty_settle once the options are known; nxa_pretty_words; nxa_pretty_still; nxa_pretty_wipe
# Requires: core/pretty.pl
# The format pretty, as far as it is settled before anything is written: whether there is a terminal for it, with colours and a
# status block, or a service that has groups.
# shellcheck shell=bash

# nxa_pretty_settle: what `auto` is. NXA_LIVE, NXA_COLOUR, NXA_SIGNS = 1 or empty: may the cursor move, are there colours, has
# the locale more than ASCII; NXA_SERVICE = github, gitlab or empty.
nxa_pretty_settle() {
  NXA_LIVE='' NXA_COLOUR='' NXA_SIGNS='' NXA_SERVICE=''
  if [ "$NXA_FORMAT" = auto ]; then
    NXA_FORMAT=structured
    [ ! -t 1 ] || NXA_FORMAT=pretty
  fi
  [ "$NXA_FORMAT" = pretty ] || return 0
  [ "${GITHUB_ACTIONS-}" != true ] || NXA_SERVICE=github
  [ "${GITLAB_CI-}" != true ] || NXA_SERVICE=gitlab
  # What is held back until its step has failed is no group.
  case ${NXA_LOG_LEVEL-} in error | warning) NXA_SERVICE='' ;; esac
  case $NXA_SERVICE${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  # The pages of both are UTF-8, whatever the locale of a job is.
  git* | *[Uu][Tt][Ff]-8* | *[Uu][Tt][Ff]8*) NXA_SIGNS=1 ;;
  esac
  [ -z "$NXA_SERVICE" ] && [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] || return 0
  NXA_LIVE=1
  [ -n "$NXA_NO_COLOR${NO_COLOR-}" ] || NXA_COLOUR=1
}

# nxa_pretty_words: NXA_WORDS = what the collector must know of all this: nothing for other formats.
nxa_pretty_words() {
  local nxa_job
  NXA_WORDS=()
  [ "$NXA_FORMAT" = pretty ] || return 0
  printf '%s\n' "$NXA_PRETTY_PL" "$NXA_CLOSING_PL" "$NXA_BLOCK_PL" "$NXA_GROUPS_PL" >"$NXA_RUN_TMP/pretty.pl"
  NXA_WORDS=("$NXA_LIVE" "$NXA_COLOUR" "$NXA_SIGNS" "$NXA_SERVICE" "$$")
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ -n "${NXA_SELECTED[nxa_job]-}" ] || continue
    NXA_WORDS[${#NXA_WORDS[@]}]=${NXA_JOB_NAME[nxa_job]}
    NXA_WORDS[${#NXA_WORDS[@]}]=${NXA_JOB_TOLERATED[nxa_job]-}
  done
}

# nxa_pretty_still: the script ends at once; whoever draws the status block is to stop.
nxa_pretty_still() {
  [ -z "$NXA_LIVE" ] || [ ! -p "${NXA_RUN_TMP-}/control" ] || printf 'still\n' 1<>"$NXA_RUN_TMP/control"
}

# nxa_pretty_wipe: whoever drew it is gone, perhaps in the midst of it. The cursor stands where the block begins.
nxa_pretty_wipe() {
  [ -z "$NXA_LIVE" ] || printf '\033[?7h\r\033[J'
}
