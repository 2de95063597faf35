# Usage: nx_clock; sets NX_NOW (ms since the epoch) and NX_STAMP (the same for people)
# Requires:
# No process is started: EPOCHREALTIME where the shell has it, else SECONDS.
# shellcheck shell=bash

# nx_clock_start: prepares the clock; one process, and only where bash is older than 5.
nx_clock_start() {
  NX_STAMP_SECOND=''
  NX_STAMP_TEXT=''
  if [ -z "${EPOCHREALTIME-}" ]; then
    # Assigned, SECONDS counts on from there.
    SECONDS=$(date +%s)
  fi
}

# nx_clock: NX_NOW = milliseconds since the epoch, NX_STAMP the same as 2026-11-23T10:58:44.123Z.
nx_clock() {
  # One command, evaluated from left to right. The decimal sign would follow the locale, but ours is C.
  NX_NOW=${EPOCHREALTIME-$SECONDS.000000} NX_NOW=${NX_NOW%???} NX_SECOND=${NX_NOW%.*} NX_NOW=$NX_SECOND${NX_NOW#*.}
  [ "$NX_SECOND" = "$NX_STAMP_SECOND" ] || nx_date "$NX_SECOND"
  NX_STAMP=$NX_STAMP_TEXT.${NX_NOW#"$NX_SECOND"}Z
}

# nx_date SECOND: NX_STAMP_TEXT = 2026-11-23T10:58:44 in UTC.
# Days to a civil date after http://howardhinnant.github.io/date_algorithms.html, era of 2000.
nx_date() {
  NX_STAMP_SECOND=$1
  local nx_days=$(($1 / 86400 + 719468)) nx_rest=$(($1 % 86400))
  local nx_era=$((nx_days / 146097))
  local nx_doe=$((nx_days - nx_era * 146097))
  local nx_yoe=$(((nx_doe - nx_doe / 1460 + nx_doe / 36524 - nx_doe / 146096) / 365))
  local nx_doy=$((nx_doe - (365 * nx_yoe + nx_yoe / 4 - nx_yoe / 100)))
  local nx_mp=$(((5 * nx_doy + 2) / 153))
  local nx_day=$((nx_doy - (153 * nx_mp + 2) / 5 + 1))
  local nx_month=$((nx_mp < 10 ? nx_mp + 3 : nx_mp - 9))
  local nx_year=$((nx_yoe + nx_era * 400 + (nx_month <= 2 ? 1 : 0)))
  printf -v NX_STAMP_TEXT '%04d-%02d-%02dT%02d:%02d:%02d' \
    "$nx_year" "$nx_month" "$nx_day" \
    $((nx_rest / 3600)) $((nx_rest / 60 % 60)) $((nx_rest % 60))
}

# nx_seconds MS: NX_SECONDS = 1.333s, three digits.
nx_seconds() {
  printf -v NX_SECONDS '%d.%03ds' $((${1:-0} / 1000)) $((${1:-0} % 1000))
}

# nx_short_seconds MS: NX_SECONDS = 5s or 1.5s, as a person would write it.
nx_short_seconds() {
  nx_seconds "$1"
  NX_SECONDS=${NX_SECONDS%s}
  while case $NX_SECONDS in *.*0) true ;; *) false ;; esac do NX_SECONDS=${NX_SECONDS%0}; done
  NX_SECONDS=${NX_SECONDS%.}s
}
