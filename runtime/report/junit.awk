# Usage: see events.awk
# Requires: report/events.awk
# JUnit's XML as Jenkins reads it (junit-10.xsd): a suite for each job, a case for each step. What ended with an exit status is a
# failure; what was stopped (timeout, cancelled) or could not begin an error; what did not run, or was kept of an earlier run,
# skipped. A job with something to tell that no step tells has a case of its own.

BEGIN { wants_output = 1 }

function report(    j, all, failed, broken) {
  for (j = 1; j <= jobs; j++) {
    count_cases(j)
    all += cases[j]
    failed += failures[j]
    broken += errors[j]
  }
  print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
  print "<testsuites" attribute("name", workflow) attribute("tests", all + 0) attribute("failures", failed + 0) \
    attribute("errors", broken + 0) attribute("time", seconds(span(began, ended))) ">"
  for (j = 1; j <= jobs; j++) suite(j)
  print "</testsuites>"
}

function attribute(name, text,    quoted) {
  quoted = xml(text)
  # Of these a reader would make blanks.
  gsub(/\n/, "\\&#10;", quoted)
  gsub(/\t/, "\\&#9;", quoted)
  return " " name "=\"" quoted "\""
}

function count_cases(j,    i, s) {
  cases[j] = failures[j] = errors[j] = skips[j] = 0
  own_case[j] = !job_steps[j] || job_status[j] == "timeout" || bad(job_status[j]) && job_reason[j] != ""
  if (bad(job_status[j]) && !own_case[j]) {
    own_case[j] = 1
    for (i = 1; i <= job_steps[j]; i++) if (bad(step_status[job_step[j, i]])) own_case[j] = 0
  }
  for (i = 1; i <= job_steps[j]; i++) {
    s = job_step[j, i]
    count_case(j, outcome(step_status[s], (s in attempts)))
  }
  if (own_case[j]) count_case(j, job_outcome(j))
}

function count_case(j, outcome_of) {
  cases[j]++
  if (outcome_of == "failure") failures[j]++
  if (outcome_of == "error") errors[j]++
  if (outcome_of == "skipped") skips[j]++
}

function outcome(status, began_once) {
  if (status == "success") return ""
  if (status == "failure") return began_once ? "failure" : "error"
  return status == "skipped" || !began_once && status == "cancelled" ? "skipped" : "error"
}

function job_outcome(j) {
  if (job_reason[j] == "kept") return "skipped"
  # There is no exit status: it failed around its steps.
  return job_status[j] == "failure" ? "error" : outcome(job_status[j], ran(j))
}

function suite(j,    i) {
  print "  <testsuite" attribute("name", job[j]) attribute("id", j - 1) attribute("tests", cases[j]) \
    attribute("failures", failures[j]) attribute("errors", errors[j]) attribute("skipped", skips[j]) \
    attribute("time", seconds(job_ms(j) + 0)) attribute("timestamp", substr(date_of(ran(j) ? job_began[j] : job_ended[j]), 1, 19)) \
    (source == "" ? "" : attribute("file", source)) ">"
  print "    <properties>"
  property("run", run)
  if (executor[j] != "") property("executor", executor[j])
  for (i = 1; i <= notes[j, "artifact_saved"]; i++) property("artifact", note[j, "artifact_saved", i])
  for (i = 1; i <= notes[j, "warning"]; i++) property("warning", note[j, "warning", i])
  print "    </properties>"
  for (i = 1; i <= job_steps[j]; i++) step_case(j, job_step[j, i])
  if (own_case[j]) job_case(j)
  printed("    ", "job " j)
  print "  </testsuite>"
}

function property(name, text) { print "      <property" attribute("name", name) attribute("value", text) "/>" }

function case_begin(j, name, ms) {
  print "    <testcase" attribute("name", name) attribute("classname", workflow "." job[j]) attribute("time", seconds(ms + 0)) ">"
}

function job_case(j) {
  case_begin(j, "(job)", job_steps[j] ? 0 : job_ms(j))
  tell(job_outcome(j), job_status[j], job_reason[j] == "kept" ? "kept from an earlier run" : \
    why(job_status[j], job_exit[j], job_reason[j]), "job " j)
  print "    </testcase>"
}

function step_case(j, s,    message) {
  case_begin(j, step[s], step_ms(s))
  message = why(step_status[s], step_exit[s], step_reason[s]) (attempts[s] > 1 ? " (" attempts[s] " attempts)" : "")
  tell(outcome(step_status[s], (s in attempts)), step_status[s], message, "step " s)
  printed("      ", "step " s)
  print "    </testcase>"
}

# The outcome with its message; of what is not green the last lines, too.
function tell(tag, status, message, list,    n, i) {
  if (tag == "") return
  printf "      <%s%s%s", tag, attribute("message", message), attribute("type", status)
  n = tag == "skipped" ? 0 : lines[list]
  if (!n) {
    print "/>"
    return
  }
  printf ">"
  for (i = first[list]; n > 0; n--) {
    if (n <= 20) print xml(line[i])
    i = following[i]
  }
  print "</" tag ">"
}

function printed(indent, list,    n, i) {
  if (!lines[list]) return
  printf "%s<system-out>", indent
  i = first[list]
  for (n = lines[list]; n > 0; n--) {
    print xml(line[i])
    i = following[i]
  }
  print "</system-out>"
}
