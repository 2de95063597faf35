# Usage: see events.awk
# Requires: report/events.awk
# For people, on a terminal: jobs and steps with how they ended and how long they took, then the last lines of what failed.

BEGIN { wants_output = 1 }

function report(    j, i) {
  print name_of(workflow) ": " run_status ", " seconds(span(began, ended)) "s (" run ")"
  for (j = 1; j <= jobs; j++) {
    print ""
    row(job_status[j], job_ms(j), "", job[j], job_reason[j] == "kept" ? "kept from an earlier run" : job_reason[j])
    for (i = 1; i <= job_steps[j]; i++) step_row(job_step[j, i])
  }
  critical_row()
  for (i = 1; i <= steps; i++) if (bad(step_status[i]))
    tail("step " i, job[step_job[i]] " / " step[i], step_status[i], step_exit[i], step_reason[i])
  for (j = 1; j <= jobs; j++) if (bad(job_status[j])) tail("job " j, job[j], job_status[j], job_exit[j], job_reason[j])
}

function row(status, ms, indent, name, remark) {
  printf "%-10s %10s  %s%s%s\n", status, (ms == "" ? "-" : seconds(ms) "s"), indent, name_of(name), \
    (remark == "" ? "" : " (" name_of(remark) ")")
}

function step_row(s,    remark) {
  if (attempts[s] > 1) remark = attempts[s] " attempts"
  if (step_status[s] != "success") remark = remark (remark == "" ? "" : ", ") why(step_status[s], step_exit[s], step_reason[s])
  row(step_status[s], step_ms(s), "  ", step[s], remark)
}

function critical_row(    j, all) {
  for (j = 1; j <= jobs; j++) if (j in critical) all = all (all == "" ? "" : ", ") job[j]
  if (all != "") print "\nCritical path: " name_of(all)
}

function tail(list, name, status, exit_code, reason,    n, i) {
  if (!lines[list]) return
  print "\n" name_of(name) ": " name_of(why(status, exit_code, reason))
  i = first[list]
  for (n = lines[list]; n > 0; n--) {
    if (n <= 20) print "  | " shown(line[i])
    i = following[i]
  }
}

function name_of(text,    one_line) {
  one_line = shown(text)
  gsub(/\n/, " ", one_line)
  return one_line
}

# Nothing in it orders anything of a terminal.
function shown(text) {
  text = index(text, "\\") ? plain(text) : text
  gsub(/\r/, " ", text)
  return text
}
