# Usage: nxa_clock; sets NXA_NOW (ms since the epoch) and NXA_STAMP (the same for people)
# Requires:
# No process is started: EPOCHREALTIME where the shell has it, else SECONDS.
# shellcheck shell=bash

# nxa_clock_start: prepares the clock; one process, and only where bash is older than 5.
nxa_clock_start() {
  NXA_STAMP_SECOND=''
  NXA_STAMP_TEXT=''
  if [ -z "${EPOCHREALTIME-}" ]; then
    # Assigned, SECONDS counts on from there.
    SECONDS=$(date +%s)
  fi
}

# nxa_clock: NXA_NOW = milliseconds since the epoch, NXA_STAMP the same as 2026-11-23T10:58:44.123Z.
nxa_clock() {
  # One command, evaluated from left to right. The decimal sign would follow the locale, but ours is C.
  NXA_NOW=${EPOCHREALTIME-$SECONDS.000000} NXA_NOW=${NXA_NOW%???} NXA_SECOND=${NXA_NOW%.*} NXA_NOW=$NXA_SECOND${NXA_NOW#*.}
  [ "$NXA_SECOND" = "$NXA_STAMP_SECOND" ] || nxa_date "$NXA_SECOND"
  NXA_STAMP=$NXA_STAMP_TEXT.${NXA_NOW#"$NXA_SECOND"}Z
}

# nxa_print_clock: prints NXA_NOW; in a subshell, whatever the locale of the shell around it.
nxa_print_clock() {
  LC_ALL=C
  nxa_clock
  printf '%s' "$NXA_NOW"
}

# nxa_date SECOND: NXA_STAMP_TEXT = 2026-11-23T10:58:44 in UTC.
# Days to a civil date after http://howardhinnant.github.io/date_algorithms.html, era of 2000.
nxa_date() {
  NXA_STAMP_SECOND=$1
  local nxa_days=$(($1 / 86400 + 719468)) nxa_rest=$(($1 % 86400))
  local nxa_era=$((nxa_days / 146097))
  local nxa_doe=$((nxa_days - nxa_era * 146097))
  local nxa_yoe=$(((nxa_doe - nxa_doe / 1460 + nxa_doe / 36524 - nxa_doe / 146096) / 365))
  local nxa_doy=$((nxa_doe - (365 * nxa_yoe + nxa_yoe / 4 - nxa_yoe / 100)))
  local nxa_mp=$(((5 * nxa_doy + 2) / 153))
  local nxa_day=$((nxa_doy - (153 * nxa_mp + 2) / 5 + 1))
  local nxa_month=$((nxa_mp < 10 ? nxa_mp + 3 : nxa_mp - 9))
  local nxa_year=$((nxa_yoe + nxa_era * 400 + (nxa_month <= 2 ? 1 : 0)))
  printf -v NXA_STAMP_TEXT '%04d-%02d-%02dT%02d:%02d:%02d' \
    "$nxa_year" "$nxa_month" "$nxa_day" \
    $((nxa_rest / 3600)) $((nxa_rest / 60 % 60)) $((nxa_rest % 60))
}

# nxa_seconds MS: NXA_SECONDS = 1.333s, three digits.
nxa_seconds() {
  printf -v NXA_SECONDS '%d.%03ds' $((${1:-0} / 1000)) $((${1:-0} % 1000))
}

# nxa_short_seconds MS: NXA_SECONDS = 5s or 1.5s, as a person would write it.
nxa_short_seconds() {
  nxa_seconds "$1"
  NXA_SECONDS=${NXA_SECONDS%s}
  while case $NXA_SECONDS in *.*0) true ;; *) false ;; esac do NXA_SECONDS=${NXA_SECONDS%0}; done
  NXA_SECONDS=${NXA_SECONDS%.}s
}
