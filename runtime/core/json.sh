# Usage: nxa_json_read FILE; fills NXA_JSON_PATH, NXA_JSON_TYPE and NXA_JSON_VALUE
# Requires: core/text.sh
# A reader of JSON (RFC 8259) in bash alone, for what tools print. Every value of the text is one entry, in order: its path
# (keys and numbers from 0, each after a separator), its type (object, array, string, number, truth, null) and its value: of
# a string the text, else the JSON without blanks. Wants LC_ALL=C. Nothing of the text is ever run.
# shellcheck shell=bash

NXA_JSON_NUMBER='^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$'
#: Deeper than any tool's answer, and far from what the shell's own stack holds.
NXA_JSON_DEEPEST=100

# nxa_json_read FILE: status 1 and NXA_ERROR where it is no JSON.
nxa_json_read() {
  local nxa_rest='' nxa_number=0 nxa_last='' nxa_depth=0
  NXA_JSON_PATH=() NXA_JSON_TYPE=() NXA_JSON_VALUE=()
  NXA_ERROR='it is no JSON'
  { nxa_json_value '' && ! nxa_json_skip; } <"$1" || {
    NXA_ERROR="line $nxa_number: $NXA_ERROR"
    return 1
  }
  NXA_ERROR=''
}

# nxa_json_skip: to the next token, which is then at the start of nxa_rest; status 1 at the end of the file. A token never
# spans lines, so that only one line is ever copied around.
nxa_json_skip() {
  while :; do
    nxa_rest=${nxa_rest#"${nxa_rest%%[! $'\t'$'\r']*}"}
    [ -z "$nxa_rest" ] || return 0
    [ -z "$nxa_last" ] || return 1
    IFS= read -r nxa_rest || nxa_last=1
    nxa_number=$((nxa_number + 1))
  done
}

# nxa_json_value PATH: takes one value; NXA_JSON_RAW = its JSON.
nxa_json_value() {
  local nxa_at=${#NXA_JSON_PATH[@]}
  nxa_json_skip || return 1
  NXA_JSON_PATH[nxa_at]=$1 NXA_JSON_VALUE[nxa_at]=''
  case $nxa_rest in
  '"'*)
    NXA_JSON_TYPE[nxa_at]=string
    nxa_json_string || return 1
    NXA_JSON_VALUE[nxa_at]=$NXA_JSON_TEXT
    return
    ;;
  '{'*) NXA_JSON_TYPE[nxa_at]=object && nxa_json_members "$1" '}' || return 1 ;;
  '['*) NXA_JSON_TYPE[nxa_at]=array && nxa_json_members "$1" ']' || return 1 ;;
  *) nxa_json_word || return 1 ;;
  esac
  NXA_JSON_VALUE[nxa_at]=$NXA_JSON_RAW
}

# nxa_json_word: true, false, null or a number, for the entry nxa_at.
nxa_json_word() {
  NXA_JSON_RAW=${nxa_rest%%[!-+.0-9A-Za-z]*}
  nxa_rest=${nxa_rest:${#NXA_JSON_RAW}}
  case $NXA_JSON_RAW in
  true | false) NXA_JSON_TYPE[nxa_at]=truth ;;
  null) NXA_JSON_TYPE[nxa_at]=null ;;
  *)
    [[ $NXA_JSON_RAW =~ $NXA_JSON_NUMBER ]] || return 1
    NXA_JSON_TYPE[nxa_at]=number
    ;;
  esac
}

# nxa_json_members PATH CLOSE: the members of an object (CLOSE is a brace) or the items of an array.
nxa_json_members() {
  local nxa_raw=${nxa_rest:0:1} nxa_key nxa_count=0
  nxa_rest=${nxa_rest:1}
  nxa_depth=$((nxa_depth + 1))
  [ "$nxa_depth" -le "$NXA_JSON_DEEPEST" ] && nxa_json_skip || return 1
  case $nxa_rest in "$2"*) ;; *)
    while :; do
      nxa_key=$nxa_count
      [ "$2" = ']' ] || nxa_json_key || return 1
      nxa_json_value "$1$NXA_SEPARATOR$nxa_key" && nxa_json_skip || return 1
      nxa_raw=$nxa_raw$NXA_JSON_RAW
      nxa_count=$((nxa_count + 1))
      case $nxa_rest in
      ,*) nxa_raw=$nxa_raw, nxa_rest=${nxa_rest:1} ;;
      "$2"*) break ;;
      *) return 1 ;;
      esac
    done
    ;;
  esac
  nxa_rest=${nxa_rest:1}
  nxa_depth=$((nxa_depth - 1))
  NXA_JSON_RAW=$nxa_raw$2
}

# nxa_json_key: nxa_key = the key before the next value; adds it to nxa_raw.
nxa_json_key() {
  nxa_json_skip && nxa_json_string || return 1
  nxa_raw=$nxa_raw$NXA_JSON_RAW:
  nxa_key=$NXA_JSON_TEXT
  # It could be taken for two.
  case $nxa_key in *"$NXA_SEPARATOR"*) return 1 ;; esac
  nxa_json_skip || return 1
  case $nxa_rest in :*) nxa_rest=${nxa_rest:1} ;; *) return 1 ;; esac
}

# nxa_json_string: NXA_JSON_TEXT = what it says, NXA_JSON_RAW = as it is written.
nxa_json_string() {
  local nxa_start=$nxa_rest
  case $nxa_rest in '"'*) ;; *) return 1 ;; esac
  nxa_rest=${nxa_rest:1}
  NXA_JSON_TEXT=''
  while :; do
    nxa_json_plain || return 1
    case $nxa_rest in
    '"'*) break ;;
    '\u'*) nxa_json_code || return 1 ;;
    *)
      nxa_json_escape "${nxa_rest:1:1}" || return 1
      nxa_rest=${nxa_rest:2}
      ;;
    esac
  done
  nxa_rest=${nxa_rest:1}
  NXA_JSON_RAW=${nxa_start:0:${#nxa_start}-${#nxa_rest}}
}

# nxa_json_plain: what stands before the next backslash or quote. In pieces: a search costs the square of the length.
nxa_json_plain() {
  local nxa_piece
  while :; do
    nxa_piece=${nxa_rest:0:1000}
    nxa_piece=${nxa_piece%%[\\\"]*}
    case $nxa_piece in *[$'\001'-$'\037']*) return 1 ;; esac
    NXA_JSON_TEXT=$NXA_JSON_TEXT$nxa_piece
    nxa_rest=${nxa_rest:${#nxa_piece}}
    [ "${#nxa_piece}" = 1000 ] || return 0
  done
}

# nxa_json_escape CHARACTER: what stands behind a backslash.
nxa_json_escape() {
  case $1 in
  [\"\\/]) NXA_JSON_TEXT=$NXA_JSON_TEXT$1 ;;
  n) NXA_JSON_TEXT=$NXA_JSON_TEXT$'\n' ;;
  t) NXA_JSON_TEXT=$NXA_JSON_TEXT$'\t' ;;
  r) NXA_JSON_TEXT=$NXA_JSON_TEXT$'\r' ;;
  b) NXA_JSON_TEXT=$NXA_JSON_TEXT$'\b' ;;
  f) NXA_JSON_TEXT=$NXA_JSON_TEXT$'\f' ;;
  *) return 1 ;;
  esac
}

# nxa_json_code: \uXXXX, or two that are one character; half of such a pair is U+FFFD.
nxa_json_code() {
  local nxa_code nxa_low
  nxa_json_hex || return 1
  nxa_code=$NXA_JSON_CODE
  if [ "$nxa_code" -ge 55296 ] && [ "$nxa_code" -le 57343 ]; then
    nxa_low=0
    case $nxa_code:$nxa_rest in
    5[56]???:'\u'[dD][c-fC-F]*)
      if [ "$nxa_code" -le 56319 ]; then
        nxa_json_hex || return 1
        nxa_low=$NXA_JSON_CODE
      fi
      ;;
    esac
    [ "$nxa_low" = 0 ] || nxa_low=$((65536 + (nxa_code - 55296) * 1024 + nxa_low - 56320))
    nxa_code=${nxa_low/#0/65533}
  fi
  [ "$nxa_code" != 0 ] || {
    NXA_ERROR='a value holds a NUL, which no variable can'
    return 1
  }
  nxa_json_utf8 "$nxa_code"
}

# nxa_json_hex: NXA_JSON_CODE = the number of the \uXXXX that comes next.
nxa_json_hex() {
  local nxa_digits=${nxa_rest:2:4}
  case $nxa_digits in
  [0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]) ;;
  *) return 1 ;;
  esac
  NXA_JSON_CODE=$((16#$nxa_digits))
  nxa_rest=${nxa_rest:6}
}

# nxa_json_utf8 CODE: adds a character, by the table of RFC 3629, section 3.
nxa_json_utf8() {
  local nxa_bytes nxa_character
  if [ "$1" -lt 128 ]; then
    printf -v nxa_bytes '\\0%03o' "$1"
  elif [ "$1" -lt 2048 ]; then
    printf -v nxa_bytes '\\0%03o' $((192 + $1 / 64)) $((128 + $1 % 64))
  elif [ "$1" -lt 65536 ]; then
    printf -v nxa_bytes '\\0%03o' $((224 + $1 / 4096)) $((128 + $1 / 64 % 64)) $((128 + $1 % 64))
  else
    printf -v nxa_bytes '\\0%03o' $((240 + $1 / 262144)) $((128 + $1 / 4096 % 64)) \
      $((128 + $1 / 64 % 64)) $((128 + $1 % 64))
  fi
  printf -v nxa_character '%b' "$nxa_bytes"
  NXA_JSON_TEXT=$NXA_JSON_TEXT$nxa_character
}
