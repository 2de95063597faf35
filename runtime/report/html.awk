# Usage: see events.awk; ENVIRON has NXA_PAGE_CSS and NXA_PAGE_JS
# Requires: report/events.awk report/page.css report/page.js
# One page that asks nothing of any network: a timeline, and each job's steps with what they printed. It can be read without
# JavaScript, which CI servers switch off in what runs publish; the script adds search and filters.

BEGIN {
  wants_output = 1
  mark["success"] = "\342\234\223"
  mark["failure"] = mark["timeout"] = "\342\234\227"
  mark["cancelled"] = mark["unfinished"] = "\342\226\240"
  mark["skipped"] = "\342\200\223"
}

function report() {
  whole = span(began, ended)
  if (!whole) whole = 1
  head()
  summary()
  print "<main>"
  timeline()
  tools()
  details()
  print "</main>"
  print "<script>" ENVIRON["NXA_PAGE_JS"] "</script>\n</body>\n</html>"
}

function head() {
  print "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
  print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
  print "<meta name=\"color-scheme\" content=\"light dark\">"
  print "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; " \
    "script-src &#39;unsafe-inline&#39;\">"
  print "<title>" xml(workflow) ": " run_status "</title>"
  print "<style>" ENVIRON["NXA_PAGE_CSS"] "</style>\n</head>\n<body>"
}

function summary(    j, s, n, all) {
  for (j = 1; j <= jobs; j++) n[job_status[j]]++
  print "<header>\n<h1>" xml(workflow) " " badge(run_status) "</h1>"
  print "<p class=\"facts\"><span>" time_tag(began) "</span> <span>" short(span(began, ended)) "</span> <span>" plural(jobs, "job") "</span>"
  split("failure timeout cancelled unfinished skipped success", all, " ")
  for (s = 1; s <= 6; s++) if (n[all[s]]) print "<span class=\"" all[s] "\">" mark[all[s]] " " n[all[s]] " " all[s] "</span>"
  print "</p>\n<p class=\"run\">" run "</p>"
  messages(notes["", "warning"], "", "warning", "Warning")
  print "</header>"
}

function badge(status) { return "<span class=\"badge " status "\">" mark[status] " " status "</span>" }

function time_tag(ms) {
  return "<time datetime=\"" date_of(ms) "\">" substr(date_of(ms), 1, 10) " " substr(date_of(ms), 12, 8) " UTC</time>"
}

function plural(n, word) { return (n + 0) " " word (n == 1 ? "" : "s") }

# As a person would write it.
function short(ms) {
  if (ms == "") return ""
  if (ms < 1000) return ms "\302\240ms"
  if (ms < 10000) return int(ms / 1000) "." int(ms % 1000 / 100) "\302\240s"
  if (ms < 60000) return int(ms / 1000) "\302\240s"
  if (ms < 3600000) return int(ms / 60000) "\302\240min " int(ms % 60000 / 1000) "\302\240s"
  return int(ms / 3600000) "\302\240h " int(ms % 3600000 / 60000) "\302\240min"
}

function messages(n, j, kind, label,    i) {
  for (i = 1; i <= n; i++) print "<p class=\"note " kind "\">" label ": " xml(note[j, kind, i]) "</p>"
}

# --- the timeline ------------------------------------------------------------------------------------

function timeline(    j, n) {
  print "<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Timeline</h2>"
  for (j = 1; j <= jobs; j++) n += (j in critical)
  if (n) print "<p class=\"hint\"><span class=\"star\" aria-hidden=\"true\">\342\227\206</span> marks the critical path: the chain of " \
    plural(n, "job") " that the end waited for.</p>"
  print "<div class=\"axis\" aria-hidden=\"true\"><span>0</span><span>" short(int(whole / 2)) "</span><span>" short(whole) "</span></div>"
  print "<ol class=\"rows\">"
  for (j = 1; j <= jobs; j++) timeline_row(j)
  print "</ol>\n</section>"
}

function timeline_row(j,    i, s) {
  printf "<li data-job=\"%d\"><a href=\"#j%d\"><span class=\"%s\">%s</span> %s", j, j, job_status[j], mark[job_status[j]], xml(job[j])
  if (j in critical) printf "<span class=\"star\" aria-hidden=\"true\"> \342\227\206</span><span class=\"unseen\">, on the critical path</span>"
  printf "<span class=\"unseen\">: %s%s</span></a>", job_status[j], ran(j) ? ", began after " short(span(began, job_began[j])) : ""
  printf "<span class=\"track\" aria-hidden=\"true\">"
  if (ran(j)) {
    bar("bar " job_status[j], job_began[j], job_ended[j], job[j] ": " short(job_ms(j)), "")
    for (i = 1; i <= job_steps[j]; i++) {
      s = job_step[j, i]
      if (s in step_began) bar("part " step_status[s], step_began[s], step_ended[s], step[s] ": " short(step_ms(s)), place_of(s, lanes[j]))
    }
  }
  print "</span><span class=\"took\">" short(job_ms(j)) "</span></li>"
}

# Steps that ran at the same time share the height of the track.
function place_of(s, n) {
  return n < 2 ? "" : ";top:" int((lane[s] - 1) * 100 / n) "%;height:" int(100 / n) "%"
}

function bar(class, from, to, title, more) {
  printf "<i class=\"%s\" style=\"left:%s%%;width:%s%%%s\" title=\"%s\"></i>", class, share(span(began, from)), share(span(from, to)), more, xml(title)
}

# Hundredths of per cent, without fractions that locales and awks write their own way.
function share(ms,    part_of) {
  part_of = int(ms * 10000 / whole)
  return int(part_of / 100) "." two(part_of % 100)
}

# --- jobs and steps ----------------------------------------------------------------------------------

function tools() {
  print "<form class=\"tools\" role=\"search\" hidden>"
  print "<label>Search in logs and names <input id=\"find\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>"
  print "<button type=\"button\" id=\"next\">Next</button>"
  print "<label><input id=\"bad\" type=\"checkbox\"> Only what is not green</label>"
  print "<button type=\"button\" id=\"open\">Open all</button> <button type=\"button\" id=\"close\">Close all</button>"
  print "<output id=\"found\" aria-live=\"polite\"></output>\n</form>"
}

function details(    j) {
  print "<section aria-labelledby=\"jobs\">\n<h2 id=\"jobs\">Jobs</h2>"
  for (j = 1; j <= jobs; j++) job_details(j)
  print "</section>"
}

function opening(id, class, status, name, ms, remark) {
  print "<details" id " class=\"" class "\" data-status=\"" status "\"" (bad(status) ? " open" : "") "><summary><span class=\"" status "\">" \
    mark[status] "</span> <span class=\"name\">" xml(name) "</span> <span class=\"unseen\">" status "</span>" \
    (remark == "" ? "" : " <span class=\"remark\">" xml(remark) "</span>") " <span class=\"took\">" short(ms) "</span></summary>"
}

function job_details(j,    i, all) {
  opening(" id=\"j" j "\"", "job", job_status[j], job[j], job_ms(j), job_reason[j] == "kept" ? "kept from an earlier run" : job_reason[j])
  for (i = 1; i <= needs[j]; i++) all = all (i > 1 ? ", " : "") "<a href=\"#j" job_by[need[j, i]] "\">" xml(need[j, i]) "</a>"
  if (executor[j] != "" || all != "")
    print "<p class=\"facts\">" (executor[j] == "" ? "" : "<span>on " xml(executor[j]) "</span> ") (all == "" ? "" : "<span>needs " all "</span>") "</p>"
  messages(notes[j, "warning"], j, "warning", "Warning")
  messages(notes[j, "artifact_restored"], j, "artifact_restored", "Input")
  messages(notes[j, "cache_hit"], j, "cache_hit", "Cache")
  for (i = 1; i <= job_steps[j]; i++) step_details(job_step[j, i])
  printed("job " j)
  messages(notes[j, "artifact_saved"], j, "artifact_saved", "Artifact")
  print "</details>"
}

function step_details(s,    a, remark) {
  if (step_status[s] != "success") remark = why(step_status[s], step_exit[s], step_reason[s])
  if (attempts[s] > 1) remark = remark (remark == "" ? "" : ", ") attempts[s] " attempts"
  opening("", "step", step_status[s], step[s], step_ms(s), remark)
  for (a = 1; attempts[s] > 1 && a <= attempts[s]; a++)
    print "<p class=\"note\">Attempt " a ": " (attempt_status[s, a] == "success" ? "success" : \
      xml(why(attempt_status[s, a], attempt_exit[s, a], attempt_reason[s, a]))) ", " short(attempt_ms(s, a)) "</p>"
  if (lines["step " s]) printed("step " s)
  else print "<p class=\"note\">It printed nothing.</p>"
  print "</details>"
}

function printed(list,    n, i, text) {
  if (!lines[list]) return
  # A reader drops a line break right behind the tag.
  print "<pre tabindex=\"0\" role=\"group\" aria-label=\"Output\">"
  i = first[list]
  for (n = lines[list]; n > 0; n--) {
    text = xml(line[i])
    # Where a step went back to the begin of its line, to write over it.
    if (index(text, "&#13;")) gsub(/&#13;/, "\n", text)
    print text
    i = following[i]
  }
  print "</pre>"
}
