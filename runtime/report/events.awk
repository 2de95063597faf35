# Usage: awk "$NXA_EVENTS_AWK$NXA_<KIND>_AWK" part=plan PLAN part=events EVENTS, with LC_ALL=C
# Requires:
# Reads the record of a run for its reports. One program for the script and for `nixc report`, in what POSIX says of awk, since
# every machine that runs scripts has one. PLAN has the workflow's jobs with what they need, EVENTS is events.jsonl, of which
# we are the only writer: keys stand in one order, and a quote within a text has a backslash before it.
# All texts stay as they stand in JSON until they are printed: json(), xml(). Times are milliseconds.
# Jobs are numbered in the order of the workflow, steps as they begin. A kind of report is report() and whether it wants output.

BEGIN { UNKNOWN = "\357\277\275" }

part == "plan" { plan(); next }
# A line that was cut off, since its writer was killed, says nothing.
substr($0, length($0)) == "}" { event() }
END { settle(); report() }

# --- reading -----------------------------------------------------------------------------------------

# source NAME; job NAME NEED…
function plan(    word, n, i, j) {
  n = split($0, word, " ")
  if (word[1] == "source") source = substr($0, 8)
  if (word[1] != "job") return
  j = job_number(word[2])
  for (i = 3; i <= n; i++) need[j, ++needs[j]] = word[i]
}

function job_number(name) {
  if (!(name in job_by)) {
    job_by[name] = ++jobs
    job[jobs] = name
    list_of[",\"job\":\"" name "\""] = "job " jobs
  }
  return job_by[name]
}

function event(    kind, j) {
  # The place is the same in every line: times and the run's name have one length.
  if (!place) {
    place = index($0, ",\"event\":\"")
    workflow = value($0, "workflow")
    run = value($0, "run")
    began = now()
  }
  kind = substr($0, place + 10, 7)
  if (kind == "output\"") {
    if (wants_output) output()
    return
  }
  ended = now()
  kind = value($0, "event")
  j = value($0, "job")
  if (j != "") j = job_number(j)
  if (kind == "workflow_start") started = stamp()
  else if (kind == "workflow_end") run_end()
  else if (kind == "job_start") job_start(j)
  else if (kind == "job_end") job_end(j)
  else if (kind == "step_start") step_start(j, value($0, "step"), number($0, "attempt"))
  else if (kind == "step_retry") attempt_end(step_at[j, value($0, "step")], number($0, "delay_ms"))
  else if (kind == "step_end") step_end(j, value($0, "step"))
  else if (kind == "warning" || kind ~ /^(artifact|cache)_/) note[j, kind, ++notes[j, kind]] = value($0, "message")
}

# A line that a step printed. Lines of one step are a chain, since a text that grows costs the square of its length.
function output(    rest, at, where, list) {
  rest = substr($0, place + 17)
  at = index(rest, ",\"message\":\"")
  where = substr(rest, 1, at - 1)
  if (!(where in list_of)) where = ",\"job\":\"" value(where, "job") "\""
  list = list_of[where]
  line[++lines_read] = substr(rest, at + 12, length(rest) - at - 13)
  if (lines[list]++) following[last[list]] = lines_read
  else first[list] = lines_read
  last[list] = lines_read
}

# The text of a key, as it stands in JSON; empty if there is none. Outside of a text, a comma before a quote begins a key.
function value(object, key,    at, rest) {
  at = index(object, ",\"" key "\":\"")
  if (!at) return ""
  rest = substr(object, at + length(key) + 5)
  match(rest, /^([^"\\]|\\.)*/)
  return substr(rest, 1, RLENGTH)
}

function number(object, key,    at) {
  at = index(object, ",\"" key "\":")
  return at ? substr(object, at + length(key) + 4, 16) + 0 : ""
}

function stamp() { return substr($0, 15, 24) }

# The line's time in ms since the epoch; days by the calendar that begins in March.
function now(    y, m, day) {
  day = substr($0, 15, 10)
  if (day != day_known) {
    y = substr(day, 1, 4) + 0
    m = digits(20, 2) - 3
    if (m < 0) { y--; m += 12 }
    day_known = day
    day_ms = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + digits(23, 2) - 719469
    day_ms *= 86400000
  }
  return day_ms + digits(26, 2) * 3600000 + digits(29, 2) * 60000 + digits(32, 2) * 1000 + digits(35, 3)
}

# A number of the line that may begin with a zero: BusyBox takes 044 for octal.
function digits(at, n) { return ("1" substr($0, at, n)) - (n == 2 ? 100 : 1000) }

function run_end() {
  run_status = value($0, "status")
  run_exit = number($0, "exit_code")
}

function job_start(j) {
  executor[j] = value($0, "executor")
  job_began[j] = now()
}

function job_end(j,    ms) {
  job_status[j] = value($0, "status")
  job_reason[j] = value($0, "reason")
  job_exit[j] = number($0, "exit_code")
  job_ended[j] = now()
  job_order[j] = ++job_ends
  ms = number($0, "duration_ms")
  if (ms != "") job_began[j] = job_ended[j] - ms
}

function step_new(j, name) {
  step[++steps] = name
  step_job[steps] = j
  job_step[j, ++job_steps[j]] = steps
  step_at[j, name] = steps
  list_of[",\"job\":\"" job[j] "\",\"step\":\"" name "\""] = "step " steps
  return steps
}

function step_start(j, name, attempt,    s) {
  s = attempt == 1 ? step_new(j, name) : step_at[j, name]
  if (attempt == 1) step_began[s] = now()
  attempts[s] = attempt
  attempt_began[s, attempt] = now()
}

# How the attempt under way ended, and how long the step waits for the next.
function attempt_end(s, delay,    a) {
  a = attempts[s]
  attempt_status[s, a] = value($0, "status")
  attempt_exit[s, a] = number($0, "exit_code")
  attempt_reason[s, a] = value($0, "reason")
  attempt_ended[s, a] = now()
  attempt_delay[s, a] = delay
}

# One that never started has no attempt.
function step_end(j, name,    s) {
  s = number($0, "attempt") == "" ? step_new(j, name) : step_at[j, name]
  if (attempts[s]) attempt_end(s, "")
  step_status[s] = value($0, "status")
  step_exit[s] = number($0, "exit_code")
  step_reason[s] = value($0, "reason")
  step_ended[s] = now()
}

# --- what follows from it ----------------------------------------------------------------------------

# What has no end, since the script was killed or still runs, is unfinished.
function settle(    j, s) {
  if (run_status == "") run_status = "unfinished"
  for (j = 1; j <= jobs; j++) if (!(j in job_status)) {
    job_status[j] = "unfinished"
    job_ended[j] = ended
    job_order[j] = jobs + 1
  }
  for (s = 1; s <= steps; s++) if (!(s in step_status)) {
    step_status[s] = attempt_status[s, attempts[s]] = "unfinished"
    step_ended[s] = attempt_ended[s, attempts[s]] = ended
  }
  find_critical()
  for (j = 1; j <= jobs; j++) find_lanes(j)
}

# Steps of a parallel group run at the same time: each is in the first lane of its job that is free when it begins.
function find_lanes(j,    i, s, n, free) {
  lanes[j] = 1
  for (i = 1; i <= job_steps[j]; i++) {
    s = job_step[j, i]
    if (!(s in step_began)) continue
    for (n = 1; n in free && free[n] > step_began[s]; n++) if (n == lanes[j]) lanes[j]++
    lane[s] = n
    free[n] = step_ended[s]
  }
}

# The critical path: from the job that ended last, each time the one of its needs that ended last. Clocks may be coarse: what
# counts is the order of the events.
function find_critical(    j, i, n, best) {
  best = 0
  for (j = 1; j <= jobs; j++) if (ran(j) && (!best || job_order[j] > job_order[best])) best = j
  for (j = best; j && !(j in critical); j = best) {
    critical[j] = 1
    best = 0
    for (i = 1; i <= needs[j]; i++) {
      n = job_by[need[j, i]]
      if (ran(n) && (!best || job_order[n] > job_order[best])) best = n
    }
  }
}

function ran(j) { return (j in job_began) }
function job_ms(j) { return ran(j) ? span(job_began[j], job_ended[j]) : "" }
function step_ms(s) { return (s in step_began) ? span(step_began[s], step_ended[s]) : "" }
function attempt_ms(s, a) { return span(attempt_began[s, a], attempt_ended[s, a]) }
# The clock may have been set back meanwhile.
function span(from, to) { return to > from ? to - from : 0 }
function bad(status) { return status != "success" && status != "skipped" }

# Why something is not green, in few words.
function why(status, exit_code, reason) {
  if (reason != "") return reason
  if (status == "failure") return "exit status " exit_code
  if (status == "timeout") return "timed out"
  return status == "unfinished" ? "did not end" : status
}

# --- texts -------------------------------------------------------------------------------------------

# Seconds with three digits.
function seconds(ms) { return int(ms / 1000) "." substr(ms % 1000 + 1000, 2) }

# 2026-11-23T10:58:44.123Z
function date_of(ms,    days, rest, y, m, era) {
  days = int(ms / 86400000)
  rest = ms - days * 86400000
  days += 719468
  era = int(days / 146097)
  days -= era * 146097
  y = int((days - int(days / 1460) + int(days / 36524) - int(days / 146096)) / 365)
  days -= 365 * y + int(y / 4) - int(y / 100)
  m = int((5 * days + 2) / 153)
  days -= int((153 * m + 2) / 5) - 1
  y += era * 400 + (m > 9)
  m = m > 9 ? m - 9 : m + 3
  return y "-" two(m) "-" two(days) "T" two(int(rest / 3600000)) ":" two(int(rest / 60000) % 60) ":" two(int(rest / 1000) % 60) \
    "." substr(rest % 1000 + 1000, 2) "Z"
}

function two(n) { return n < 10 ? "0" n : n "" }

function json(text) { return "\"" text "\"" }

# For XML and HTML. A search begins anew behind each find, and some awks then measure all that is left: so in pieces, none of
# which ends within an escape.
function xml(text,    done, piece, n) {
  if (index(text, "\357\277\276")) gsub("\357\277\276", UNKNOWN, text)
  if (index(text, "\357\277\277")) gsub("\357\277\277", UNKNOWN, text)
  while (length(text) > 4096) {
    n = 4096
    while (n < length(text) && index(substr(text, n - 5, 6), "\\")) n++
    done = done xml_piece(substr(text, 1, n))
    text = substr(text, n + 1)
  }
  return done xml_piece(text)
}

function xml_piece(text) {
  if (index(text, "\\")) text = plain(text)
  if (text ~ /[&<>"\r]/) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    gsub(/"/, "\\&quot;", text)
    gsub(/\r/, "\\&#13;", text)
  }
  return text
}

# Without JSON's escapes; colours and other orders to a terminal are left out, and what no XML may hold is U+FFFD.
function plain(text,    part_of, n, i) {
  gsub(/\\\\/, "\001", text)
  gsub(/\\u001b\[[0-9;:?]*[A-Za-z]/, "", text)
  gsub(/\\u001b\][^\\]*(\\u0007|\\u001b\001)/, "", text)
  gsub(/\\u[0-9a-f][0-9a-f][0-9a-f][0-9a-f]/, UNKNOWN, text)
  gsub(/\\"/, "\"", text)
  gsub(/\\n/, "\n", text)
  gsub(/\\t/, "\t", text)
  gsub(/\\r/, "\r", text)
  # Awks differ in what a backslash in a replacement is.
  n = split(text, part_of, "\001")
  text = part_of[1]
  for (i = 2; i <= n; i++) text = text "\\" part_of[i]
  return text
}
