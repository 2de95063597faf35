# Usage: nxa_group_begins TITLE; nxa_group_ends AFTER or nxa_group_broken; nxa_pretty_note LEVEL TITLE MESSAGE; nxa_pretty_write
# Requires: core/text.sh
# Groups and annotations of GitHub Actions and GitLab CI, as in core/groups.pl; without a collector what belongs to a group is
# held in a file until its step has ended.
# shellcheck shell=bash

NXA_GROUPED='' NXA_GROUP_ENDS='' NXA_GROUP_NUMBER=0

# nxa_group_begins TITLE: what is written from here on is held.
nxa_group_begins() {
  NXA_GROUPED=1
  NXA_GROUP_NUMBER=$((NXA_GROUP_NUMBER + 1))
  NXA_GROUP_NAME=nixc_${NXA_JOB}_$NXA_GROUP_NUMBER
  NXA_GROUP_MARK="::group::$1"
  [ "$NXA_SERVICE" = github ] ||
    NXA_GROUP_MARK=$'\033[0Ksection_start:'$NXA_SECOND:$NXA_GROUP_NAME$'[collapsed=true]\r\033[0K'$1
  exec 9>"$NXA_RUN_TMP/group.$NXA_JOB"
}

# nxa_group_ends AFTER: the next write is of the group with all that was held, then AFTER.
nxa_group_ends() {
  NXA_GROUP_ENDS=1 NXA_GROUP_AFTER=$1 NXA_GROUP_END='::endgroup::'
  [ "$NXA_SERVICE" = github ] || NXA_GROUP_END=$'\033[0Ksection_end:'$NXA_SECOND:$NXA_GROUP_NAME$'\r\033[0K'
}

# nxa_group_broken: ends the group as it is; NXA_PRETTY stands below it.
nxa_group_broken() {
  NXA_GROUPED=1
  nxa_group_ends "$NXA_PRETTY"
  NXA_PRETTY=''
}

nxa_pretty_write() {
  if [ -z "$NXA_GROUPED" ]; then
    printf '%s' "$NXA_PRETTY"
    return
  fi
  printf '%s' "$NXA_PRETTY" >&9
  [ -n "$NXA_GROUP_ENDS" ] || return 0
  NXA_GROUPED='' NXA_GROUP_ENDS=''
  exec 9>&-
  printf '%s\n' "$NXA_GROUP_MARK" && cat "$NXA_RUN_TMP/group.$NXA_JOB" && printf '%s\n%s' "$NXA_GROUP_END" "$NXA_GROUP_AFTER"
}

# nxa_pretty_note LEVEL TITLE MESSAGE: NXA_NOTE = an annotation, where the service has them.
nxa_pretty_note() {
  local nxa_title nxa_message
  NXA_NOTE=''
  [ "$NXA_SERVICE" = github ] || return 0
  nxa_title=${2//'%'/%25} nxa_message=${3//'%'/%25}
  nxa_title=${nxa_title//$NXA_NEWLINE/%0A} nxa_message=${nxa_message//$NXA_NEWLINE/%0A}
  nxa_title=${nxa_title//$'\r'/%0D} nxa_message=${nxa_message//$'\r'/%0D}
  nxa_title=${nxa_title//:/%3A}
  NXA_NOTE="::$1 title=${nxa_title//,/%2C}::$nxa_message$NXA_NEWLINE"
}
