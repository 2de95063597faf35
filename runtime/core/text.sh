# Usage: nxa_encode VALUE; nxa_decode TEXT; nxa_json_text VALUE; nxa_within WORD LIST
# Requires:
# Texts as data: one-line encodings and JSON, without a process.
# shellcheck shell=bash

NXA_NEWLINE=$'\n'
NXA_SEPARATOR=$'\037'
NXA_BACKSLASH=\\
NXA_QUOTE='"'

# nxa_encode VALUE: NXA_ENCODED = the value without line breaks and separators, for printf %b.
nxa_encode() {
  NXA_ENCODED=$1
  case $1 in
  *["$NXA_BACKSLASH$NXA_NEWLINE$NXA_SEPARATOR"]*) ;;
  *) return ;;
  esac
  NXA_ENCODED=${NXA_ENCODED//"$NXA_BACKSLASH"/$NXA_BACKSLASH$NXA_BACKSLASH}
  NXA_ENCODED=${NXA_ENCODED//$NXA_NEWLINE/${NXA_BACKSLASH}n}
  NXA_ENCODED=${NXA_ENCODED//$NXA_SEPARATOR/${NXA_BACKSLASH}0037}
}

# nxa_decode TEXT: NXA_DECODED = what nxa_encode was given.
nxa_decode() {
  case $1 in
  *"$NXA_BACKSLASH"*) printf -v NXA_DECODED '%b' "$1" ;;
  *) NXA_DECODED=$1 ;;
  esac
}

# nxa_cut TEXT MARK: NXA_CUT = what stands before the first MARK, NXA_CUT_REST = what stands behind it; without one the whole
# and nothing. To look for a place in a text costs most shells the square of the length, so its surroundings are found first:
# in pieces that grow, then in halves.
nxa_cut() {
  local nxa_at=0 nxa_size=1024
  until case ${1:nxa_at:nxa_size+${#2}} in *"$2"*) true ;; *) false ;; esac do
    nxa_at=$((nxa_at + nxa_size)) nxa_size=$((nxa_size * 2))
    [ "$nxa_at" -lt "${#1}" ] || {
      NXA_CUT=$1 NXA_CUT_REST=''
      return 0
    }
  done
  while [ "$nxa_size" -gt 1024 ]; do
    nxa_size=$((nxa_size / 2))
    case ${1:nxa_at:nxa_size+${#2}} in *"$2"*) ;; *) nxa_at=$((nxa_at + nxa_size)) ;; esac
  done
  NXA_CUT_REST=${1:nxa_at}
  NXA_CUT=${1:0:nxa_at}${NXA_CUT_REST%%"$2"*}
  NXA_CUT_REST=${NXA_CUT_REST#*"$2"}
}

# nxa_within WORD LIST: is WORD one of the blank-separated words of LIST?
nxa_within() {
  case " $2 " in *" $1 "*) return 0 ;; esac
  return 1
}

# nxa_json_text VALUE: NXA_JSON = the value escaped for a JSON string, valid UTF-8. Wants LC_ALL=C.
# Long values go in pieces: substitution in older shells is quadratic.
nxa_json_text() {
  local nxa_rest=$1 nxa_done=''
  while [ "${#nxa_rest}" -gt 4096 ]; do
    nxa_piece "$nxa_rest"
    nxa_json_piece "${nxa_rest:0:NXA_PIECE}"
    nxa_done=$nxa_done$NXA_JSON
    nxa_rest=${nxa_rest:NXA_PIECE}
  done
  nxa_json_piece "$nxa_rest"
  NXA_JSON=$nxa_done$NXA_JSON
}

# nxa_piece TEXT: NXA_PIECE = a length of about 4096 bytes that cuts no UTF-8 sequence in two.
nxa_piece() {
  NXA_PIECE=4096
  for _ in 1 2 3; do
    case ${1:NXA_PIECE:1} in
    [$'\200'-$'\277']) NXA_PIECE=$((NXA_PIECE - 1)) ;;
    *) return ;;
    esac
  done
  # Four continuation bytes in a row are no UTF-8 anyway.
}

nxa_json_piece() {
  NXA_JSON=$1
  case $1 in
  *[!\ -~]*) ;;
  *["$NXA_BACKSLASH$NXA_QUOTE"]*) ;;
  *) return ;;
  esac
  NXA_JSON=${NXA_JSON//"$NXA_BACKSLASH"/$NXA_BACKSLASH$NXA_BACKSLASH}
  NXA_JSON=${NXA_JSON//$NXA_QUOTE/$NXA_BACKSLASH$NXA_QUOTE}
  case $NXA_JSON in
  *[!\ -~]*) nxa_json_special ;;
  esac
}

# Escapes control characters and replaces what is no UTF-8, sequence by sequence.
nxa_json_special() {
  local nxa_rest=$NXA_JSON nxa_head nxa_c
  NXA_JSON=''
  while [ -n "$nxa_rest" ]; do
    nxa_head=${nxa_rest%%[!\ -~]*}
    NXA_JSON=$NXA_JSON$nxa_head
    nxa_rest=${nxa_rest:${#nxa_head}}
    [ -n "$nxa_rest" ] || break
    nxa_sequence "$nxa_rest"
    nxa_c=${nxa_rest:0:NXA_TAKE}
    nxa_rest=${nxa_rest:NXA_TAKE}
    case $NXA_TAKE$nxa_c in
    1$'\t') nxa_c='\t' ;;
    1$'\n') nxa_c='\n' ;;
    1$'\r') nxa_c='\r' ;;
    1[$'\001'-$'\037'] | 1$'\177') printf -v nxa_c '\\u%04x' "'$nxa_c" ;;
    1*) nxa_c=$'\357\277\275' ;;
    esac
    NXA_JSON=$NXA_JSON$nxa_c
  done
}

# nxa_sequence TEXT: NXA_TAKE = the length of the sequence of UTF-8 at the text's beginning; 1, too, for a byte that begins
# none. The table is that of RFC 3629, section 4.
nxa_sequence() {
  NXA_TAKE=1
  case $1 in
  [$'\302'-$'\337'][$'\200'-$'\277']*) NXA_TAKE=2 ;;
  $'\340'[$'\240'-$'\277'][$'\200'-$'\277']*) NXA_TAKE=3 ;;
  [$'\341'-$'\354'$'\356'$'\357'][$'\200'-$'\277'][$'\200'-$'\277']*) NXA_TAKE=3 ;;
  $'\355'[$'\200'-$'\237'][$'\200'-$'\277']*) NXA_TAKE=3 ;;
  $'\360'[$'\220'-$'\277'][$'\200'-$'\277'][$'\200'-$'\277']*) NXA_TAKE=4 ;;
  [$'\361'-$'\363'][$'\200'-$'\277'][$'\200'-$'\277'][$'\200'-$'\277']*) NXA_TAKE=4 ;;
  $'\364'[$'\200'-$'\217'][$'\200'-$'\277'][$'\200'-$'\277']*) NXA_TAKE=4 ;;
  esac
}
