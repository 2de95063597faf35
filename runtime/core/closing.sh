# Usage: nxa_pretty_keep_tail where a step failed, nxa_pretty_keep_end at a job's end; nxa_pretty_ends at the run's
# Requires: core/prettytext.sh
# The end of the format pretty: the last lines of failed steps, the table of jobs. What it must know of a job, the job's filter
# leaves in files of the run.
# shellcheck shell=bash

# nxa_pretty_keep_tail: leaves the last lines of the step as they will be repeated.
nxa_pretty_keep_tail() {
  local nxa_left=20 nxa_rest nxa_what='; it printed nothing'
  [ "${#NXA_TAIL}" -le 16384 ] || NXA_TAIL=${NXA_TAIL:${#NXA_TAIL}-16384}
  nxa_rest=$NXA_TAIL
  NXA_TAIL=''
  while [ "$nxa_left" -gt 0 ] && [ -n "$nxa_rest" ]; do
    nxa_rest=${nxa_rest%"$NXA_NEWLINE"}
    NXA_TAIL=${nxa_rest##*"$NXA_NEWLINE"}$NXA_NEWLINE$NXA_TAIL
    case $nxa_rest in *"$NXA_NEWLINE"*) nxa_rest=${nxa_rest%"$NXA_NEWLINE"*}$NXA_NEWLINE ;; *) nxa_rest='' ;; esac
    nxa_left=$((nxa_left - 1))
  done
  if [ -n "$NXA_TAIL" ]; then
    nxa_what='; its last lines:'
    nxa_look output
    NXA_TAIL="  $NXA_SIGN ${NXA_TAIL%"$NXA_NEWLINE"}"
    NXA_TAIL=${NXA_TAIL//$NXA_NEWLINE/$NXA_NEWLINE  $NXA_SIGN }$NXA_NEWLINE
  fi
  nxa_look "$NXA_F_STATUS"
  nxa_flat "$NXA_EV_JOB / $NXA_EV_STEP"
  nxa_paint 1 "$NXA_FLAT"
  nxa_flat ": $NXA_HOW$nxa_what"
  printf '\n%s %s%s\n%s' "$NXA_SIGN" "$NXA_PAINTED" "$NXA_FLAT" "$NXA_TAIL" >>"$NXA_RUN_TMP/tails.$NXA_EV_JOB"
}

# nxa_pretty_keep_end: leaves how the job ended.
nxa_pretty_keep_end() {
  nxa_flat "$NXA_F_REASON"
  [ "$NXA_KIND_OF_END" != kept ] || NXA_FLAT=''
  printf '%s\n' "$NXA_KIND_OF_END" "$NXA_F_DURATION" "$NXA_FLAT" >"$NXA_RUN_TMP/ended.$NXA_EV_JOB"
}

# nxa_pretty_ends: failed steps' last lines, the table, the sum.
nxa_pretty_ends() {
  local nxa_i nxa_name nxa_kind nxa_took nxa_reason nxa_kinds='' nxa_tails='' nxa_table='' nxa_row
  [ -n "$NXA_PRETTY_WIDTH" ] || nxa_pretty_width
  for ((nxa_i = 0; nxa_i < ${#NXA_JOB_NAME[@]}; nxa_i++)); do
    [ -n "${NXA_SELECTED[nxa_i]-}" ] || continue
    nxa_name=${NXA_JOB_NAME[nxa_i]}
    # One that the end of the run overtook has left nothing.
    nxa_kind=cancelled nxa_took='' nxa_reason=''
    {
      IFS= read -r nxa_kind
      IFS= read -r nxa_took
      IFS= read -r nxa_reason
    } 2>/dev/null <"$NXA_RUN_TMP/ended.$nxa_name"
    nxa_kinds="$nxa_kinds $nxa_kind"
    case $nxa_kind in failure | timeout) nxa_pretty_tails "$nxa_name" ;; esac
    nxa_pretty_row
    nxa_table=$nxa_table$nxa_row$NXA_NEWLINE
  done
  nxa_pretty_sum "$nxa_kinds"
  NXA_PRETTY=$nxa_tails$NXA_NEWLINE$nxa_table$NXA_NEWLINE$NXA_SUM$NXA_NEWLINE
}

# nxa_pretty_tails JOB: what nxa_pretty_keep_tail left.
nxa_pretty_tails() {
  local nxa_line
  [ -e "$NXA_RUN_TMP/tails.$1" ] || return 0
  while IFS= read -r nxa_line; do
    nxa_tails=$nxa_tails$nxa_line$NXA_NEWLINE
  done <"$NXA_RUN_TMP/tails.$1"
}

nxa_pretty_row() {
  local nxa_word
  nxa_look "$nxa_kind"
  printf -v nxa_word '%-9s' "$NXA_WORD"
  nxa_paint "$NXA_PAINT" "$nxa_word"
  NXA_SPAN=''
  [ -z "$nxa_took" ] || nxa_span "$nxa_took"
  printf -v nxa_row '%s %-*s  %s  %7s%s' "$NXA_SIGN" "$NXA_PRETTY_WIDTH" "$nxa_name" "$NXA_PAINTED" "$NXA_SPAN" \
    "${nxa_reason:+  $nxa_reason}"
  while case $nxa_row in *' ') true ;; *) false ;; esac do nxa_row=${nxa_row% }; done
}

# nxa_pretty_sum KINDS: NXA_SUM = the last line.
nxa_pretty_sum() {
  local nxa_kind nxa_word nxa_count nxa_counts='' nxa_one
  for nxa_kind in failure timeout tolerated cancelled skipped kept success; do
    nxa_count=0
    for nxa_one in $1; do
      [ "$nxa_one" != "$nxa_kind" ] || nxa_count=$((nxa_count + 1))
    done
    [ "$nxa_count" != 0 ] || continue
    nxa_look "$nxa_kind"
    [ "$nxa_kind" != success ] || NXA_WORD=succeeded
    nxa_counts="$nxa_counts, $nxa_count $NXA_WORD"
  done
  nxa_look "$NXA_F_STATUS"
  nxa_word=$NXA_WORD
  case $NXA_F_STATUS in
  success) nxa_word=succeeded ;;
  cancelled) nxa_word='was cancelled' ;;
  esac
  nxa_paint 1 "$NXA_WORKFLOW $nxa_word"
  nxa_span "$NXA_F_DURATION"
  NXA_SUM="$NXA_SIGN $NXA_PAINTED in $NXA_SPAN: ${nxa_counts#, }"
}
