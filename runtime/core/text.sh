# Usage: nx_encode VALUE; nx_decode TEXT; nx_json_text VALUE; nx_within WORD LIST
# Requires:
# Texts as data: one-line encodings and JSON, without a process.
# shellcheck shell=bash

NX_NEWLINE=$'\n'
NX_SEPARATOR=$'\037'
NX_BACKSLASH=\\
NX_QUOTE='"'

# nx_encode VALUE: NX_ENCODED = the value without line breaks and separators, for printf %b.
nx_encode() {
  NX_ENCODED=$1
  case $1 in
  *["$NX_BACKSLASH$NX_NEWLINE$NX_SEPARATOR"]*) ;;
  *) return ;;
  esac
  NX_ENCODED=${NX_ENCODED//"$NX_BACKSLASH"/$NX_BACKSLASH$NX_BACKSLASH}
  NX_ENCODED=${NX_ENCODED//$NX_NEWLINE/${NX_BACKSLASH}n}
  NX_ENCODED=${NX_ENCODED//$NX_SEPARATOR/${NX_BACKSLASH}0037}
}

# nx_decode TEXT: NX_DECODED = what nx_encode was given.
nx_decode() {
  case $1 in
  *"$NX_BACKSLASH"*) printf -v NX_DECODED '%b' "$1" ;;
  *) NX_DECODED=$1 ;;
  esac
}

# nx_within WORD LIST: is WORD one of the blank-separated words of LIST?
nx_within() {
  case " $2 " in *" $1 "*) return 0 ;; esac
  return 1
}

# nx_json_text VALUE: NX_JSON = the value escaped for a JSON string, valid UTF-8. Wants LC_ALL=C.
# Long values go in pieces: substitution in older shells is quadratic.
nx_json_text() {
  local nx_rest=$1 nx_done=''
  while [ "${#nx_rest}" -gt 4096 ]; do
    nx_piece "$nx_rest"
    nx_json_piece "${nx_rest:0:NX_PIECE}"
    nx_done=$nx_done$NX_JSON
    nx_rest=${nx_rest:NX_PIECE}
  done
  nx_json_piece "$nx_rest"
  NX_JSON=$nx_done$NX_JSON
}

# nx_piece TEXT: NX_PIECE = a length of about 4096 bytes that cuts no UTF-8 sequence in two.
nx_piece() {
  NX_PIECE=4096
  for _ in 1 2 3; do
    case ${1:NX_PIECE:1} in
    [$'\200'-$'\277']) NX_PIECE=$((NX_PIECE - 1)) ;;
    *) return ;;
    esac
  done
  # Four continuation bytes in a row are no UTF-8 anyway.
}

nx_json_piece() {
  NX_JSON=$1
  case $1 in
  *[!\ -~]*) ;;
  *["$NX_BACKSLASH$NX_QUOTE"]*) ;;
  *) return ;;
  esac
  NX_JSON=${NX_JSON//"$NX_BACKSLASH"/$NX_BACKSLASH$NX_BACKSLASH}
  NX_JSON=${NX_JSON//$NX_QUOTE/$NX_BACKSLASH$NX_QUOTE}
  case $NX_JSON in
  *[!\ -~]*) nx_json_special ;;
  esac
}

# Escapes control characters and replaces what is no UTF-8, sequence by sequence.
# The table is that of RFC 3629, section 4.
nx_json_special() {
  local nx_rest=$NX_JSON nx_head nx_c nx_take
  NX_JSON=''
  while [ -n "$nx_rest" ]; do
    nx_head=${nx_rest%%[!\ -~]*}
    NX_JSON=$NX_JSON$nx_head
    nx_rest=${nx_rest:${#nx_head}}
    [ -n "$nx_rest" ] || break
    nx_take=1
    case $nx_rest in
    [$'\302'-$'\337'][$'\200'-$'\277']*) nx_take=2 ;;
    $'\340'[$'\240'-$'\277'][$'\200'-$'\277']*) nx_take=3 ;;
    [$'\341'-$'\354'$'\356'$'\357'][$'\200'-$'\277'][$'\200'-$'\277']*) nx_take=3 ;;
    $'\355'[$'\200'-$'\237'][$'\200'-$'\277']*) nx_take=3 ;;
    $'\360'[$'\220'-$'\277'][$'\200'-$'\277'][$'\200'-$'\277']*) nx_take=4 ;;
    [$'\361'-$'\363'][$'\200'-$'\277'][$'\200'-$'\277'][$'\200'-$'\277']*) nx_take=4 ;;
    $'\364'[$'\200'-$'\217'][$'\200'-$'\277'][$'\200'-$'\277']*) nx_take=4 ;;
    esac
    nx_c=${nx_rest:0:nx_take}
    nx_rest=${nx_rest:nx_take}
    case $nx_take$nx_c in
    1$'\t') nx_c='\t' ;;
    1$'\n') nx_c='\n' ;;
    1$'\r') nx_c='\r' ;;
    1[$'\001'-$'\037'] | 1$'\177') printf -v nx_c '\\u%04x' "'$nx_c" ;;
    1*) nx_c=$'\357\277\275' ;;
    esac
    NX_JSON=$NX_JSON$nx_c
  done
}
