load helper

setup() {
  # Every byte but NUL, alone, between letters, doubled; then random ones.
  python3 - "$BATS_TEST_TMPDIR/bytes" <<'END'
import random, sys
random.seed(1)
with open(sys.argv[1], "wb") as out:
    for byte in range(1, 256):
        one = bytes([byte])
        for text in (one, b"a" + one + b"7", one + one, b"\\" + one):
            out.write(text + b"\0")
    for length in range(1, 300):
        out.write(bytes(random.randrange(1, 256) for _ in range(length)) + b"\0")
END
}

@test "what was encoded is on one line, without separators, and decodes to itself" {
  in_each_bash core/text.sh <<'END'
round_trip() {
  nxa_encode "$1"
  case $NXA_ENCODED in *["$NXA_NEWLINE$NXA_SEPARATOR"]*) miss "$(printf 'not plain: %q' "$NXA_ENCODED")" ;; esac
  nxa_decode "$NXA_ENCODED"
  is "$NXA_DECODED" "$1"
}
texts=()
while IFS= read -r -d '' text; do texts[${#texts[@]}]=$text; done <../bytes
is "${#texts[@]}" 1319
# The runtime's shells have LC_ALL=C; in a job's process the caller's locale is in force.
for LC_ALL in C C.UTF-8; do
  round_trip ''
  round_trip $'\n\n'
  round_trip 'a\c\n\0037\\'
  round_trip $'\0371\037'
  round_trip '%s %b & \& $(touch hit) `touch hit`'
  round_trip 'Grüße, 世界 😀'
  for text in "${texts[@]}"; do round_trip "$text"; done
done
END
}

@test "words within a list" {
  in_each_bash core/text.sh <<'END'
holds nxa_within a 'a b'
holds nxa_within b ' a b '
fails 1 nxa_within a 'ab ba'
fails 1 nxa_within a ''
fails 1 nxa_within '*' 'a b'
END
}

# Writes {"input": …, "json": …} by pairs, NUL between; Python decides whether they say the same.
json_agrees() {
  python3 - "$@" <<'END'
import json, sys
for name in sys.argv[1:]:
    fields = open(name, "rb").read().split(b"\0")[:-1]
    assert len(fields) > 1 and len(fields) % 2 == 0, name
    for given, got in zip(fields[::2], fields[1::2]):
        text = got.decode("utf-8")
        assert all(" " <= c and c != "\x7f" for c in text), got
        # Python replaces invalid sequences as the Unicode standard recommends, by maximal parts; ours byte by byte.
        wanted, rest = "", given
        while rest:
            try:
                wanted, rest = wanted + rest.decode("utf-8"), b""
            except UnicodeDecodeError as error:
                wanted += rest[: error.start].decode("utf-8") + "\N{REPLACEMENT CHARACTER}"
                rest = rest[error.start + 1 :]
        read = json.loads('"' + text + '"')
        assert read == wanted, f"{name}: {given[:80]!r}\n  got    {read[:80]!r}\n  wanted {wanted[:80]!r}"
END
}

@test "JSON: all bytes and random ones" {
  in_each_bash core/text.sh <<'END'
while IFS= read -r -d '' text; do
  nxa_json_text "$text"
  printf '%s\0%s\0' "$text" "$NXA_JSON"
done <../bytes >pairs
END
  json_agrees "$BATS_TEST_TMPDIR"/[0-9]*/pairs
}

@test "JSON: exact escapes" {
  in_each_bash core/text.sh <<'END'
json() {
  nxa_json_text "$1"
  is "$NXA_JSON" "$2"
}
json '' ''
json 'plain words, 1.5 /&~' 'plain words, 1.5 /&~'
json 'a "b" \c' 'a \"b\" \\c'
json '\u0041' '\\u0041'
json $'\t\r\n' '\t\r\n'
json $'\001\033[1m\037\177' '\u0001\u001b[1m\u001f\u007f'
json $'caf\303\251' $'caf\303\251'
json '$(touch hit) `touch hit` ${HOME} & * ?' '$(touch hit) `touch hit` ${HOME} & * ?'
END
}

@test "JSON: what is no UTF-8 becomes U+FFFD, byte by byte" {
  in_each_bash core/text.sh <<'END'
no=$'\357\277\275'
json() {
  nxa_json_text "$1"
  is "$NXA_JSON" "$2"
}
json $'\200' "$no"                             # a continuation by itself
json $'\303' "$no"                             # a sequence that ends early
json $'\303x' "${no}x"
json $'\342\202x' "$no${no}x"
json $'\300\257' "$no$no"                      # overlong: / in two bytes
json $'\301\277' "$no$no"
json $'\340\200\257' "$no$no$no"               # … in three
json $'\340\237\277' "$no$no$no"
json $'\360\217\277\277' "$no$no$no$no"        # … in four
json $'\355\240\200' "$no$no$no"               # the first surrogate
json $'\355\277\277' "$no$no$no"               # the last
json $'\355\237\277' $'\355\237\277'           # U+D7FF, right below them
json $'\356\200\200' $'\356\200\200'           # U+E000, right above
json $'\360\220\200\200' $'\360\220\200\200'   # U+10000
json $'\364\217\277\277' $'\364\217\277\277'   # U+10FFFF
json $'\364\220\200\200' "$no$no$no$no"        # beyond
json $'\365\200\200\200' "$no$no$no$no"
json $'\377\376' "$no$no"
json $'\340\240\200\302\200\337\277' $'\340\240\200\302\200\337\277'
END
}

@test "JSON: long lines, cut at every place within a character" {
  python3 - "$BATS_TEST_TMPDIR/long" <<'END'
import sys
texts = []
for character in ("é", "€", "😀"):
    for shift in range(4090, 4100):
        texts.append("x" * shift + character * 3 + "y" * 5000 + character)
texts.append("plain " * 20000)
texts.append('quote " and \\ ' * 8000)
texts.append("é" * 6000)
texts.append("€😀" * 3000)
raw = [text.encode() for text in texts]
for shift in range(4090, 4098):
    raw.append(b"x" * shift + b"\x80" * 9 + b"y" * 5000)
    raw.append(b"x" * shift + b"\xf0\x9f\x98" + b"y" * 5000)
open(sys.argv[1], "wb").write(b"".join(text + b"\0" for text in raw))
END
  in_each_bash core/text.sh <<'END'
count=0
while IFS= read -r -d '' text; do
  nxa_json_text "$text"
  printf '%s\0%s\0' "$text" "$NXA_JSON" >&3
  count=$((count + 1))
done <../long 3>pairs
is "$count" 50
END
  json_agrees "$BATS_TEST_TMPDIR"/[0-9]*/pairs
}

@test "a text is cut at the first mark, however far that is" {
  in_each_bash core/text.sh <<'END'
cut() {
  nxa_cut "$1" "$2"
  is "$NXA_CUT" "$3"
  is "$NXA_CUT_REST" "$4"
}
for LC_ALL in C C.UTF-8; do
  cut '' "$NXA_NEWLINE" '' ''
  cut 'no mark' "$NXA_NEWLINE" 'no mark' ''
  cut $'one\ntwo\nthree' "$NXA_NEWLINE" one $'two\nthree'
  cut $'\nends\n' "$NXA_NEWLINE" '' $'ends\n'
  cut $'ends\n' "$NXA_NEWLINE" ends ''
  cut '[a]*b?*c' '*' '[a]' 'b?*c'
  cut $'\303\n\303\251' "$NXA_NEWLINE" $'\303' $'\303\251'
  # The mark lies across the end of a piece.
  for length in 1020 1021 1022 1023 1024 1025 1026 2047 2048 2049 5000; do
    printf -v long "%${length}s" ''
    cut "${long}mark${long}mark" mark "$long" "${long}mark"
    cut "${long}mar" mark "${long}mar" ''
    cut "$long" mark "$long" ''
  done
done
# Looked for place by place this takes minutes, which the limit of the run ends.
printf -v long '%1000000s' ''
cut "$long$NXA_NEWLINE$long" "$NXA_NEWLINE" "$long" "$long"
END
}
