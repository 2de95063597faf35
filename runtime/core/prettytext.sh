# Usage: nxa_look KIND; nxa_paint COLOUR TEXT; nxa_flat TEXT; nxa_span MS; nxa_lower_first TEXT
# Requires:
# What lines of the format pretty are made of: signs, colours, texts, durations.
# shellcheck shell=bash

# nxa_look KIND: NXA_SIGN, NXA_PAINT and NXA_WORD of it, as in core/pretty.pl.
nxa_look() {
  case $1 in
  success) NXA_SIGN='✓+' NXA_PAINT=32 NXA_WORD=success ;;
  failure) NXA_SIGN='✗x' NXA_PAINT='1;31' NXA_WORD=failed ;;
  timeout) NXA_SIGN='◔t' NXA_PAINT=35 NXA_WORD='timed out' ;;
  tolerated) NXA_SIGN='≈~' NXA_PAINT=33 NXA_WORD=tolerated ;;
  cancelled) NXA_SIGN='⊘/' NXA_PAINT=34 NXA_WORD=cancelled ;;
  skipped) NXA_SIGN='○-' NXA_PAINT=90 NXA_WORD=skipped ;;
  kept) NXA_SIGN='==' NXA_PAINT=36 NXA_WORD=kept ;;
  running) NXA_SIGN='▶>' NXA_PAINT=1 ;;
  retry) NXA_SIGN='↻@' NXA_PAINT=33 ;;
  output) NXA_SIGN='│|' NXA_PAINT=90 ;;
  warning) NXA_SIGN='!!' NXA_PAINT=33 ;;
  *) NXA_SIGN='·.' NXA_PAINT=90 ;;
  esac
  # Of the two, the second is one byte.
  if [ -n "$NXA_SIGNS" ]; then NXA_SIGN=${NXA_SIGN%?}; else NXA_SIGN=${NXA_SIGN#"${NXA_SIGN%?}"}; fi
  nxa_paint "$NXA_PAINT" "$NXA_SIGN"
  NXA_SIGN=$NXA_PAINTED
}

# nxa_paint COLOUR TEXT: NXA_PAINTED
nxa_paint() {
  NXA_PAINTED=$2
  [ -z "$NXA_COLOUR" ] || NXA_PAINTED=$'\033['$1m$2$'\033[0m'
}

# nxa_flat TEXT: NXA_FLAT = a name or a reason as a part of a line.
nxa_flat() {
  NXA_FLAT=$1
  while case $NXA_FLAT in *[$'\001'-$'\037'$'\177']*) true ;; *) false ;; esac do
    NXA_FLAT="${NXA_FLAT%%[$'\001'-$'\037'$'\177']*} ${NXA_FLAT#*[$'\001'-$'\037'$'\177']}"
  done
}

# nxa_span MS: NXA_SPAN = 0.2s, 1m05s, 1h02m.
nxa_span() {
  local nxa_seconds=$(($1 / 1000))
  if [ "$nxa_seconds" -lt 60 ]; then
    NXA_SPAN=$nxa_seconds.$(($1 % 1000 / 100))s
  elif [ "$nxa_seconds" -lt 3600 ]; then
    printf -v NXA_SPAN '%dm%02ds' $((nxa_seconds / 60)) $((nxa_seconds % 60))
  else
    printf -v NXA_SPAN '%dh%02dm' $((nxa_seconds / 3600)) $((nxa_seconds % 3600 / 60))
  fi
}

# nxa_lower_first TEXT: NXA_LOWER. Texts of events begin with one of these.
nxa_lower_first() {
  case $1 in
  C*) NXA_LOWER=c${1#?} ;;
  K*) NXA_LOWER=k${1#?} ;;
  R*) NXA_LOWER=r${1#?} ;;
  S*) NXA_LOWER=s${1#?} ;;
  T*) NXA_LOWER=t${1#?} ;;
  *) NXA_LOWER=$1 ;;
  esac
}
