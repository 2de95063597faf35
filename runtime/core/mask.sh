# Usage: nxa_learn; nxa_mask TEXT; nxa_mask_told EVENT …; in whoever writes events where there is no collector
# Requires: core/text.sh core/secrets.sh
# *** for every secret value: the value, its lines, and both as base64, in URLs, in JSON. What core/collector.pl hides, with
# the same result. Everything here runs with LC_ALL=C: lengths are of bytes.
# shellcheck shell=bash

# This file is here.
NXA_MASKING=1
NXA_LITERALS=()         # hidden wherever they stand
NXA_LITERAL_LINES=$'\n' # the same, each between line breaks
NXA_UNITS=$'\n'         # values and lines known by now, encoded, each between line breaks
NXA_WRAPPED=()          # base64 that a tool may have cut into lines: hidden at the end of a line
NXA_WRAPPED_LINES=''
NXA_HARMLESS='  ' # words at the end of lines, each between blanks, that are none of it
NXA_FIRST=''      # what literals begin with, as a regular expression: it tells at once that a text has none
NXA_FIRST_LINES=$'\n'
NXA_SECRETS_REST=''
NXA_SECRETS_OPEN=''
NXA_DIGITS=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
# Lines of wrapped base64 are no longer than that.
NXA_WIDEST=256

# nxa_learn: takes up the values that were written to the run's file since the last time. A filter keeps it open, as
# descriptor 9; the scheduler, whose descriptors others inherit, does not.
nxa_learn() {
  [ -s "$NXA_RUN_TMP/secrets" ] || return 0
  if [ -z "${NXA_FILTERING-}" ]; then
    nxa_learn_lines 9<"$NXA_RUN_TMP/secrets"
    return 0
  fi
  if [ -z "$NXA_SECRETS_OPEN" ]; then
    exec 9<"$NXA_RUN_TMP/secrets"
    NXA_SECRETS_OPEN=1
  fi
  nxa_learn_lines
}

nxa_learn_lines() {
  local nxa_line
  while IFS= read -r -u 9 nxa_line; do
    nxa_hide_encoded "$NXA_SECRETS_REST$nxa_line"
    NXA_SECRETS_REST=''
  done
  # The rest of this one is still to be written.
  NXA_SECRETS_REST=$NXA_SECRETS_REST$nxa_line
}

# nxa_hide_encoded TEXT: from here on no text has this value, as nxa_encode wrote it.
nxa_hide_encoded() {
  local nxa_lines nxa_line
  nxa_decode "$1"
  nxa_lines=$NXA_DECODED
  nxa_hide_unit "$nxa_lines"
  while case $nxa_lines in *"$NXA_NEWLINE") true ;; *) false ;; esac do nxa_lines=${nxa_lines%"$NXA_NEWLINE"}; done
  nxa_hide_unit "$nxa_lines"
  nxa_lines=$nxa_lines$NXA_NEWLINE
  while [ -n "$nxa_lines" ]; do
    nxa_cut "$nxa_lines" "$NXA_NEWLINE"
    nxa_line=$NXA_CUT nxa_lines=$NXA_CUT_REST
    nxa_hide_unit "$nxa_line"
    nxa_hide_unit "${nxa_line%$'\r'}"
  done
}

# nxa_hide_unit TEXT: a value or a line of it.
nxa_hide_unit() {
  local nxa_offset nxa_quote="'" nxa_closed="'\\''"
  [ "${#1}" -ge 4 ] || return 0
  nxa_encode "$1"
  case $NXA_UNITS in *"$NXA_NEWLINE$NXA_ENCODED$NXA_NEWLINE"*) return 0 ;; esac
  NXA_UNITS=$NXA_UNITS$NXA_ENCODED$NXA_NEWLINE
  nxa_literal "$1"
  nxa_literal "${1//$nxa_quote/$nxa_closed}"
  nxa_json_forms "$1"
  nxa_url_forms "$1"
  nxa_bytes "$1"
  for nxa_offset in 0 1 2; do nxa_base64_forms "$nxa_offset"; done
}

# nxa_literal TEXT: hidden wherever it stands. What spans lines is hidden line by line.
nxa_literal() {
  local nxa_first=${1:0:4}
  case $1 in *"$NXA_NEWLINE"*) return 0 ;; esac
  case $NXA_LITERAL_LINES in *"$NXA_NEWLINE$1$NXA_NEWLINE"*) return 0 ;; esac
  NXA_LITERAL_LINES=$NXA_LITERAL_LINES$1$NXA_NEWLINE
  NXA_LITERALS[${#NXA_LITERALS[@]}]=$1
  case $NXA_FIRST_LINES in *"$NXA_NEWLINE$nxa_first$NXA_NEWLINE"*) return 0 ;; esac
  NXA_FIRST_LINES=$NXA_FIRST_LINES$nxa_first$NXA_NEWLINE
  nxa_regular "$nxa_first"
  NXA_FIRST="$NXA_FIRST${NXA_FIRST:+|}$NXA_REGULAR"
}

# nxa_regular TEXT: NXA_REGULAR = an extended regular expression that this text matches, and little else: bash 3.2 finds no
# U+0001 in a text.
nxa_regular() {
  local nxa_at
  NXA_REGULAR=''
  for ((nxa_at = 0; nxa_at < ${#1}; nxa_at++)); do
    case ${1:nxa_at:1} in
    [].*+?{}\(\)\|^\$\\[]) NXA_REGULAR="$NXA_REGULAR$NXA_BACKSLASH${1:nxa_at:1}" ;;
    $'\001' | $'\177') NXA_REGULAR="$NXA_REGULAR." ;;
    *) NXA_REGULAR="$NXA_REGULAR${1:nxa_at:1}" ;;
    esac
  done
}

# nxa_bytes TEXT: NXA_BYTES = the numbers of its bytes.
nxa_bytes() {
  local nxa_at nxa_code
  NXA_BYTES=()
  for ((nxa_at = 0; nxa_at < ${#1}; nxa_at++)); do
    printf -v nxa_code '%d' "'${1:nxa_at:1}"
    NXA_BYTES[nxa_at]=$((nxa_code & 255))
  done
}

# --- forms -------------------------------------------------------------------------------------------------

# nxa_json_forms TEXT: as programs write JSON: what is no printable ASCII as it is or by number; slashes, <, > and & too, by some.
nxa_json_forms() {
  local nxa_rest=$1 nxa_plain='' nxa_numbers='' nxa_c nxa_form nxa_slashes
  while [ -n "$nxa_rest" ]; do
    nxa_sequence "$nxa_rest"
    nxa_c=${nxa_rest:0:NXA_TAKE}
    nxa_rest=${nxa_rest:NXA_TAKE}
    case $nxa_c in
    $'\n') nxa_c='\n' ;;
    $'\r') nxa_c='\r' ;;
    $'\t') nxa_c='\t' ;;
    $'\b') nxa_c='\b' ;;
    $'\f') nxa_c='\f' ;;
    [\"\\]) nxa_c=$NXA_BACKSLASH$nxa_c ;;
    [$'\001'-$'\037']) printf -v nxa_c '\\u%04x' "'$nxa_c" ;;
    ??* | $'\177')
      nxa_plain=$nxa_plain$nxa_c
      nxa_utf16 "$nxa_c"
      nxa_numbers=$nxa_numbers$NXA_UTF16
      continue
      ;;
    esac
    nxa_plain=$nxa_plain$nxa_c
    nxa_numbers=$nxa_numbers$nxa_c
  done
  nxa_json_text "$1"
  for nxa_form in "$nxa_plain" "$nxa_numbers" "$NXA_JSON"; do
    nxa_slashes=${nxa_form//\//$NXA_BACKSLASH/}
    nxa_literal "$nxa_form"
    nxa_literal "$nxa_slashes"
    nxa_json_marks "$nxa_form"
    nxa_json_marks "$nxa_slashes"
  done
}

nxa_json_marks() {
  local nxa_form=$1 nxa_and='\u0026' nxa_less='\u003c' nxa_more='\u003e'
  nxa_form=${nxa_form//&/$nxa_and}
  nxa_form=${nxa_form//</$nxa_less}
  nxa_literal "${nxa_form//>/$nxa_more}"
}

# nxa_utf16 CHARACTER: NXA_UTF16 = one character as JSON writes it by number.
nxa_utf16() {
  local nxa_at nxa_code
  nxa_bytes "$1"
  case ${#1} in
  1) nxa_code=${NXA_BYTES[0]} ;;
  2) nxa_code=$((NXA_BYTES[0] & 31)) ;;
  3) nxa_code=$((NXA_BYTES[0] & 15)) ;;
  *) nxa_code=$((NXA_BYTES[0] & 7)) ;;
  esac
  for ((nxa_at = 1; nxa_at < ${#1}; nxa_at++)); do nxa_code=$((nxa_code * 64 + (NXA_BYTES[nxa_at] & 63))); done
  if [ "$nxa_code" -lt 65536 ]; then
    printf -v NXA_UTF16 '\\u%04x' "$nxa_code"
  else
    nxa_code=$((nxa_code - 65536))
    printf -v NXA_UTF16 '\\u%04x\\u%04x' $((55296 + (nxa_code >> 10))) $((56320 + (nxa_code & 1023)))
  fi
}

# nxa_url_forms TEXT: besides letters and digits these stay as they are: ._~- in RFC 3986; / in its paths; !*'() in
# JavaScript's encodeURIComponent, and ;/?:@&=+$,# in encodeURI; ._*- in forms.
nxa_url_forms() {
  local nxa_at nxa_c nxa_upper nxa_lower nxa_set nxa_plain
  case $1 in *[!A-Za-z0-9._-]*) ;; *) return 0 ;; esac
  NXA_URL_UPPER=('' '' '' '' '') NXA_URL_LOWER=('' '' '' '' '')
  for ((nxa_at = 0; nxa_at < ${#1}; nxa_at++)); do
    nxa_c=${1:nxa_at:1}
    case $nxa_c in
    [A-Za-z0-9._-]) nxa_plain=01234 ;;
    '~') nxa_plain=0123 ;;
    /) nxa_plain=13 ;;
    \*) nxa_plain=234 ;;
    [\!\'\(\)]) nxa_plain=23 ;;
    [\;?:@\&=+\$,#]) nxa_plain=3 ;;
    *) nxa_plain='' ;;
    esac
    nxa_bytes "$nxa_c"
    printf -v nxa_upper '%%%02X' "${NXA_BYTES[0]}"
    printf -v nxa_lower '%%%02x' "${NXA_BYTES[0]}"
    for nxa_set in 0 1 2 3 4; do
      case $nxa_plain in
      *"$nxa_set"*)
        NXA_URL_UPPER[nxa_set]=${NXA_URL_UPPER[nxa_set]}$nxa_c
        NXA_URL_LOWER[nxa_set]=${NXA_URL_LOWER[nxa_set]}$nxa_c
        ;;
      *)
        NXA_URL_UPPER[nxa_set]=${NXA_URL_UPPER[nxa_set]}$nxa_upper
        NXA_URL_LOWER[nxa_set]=${NXA_URL_LOWER[nxa_set]}$nxa_lower
        ;;
      esac
    done
  done
  for nxa_c in "${NXA_URL_UPPER[@]}" "${NXA_URL_LOWER[@]}"; do
    nxa_literal "$nxa_c"
    nxa_literal "${nxa_c//%20/+}"
  done
}

# nxa_base64_forms OFFSET: of NXA_BYTES: what encodes to the same wherever OFFSET bytes, or three more each, stand before it;
# and with the end that it has as the last.
nxa_base64_forms() {
  local nxa_byte nxa_value=0 nxa_bits=0 nxa_stable='' nxa_end nxa_whole nxa_skip=0
  # The digit in which other bytes have a share is not ours.
  [ "$1" = 0 ] || nxa_skip=$((6 - 2 * $1))
  for nxa_byte in "${NXA_BYTES[@]}"; do
    nxa_value=$((nxa_value << 8 | nxa_byte)) nxa_bits=$((nxa_bits + 8 - nxa_skip))
    nxa_skip=0
    while [ "$nxa_bits" -ge 6 ]; do
      nxa_bits=$((nxa_bits - 6))
      nxa_stable=$nxa_stable${NXA_DIGITS:nxa_value>>nxa_bits&63:1}
    done
    nxa_value=$((nxa_value & (1 << nxa_bits) - 1))
  done
  nxa_whole=$nxa_stable
  if [ "$nxa_bits" != 0 ]; then
    nxa_end=$nxa_stable${NXA_DIGITS:nxa_value<<6-nxa_bits:1}
    nxa_whole=$nxa_end=
    [ "$nxa_bits" != 2 ] || nxa_whole=$nxa_whole=
    nxa_base64_literal "$nxa_end"
    nxa_base64_literal "$nxa_whole"
  fi
  nxa_base64_literal "$nxa_stable"
  NXA_WRAPPED[${#NXA_WRAPPED[@]}]=$nxa_whole
  [ "$nxa_bits" = 0 ] || NXA_WRAPPED[${#NXA_WRAPPED[@]}]=$nxa_stable
  NXA_WRAPPED_LINES=$NXA_WRAPPED_LINES$nxa_whole$NXA_NEWLINE
  NXA_HARMLESS='  '
}

nxa_base64_literal() {
  local nxa_url=${1//+/-}
  nxa_literal "$1"
  nxa_literal "${nxa_url//\//_}"
}

# --- masking -----------------------------------------------------------------------------------------------

# nxa_may_hide TEXT: status 1 if there is nothing to mask, which is the common case: it is looked at fast. Sets
# nxa_has_literals.
nxa_may_hide() {
  local IFS=$NXA_NEWLINE nxa_line nxa_were=$- nxa_may=1
  # An expression is compiled each time, so the whole text is held against it.
  [[ $1 =~ $NXA_FIRST ]] && nxa_has_literals=1 && return 0
  set -f
  # The blank keeps lines that are empty, and begins the last word of a line.
  for nxa_line in \ ${1//$NXA_NEWLINE/$NXA_NEWLINE }; do
    case $nxa_line in *[=$'\r'])
      case $nxa_line in *= | *=$'\r') nxa_may=0 && break ;; esac
      nxa_line=${nxa_line%?}
      ;;
    esac
    nxa_line=${nxa_line##* }
    case $NXA_HARMLESS in *" $nxa_line "*) continue ;; esac
    nxa_may_be_wrapped " $nxa_line" && nxa_may=0 && break
  done
  case $nxa_were in *f*) ;; *) set +f ;; esac
  return "$nxa_may"
}

# nxa_may_be_wrapped WORD: a blank and the last word of a line. What is not is kept: lines often end alike.
nxa_may_be_wrapped() {
  local nxa_head=${1%[!A-Za-z0-9+/]*} nxa_run
  nxa_run=${1:${#nxa_head}+1}
  case $nxa_run in
  ????*) case $NXA_WRAPPED_LINES in *"${nxa_run:0:4}"* | *"${nxa_run:${#nxa_run}-4}"*) return 0 ;; esac ;;
  esac
  [ "${#NXA_HARMLESS}" -lt 256 ] || NXA_HARMLESS='  '
  NXA_HARMLESS=$NXA_HARMLESS${1# }' '
  return 1
}

# nxa_mask TEXT: NXA_VEILED = lines, the last perhaps unended, with *** for what is secret.
nxa_mask() {
  local nxa_rest=$1 nxa_line nxa_run nxa_pad nxa_head nxa_has_literals=''
  NXA_VEILED=$1
  [ -n "$NXA_FIRST" ] && nxa_may_hide "$1" || return 0
  NXA_VEILED=''
  while [ -n "$nxa_rest" ]; do
    nxa_line=${nxa_rest%%"$NXA_NEWLINE"*}
    NXA_VEILED_LINE=$nxa_line
    # What the line ends with: letters, digits, + and /, then the = of base64.
    nxa_run=${nxa_line%$'\r'} nxa_pad=''
    case $nxa_run in
    *=)
      nxa_pad=${nxa_run##*[!=]}
      nxa_run=${nxa_run%"$nxa_pad"}
      ;;
    esac
    nxa_head=${nxa_run%[!A-Za-z0-9+/]*}
    [ "$nxa_head" = "$nxa_run" ] || nxa_run=${nxa_run:${#nxa_head}+1}
    [ -z "$nxa_run" ] || nxa_run=$nxa_run$nxa_pad
    case $nxa_run in
    ????*)
      case $NXA_WRAPPED_LINES in
      *"${nxa_run:0:4}"* | *"${nxa_run:${#nxa_run}-4}"*) nxa_mask_wrapped ;;
      esac
      ;;
    esac
    [ -z "$nxa_has_literals" ] || { [[ $NXA_VEILED_LINE =~ $NXA_FIRST ]] && nxa_mask_literals; }
    nxa_rest=${nxa_rest:${#nxa_line}}
    NXA_VEILED=$NXA_VEILED$NXA_VEILED_LINE
    [ -z "$nxa_rest" ] || NXA_VEILED=$NXA_VEILED$NXA_NEWLINE nxa_rest=${nxa_rest:1}
  done
}

# nxa_mask_told EVENT TEXT [KEY VALUE…]: NXA_TOLD = the same, masked: what others said, which the text has at its end.
nxa_mask_told() {
  local nxa_at nxa_text=$2
  NXA_TOLD=("$@")
  [ -n "$NXA_FIRST" ] || return 0
  for ((nxa_at = 2; nxa_at < $#; nxa_at += 2)); do
    case ${NXA_TOLD[nxa_at]}:${NXA_TOLD[nxa_at + 1]} in
    reason: | message:) ;;
    reason:* | message:*)
      nxa_mask "${NXA_TOLD[nxa_at + 1]}"
      case $nxa_text in
      *"${NXA_TOLD[nxa_at + 1]}"*)
        nxa_text="${nxa_text%"${NXA_TOLD[nxa_at + 1]}"*}$NXA_VEILED${nxa_text##*"${NXA_TOLD[nxa_at + 1]}"}"
        ;;
      esac
      NXA_TOLD[nxa_at + 1]=$NXA_VEILED
      ;;
    esac
  done
  NXA_TOLD[1]=$nxa_text
}

# nxa_mask_wrapped: nxa_run, what the line ends with, may lie within the base64 of a value, end with its beginning, or begin with
# its end.
nxa_mask_wrapped() {
  local nxa_whole nxa_n nxa_begins=0 nxa_ends=0 nxa_size=${#nxa_run} nxa_masked
  [ "$nxa_size" -le "$NXA_WIDEST" ] || return 0
  for nxa_whole in "${NXA_WRAPPED[@]}"; do
    case $nxa_whole in
    *"$nxa_run"*)
      nxa_begins=$nxa_size
      break
      ;;
    esac
    nxa_n=$((nxa_size < ${#nxa_whole} ? nxa_size : ${#nxa_whole}))
    for (( ; nxa_n >= 4; nxa_n--)); do
      [ "$nxa_n" -le "$nxa_ends" ] || [ "${nxa_run:nxa_size-nxa_n}" != "${nxa_whole:0:nxa_n}" ] || nxa_ends=$nxa_n
      [ "$nxa_n" -le "$nxa_begins" ] || [ "${nxa_run:0:nxa_n}" != "${nxa_whole:${#nxa_whole}-nxa_n}" ] || nxa_begins=$nxa_n
    done
  done
  [ $((nxa_begins + nxa_ends)) != 0 ] || return 0
  if [ $((nxa_begins + nxa_ends)) -ge "$nxa_size" ]; then
    nxa_masked='***'
  else
    nxa_masked=${nxa_run:nxa_begins:nxa_size-nxa_begins-nxa_ends}
    [ "$nxa_begins" = 0 ] || nxa_masked="***$nxa_masked"
    [ "$nxa_ends" = 0 ] || nxa_masked="$nxa_masked***"
  fi
  nxa_n=${NXA_VEILED_LINE##*"$nxa_run"}
  NXA_VEILED_LINE=${NXA_VEILED_LINE%"$nxa_run$nxa_n"}$nxa_masked$nxa_n
}

# nxa_mask_literals: in NXA_VEILED_LINE, from left to right, of those at one place the longest; those that overlap give one.
nxa_mask_literals() {
  local nxa_rest=$NXA_VEILED_LINE nxa_from nxa_to
  nxa_find_literal "$nxa_rest" || return 0
  NXA_VEILED_LINE=''
  while :; do
    nxa_from=$NXA_FOUND_AT nxa_to=$((NXA_FOUND_AT + NXA_FOUND_LENGTH))
    NXA_VEILED_LINE="$NXA_VEILED_LINE${nxa_rest:0:nxa_from}***"
    while nxa_find_literal "${nxa_rest:nxa_from+1}" && [ $((nxa_from + 1 + NXA_FOUND_AT)) -lt "$nxa_to" ]; do
      nxa_from=$((nxa_from + 1 + NXA_FOUND_AT))
      [ $((nxa_from + NXA_FOUND_LENGTH)) -le "$nxa_to" ] || nxa_to=$((nxa_from + NXA_FOUND_LENGTH))
    done
    nxa_rest=${nxa_rest:nxa_to}
    nxa_find_literal "$nxa_rest" || break
  done
  NXA_VEILED_LINE=$NXA_VEILED_LINE$nxa_rest
}

# nxa_find_literal TEXT: NXA_FOUND_AT and NXA_FOUND_LENGTH of the first literal in the text, the longest at that place; status
# 1 if there is none.
nxa_find_literal() {
  local nxa_literal nxa_head
  NXA_FOUND_AT=''
  for nxa_literal in "${NXA_LITERALS[@]}"; do
    case $1 in *"$nxa_literal"*) ;; *) continue ;; esac
    nxa_head=${1%%"$nxa_literal"*}
    [ -z "$NXA_FOUND_AT" ] || [ "${#nxa_head}" -lt "$NXA_FOUND_AT" ] ||
      { [ "${#nxa_head}" = "$NXA_FOUND_AT" ] && [ "${#nxa_literal}" -gt "$NXA_FOUND_LENGTH" ]; } || continue
    NXA_FOUND_AT=${#nxa_head} NXA_FOUND_LENGTH=${#nxa_literal}
  done
  [ -n "$NXA_FOUND_AT" ]
}
