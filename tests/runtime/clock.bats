load helper

@test "dates: leap years, centuries, ends of years, 1970 and 2038" {
  in_each_bash core/clock.sh <<'END'
date_of() {
  nxa_date "$1"
  is "$NXA_STAMP_TEXT" "$2"
}
date_of 0 1970-01-01T00:00:00
date_of 1 1970-01-01T00:00:01
date_of 68169599 1972-02-28T23:59:59
date_of 68169600 1972-02-29T00:00:00
date_of 68256000 1972-03-01T00:00:00
date_of 946684799 1999-12-31T23:59:59
date_of 946684800 2000-01-01T00:00:00
date_of 951782400 2000-02-29T00:00:00
date_of 951868800 2000-03-01T00:00:00
date_of 978307199 2000-12-31T23:59:59
date_of 1677628799 2023-02-28T23:59:59
date_of 1677628800 2023-03-01T00:00:00
date_of 1709164800 2024-02-29T00:00:00
date_of 1735689599 2024-12-31T23:59:59
date_of 1795431524 2026-11-23T10:58:44
date_of 2147483647 2038-01-19T03:14:07
date_of 2147483648 2038-01-19T03:14:08
date_of 4107542399 2100-02-28T23:59:59
date_of 4107542400 2100-03-01T00:00:00
date_of 13574563200 2400-02-29T00:00:00
END
}

@test "dates agree with Python's, a day of every month over 130 years" {
  python3 - >"$BATS_TEST_TMPDIR/dates" <<'END'
from datetime import datetime, timezone
for year in range(1970, 2101):
    for month in range(1, 13):
        when = datetime(year, month, 1 + year * month % 28, month, year % 60, 59, tzinfo=timezone.utc)
        print(int(when.timestamp()), when.strftime("%Y-%m-%dT%H:%M:%S"))
END
  in_each_bash core/clock.sh <<'END'
count=0
while read -r seconds date; do
  nxa_date "$seconds"
  is "$NXA_STAMP_TEXT" "$date"
  count=$((count + 1))
done <../dates
is "$count" 1572
END
}

@test "the clock with microseconds" {
  in_each_bash core/clock.sh <<'END'
unset EPOCHREALTIME
NXA_STAMP_SECOND=''
EPOCHREALTIME=1795431524.123456
nxa_clock
is "$NXA_NOW $NXA_STAMP" '1795431524123 2026-11-23T10:58:44.123Z'
EPOCHREALTIME=1795431524.000999
nxa_clock
is "$NXA_NOW $NXA_STAMP" '1795431524000 2026-11-23T10:58:44.000Z'
EPOCHREALTIME=1795431525.009000
nxa_clock
is "$NXA_NOW $NXA_STAMP" '1795431525009 2026-11-23T10:58:45.009Z'
END
}

@test "the clock of a shell that knows only seconds" {
  in_each_bash core/clock.sh <<'END'
unset EPOCHREALTIME
before=$(date +%s)
nxa_clock_start
nxa_clock
after=$(date +%s)
holds [ "${NXA_NOW%000}" -ge "$before" ]
holds [ "${NXA_NOW%000}" -le "$after" ]
nxa_date "${NXA_NOW%000}"
is "$NXA_STAMP" "$NXA_STAMP_TEXT.000Z"
END
}

@test "this shell's own clock tells the time of date" {
  in_each_bash core/clock.sh <<'END'
nxa_clock_start
before=$(date +%s)
nxa_clock
after=$(date +%s)
is "${#NXA_NOW}" 13
holds [ "${NXA_NOW%???}" -ge "$before" ]
holds [ "${NXA_NOW%???}" -le "$after" ]
is "${NXA_STAMP:19}" ".${NXA_NOW:10}Z"
END
}

@test "a clock that the caller's environment feigns is not believed" {
  in_each_bash core/clock.sh <<'END'
before=$(date +%s)
export EPOCHREALTIME=12.5 BASHPID=1 SECONDS=7
"$shell" -c '. "$1/runtime/core/start.sh"; . "$1/runtime/core/clock.sh"; . "$1/runtime/core/process.sh"
  nxa_clock_start; nxa_clock; nxa_self; echo "$NXA_NOW $NXA_SELF $$"' - "$root" >answer
read -r now self pid <answer
is "$self" "$pid"
holds [ "${now%???}" -ge "$before" ]
END
}

@test "durations" {
  in_each_bash core/clock.sh <<'END'
long() { nxa_seconds "$1" && is "$NXA_SECONDS" "$2"; }
short() { nxa_short_seconds "$1" && is "$NXA_SECONDS" "$2"; }
long 0 0.000s
long '' 0.000s
long 7 0.007s
long 1333 1.333s
long 61000 61.000s
long 86400001 86400.001s
short 0 0s
short 500 0.5s
short 5000 5s
short 1050 1.05s
short 10000 10s
short 100 0.1s
short 600001 600.001s
END
}
