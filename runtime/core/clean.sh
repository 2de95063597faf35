# Usage: nxa_clean LINES; sets NXA_CLEAN
# Requires: core/text.sh
# Output of steps without what would move the cursor, as `clean` in core/pretty.pl has it. Wants LC_ALL=C.
# shellcheck shell=bash

NXA_UNPRINTED=$'\001-\010\013-\037\177'

# nxa_clean LINES: NXA_CLEAN = the lines without what moves the cursor; see `clean` in core/pretty.pl.
nxa_clean() {
  local nxa_rest=$1 nxa_line
  NXA_CLEAN=$1
  case $1 in
  *[$NXA_UNPRINTED]* | *$'\302'[$'\200'-$'\237']*) ;;
  *) return 0 ;;
  esac
  NXA_CLEAN=''
  while case $nxa_rest in *"$NXA_NEWLINE"*) true ;; *) false ;; esac do
    nxa_line=${nxa_rest%%"$NXA_NEWLINE"*}
    nxa_rest=${nxa_rest:${#nxa_line}+1}
    nxa_clean_line "$nxa_line"
    NXA_CLEAN=$NXA_CLEAN$NXA_CLEAN_LINE$NXA_NEWLINE
  done
  nxa_clean_line "$nxa_rest"
  NXA_CLEAN=$NXA_CLEAN$NXA_CLEAN_LINE
}

# nxa_clean_line LINE: NXA_CLEAN_LINE. What is dropped leaves a U+0001 for a moment where it was a colour.
nxa_clean_line() {
  local nxa_rest=$1 nxa_before nxa_done='' nxa_colours=''
  # Sequences in their eight-bit form, in UTF-8, are those with an escape.
  while case $nxa_rest in *$'\302'[$'\200'-$'\237']*) true ;; *) false ;; esac do
    nxa_before=${nxa_rest%%$'\302'[$'\200'-$'\237']*}
    nxa_eight_bit "${nxa_rest:${#nxa_before}+1:1}"
    nxa_done=$nxa_done$nxa_before$NXA_SEVEN_BIT
    nxa_rest=${nxa_rest:${#nxa_before}+2}
  done
  nxa_rest=$nxa_done$nxa_rest
  nxa_done=''
  while case $nxa_rest in *$'\033'*) true ;; *) false ;; esac do
    nxa_before=${nxa_rest%%$'\033'*}
    nxa_done=$nxa_done$nxa_before
    nxa_escape_sequence "${nxa_rest:${#nxa_before}+1}"
    nxa_rest=$NXA_AFTER
    [ -z "$NXA_SGR" ] || nxa_done=$nxa_done$'\033['$NXA_SGR nxa_colours=1
  done
  nxa_done=$nxa_done$nxa_rest
  while case $nxa_done in *$'\r') true ;; *) false ;; esac do nxa_done=${nxa_done%$'\r'}; done
  case $nxa_done in *$'\r'*) nxa_done=${nxa_done##*$'\r'} ;; esac
  case $nxa_done in *[$'\001'-$'\010'$'\013'-$'\032'$'\034'-$'\037'$'\177']*) nxa_drop_controls ;; esac
  case $nxa_colours$nxa_done in 1*$'\033'*) nxa_done=$nxa_done$'\033[0m' ;; esac
  NXA_CLEAN_LINE=$nxa_done
}

nxa_drop_controls() {
  local nxa_rest=$nxa_done
  nxa_done=''
  while case $nxa_rest in *[$'\001'-$'\010'$'\013'-$'\032'$'\034'-$'\037'$'\177']*) true ;; *) false ;; esac do
    nxa_before=${nxa_rest%%[$'\001'-$'\010'$'\013'-$'\032'$'\034'-$'\037'$'\177']*}
    nxa_done=$nxa_done$nxa_before
    nxa_rest=${nxa_rest:${#nxa_before}+1}
  done
  nxa_done=$nxa_done$nxa_rest
}

# nxa_eight_bit BYTE: NXA_SEVEN_BIT = what begins the same sequence; of a single function nothing.
nxa_eight_bit() {
  case $1 in
  $'\233') NXA_SEVEN_BIT=$'\033[' ;;
  $'\220' | $'\230' | $'\235' | $'\236' | $'\237') NXA_SEVEN_BIT=$'\033]' ;;
  $'\234') NXA_SEVEN_BIT=$'\033\\' ;;
  *) NXA_SEVEN_BIT='' ;;
  esac
}

# nxa_escape_sequence TEXT: TEXT follows an escape; NXA_AFTER = what stands behind the sequence, NXA_SGR = its rest if it is a colour
# that stays.
nxa_escape_sequence() {
  local nxa_parameters nxa_end
  NXA_AFTER=$1 NXA_SGR=''
  case $1 in
  '['*)
    nxa_parameters=${1#?}
    nxa_parameters=${nxa_parameters%%[!0-?]*}
    NXA_AFTER=${1:${#nxa_parameters}+1}
    nxa_end=${NXA_AFTER%%[! -/]*}
    NXA_AFTER=${NXA_AFTER:${#nxa_end}}
    case $nxa_end$NXA_AFTER in
    m*) [ -z "$NXA_COLOUR" ] || case $nxa_parameters in *[!0-9\;:]*) ;; *) NXA_SGR=${nxa_parameters}m ;; esac ;;
    esac
    case $NXA_AFTER in [@-~]*) NXA_AFTER=${NXA_AFTER#?} ;; *) NXA_AFTER=${1#?} NXA_SGR='' ;; esac
    ;;
  []PX^_]*)
    # Ended by BEL or by a sequence of its own.
    nxa_end=${1%%$'\a'*}
    nxa_parameters=${1%%$'\033\\'*}
    if [ "${#nxa_end}" -lt "${#nxa_parameters}" ]; then
      NXA_AFTER=${1:${#nxa_end}+1}
    elif [ "${#nxa_parameters}" -lt "${#1}" ]; then
      NXA_AFTER=${1:${#nxa_parameters}+2}
    else
      NXA_AFTER=${1#?}
    fi
    ;;
  *)
    nxa_end=${1%%[! -/]*}
    case ${1:${#nxa_end}} in [0-~]*) NXA_AFTER=${1:${#nxa_end}+1} ;; esac
    ;;
  esac
}
