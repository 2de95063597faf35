# Usage: see events.awk
# Requires: report/events.awk
# The run as one JSON object; docs/reports.md says what it holds.

BEGIN { wants_output = 1 }

function report(    j) {
  print "{"
  print "  \"workflow\": " json(workflow) ",\n  \"run\": " json(run) ",\n  \"source\": " maybe(source) ","
  print "  \"status\": " json(run_status) ",\n  \"exit_code\": " (run_exit == "" ? "null" : run_exit) ","
  print "  \"started\": " time_of(began) ",\n  \"ended\": " time_of(ended) ",\n  \"duration_ms\": " span(began, ended) ","
  print "  \"warnings\": " texts("", "warning") ",\n  \"jobs\": ["
  for (j = 1; j <= jobs; j++) job_object(j, j < jobs ? "," : "")
  print "  ]\n}"
}

function maybe(text) { return text == "" ? "null" : json(text) }
function count(n) { return n == "" ? "null" : n }
function time_of(ms) { return ms == "" ? "null" : json(date_of(ms)) }

function texts(j, kind,    i, all) {
  for (i = 1; i <= notes[j, kind]; i++) all = all (i > 1 ? ", " : "") json(note[j, kind, i])
  return "[" all "]"
}

# status, reason, exit status, begin, end and duration of anything.
function course(status, reason, exit_code, from, to) {
  return "\"status\": " json(status) ", \"reason\": " maybe(reason) ", \"exit_code\": " count(exit_code) \
    ", \"started\": " time_of(from) ", \"ended\": " time_of(to) ", \"duration_ms\": " (from == "" ? "null" : span(from, to))
}

function job_object(j, comma,    i, all) {
  for (i = 1; i <= needs[j]; i++) all = all (i > 1 ? ", " : "") json(need[j, i])
  print "    {\"name\": " json(job[j]) ", \"needs\": [" all "], \"executor\": " maybe(executor[j]) ","
  print "     " course(job_status[j], job_reason[j], job_exit[j], job_began[j], job_ended[j]) ","
  print "     \"critical\": " ((j in critical) ? "true" : "false") ", \"artifacts\": " texts(j, "artifact_saved") \
    ", \"inputs\": " texts(j, "artifact_restored") ", \"caches\": " texts(j, "cache_hit") ", \"warnings\": " texts(j, "warning") ","
  printf "     \"steps\": ["
  for (i = 1; i <= job_steps[j]; i++) step_object(job_step[j, i], i < job_steps[j] ? "," : "\n     ")
  print "]}" comma
}

function step_object(s, comma,    a, all) {
  printf "\n      {\"name\": %s, %s,\n", json(step[s]), \
    course(step_status[s], step_reason[s], step_exit[s], step_began[s], step_ended[s])
  for (a = 1; a <= attempts[s]; a++)
    all = all (a > 1 ? "," : "") "\n        {" course(attempt_status[s, a], attempt_reason[s, a], attempt_exit[s, a], \
      attempt_began[s, a], attempt_ended[s, a]) ", \"delay_ms\": " count(attempt_delay[s, a]) "}"
  print "       \"attempts\": [" all "],"
  print "       \"lines\": " lines["step " s] + 0 ", \"tail\": [" (bad(step_status[s]) ? tail("step " s) : "") "]}" comma
}

# The last 20 lines.
function tail(list,    n, i, all) {
  n = lines[list]
  for (i = first[list]; n > 0; n--) {
    if (n <= 20) all = all (all == "" ? "" : ", ") json(line[i])
    i = following[i]
  }
  return all
}
