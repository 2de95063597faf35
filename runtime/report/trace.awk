# Usage: see events.awk
# Requires: report/events.awk
# Chrome's trace events: a row for each job, with its steps, and the attempts of a step that had several, below each other.
# Slices of one row must lie within each other, so steps that ran at the same time are in further rows of their job.
# Times there are microseconds; as texts, since not all awks print such numbers whole.

function report(    j, i, a, s, n) {
  print "{\"displayTimeUnit\": \"ms\", \"otherData\": {\"run\": " json(run) ", \"status\": " json(run_status) "}, \"traceEvents\": ["
  print "{\"ph\": \"M\", \"pid\": 1, \"tid\": 0, \"name\": \"process_name\", \"args\": {\"name\": " json(workflow) "}}"
  for (j = 1; j <= jobs; j++) {
    row[j] = ++rows
    rows += lanes[j] - 1
    for (n = 0; n < lanes[j]; n++) {
      print ",{\"ph\": \"M\", \"pid\": 1, \"tid\": " row[j] + n ", \"name\": \"thread_name\", \"args\": {\"name\": " json(job[j]) "}}"
      print ",{\"ph\": \"M\", \"pid\": 1, \"tid\": " row[j] + n ", \"name\": \"thread_sort_index\", \"args\": {\"sort_index\": " row[j] + n "}}"
    }
    if (!ran(j)) continue
    slice(row[j], "job", job[j], job_began[j], job_ended[j], job_status[j], job_reason[j])
    for (i = 1; i <= job_steps[j]; i++) {
      s = job_step[j, i]
      if (!attempts[s]) continue
      n = row[j] + lane[s] - 1
      slice(n, "step", step[s], step_began[s], step_ended[s], step_status[s], step_reason[s])
      for (a = 1; attempts[s] > 1 && a <= attempts[s]; a++)
        slice(n, "attempt", "attempt " a, attempt_began[s, a], attempt_ended[s, a], attempt_status[s, a], attempt_reason[s, a])
    }
  }
  print "]}"
}

function slice(tid, kind, name, from, to, status, reason) {
  print ",{\"ph\": \"X\", \"pid\": 1, \"tid\": " tid ", \"cat\": " json(kind) ", \"name\": " json(name) \
    ", \"ts\": " micro(span(began, from)) ", \"dur\": " micro(span(from, to)) \
    ", \"args\": {\"status\": " json(status) (reason == "" ? "" : ", \"reason\": " json(reason)) "}}"
}

function micro(ms) { return ms > 0 ? ms "000" : 0 }
