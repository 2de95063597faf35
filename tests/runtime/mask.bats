load helper

# Bodies put this first. `masks TEXT WANTED`: what becomes of a text.
start='
NXA_RUN_TMP=$PWD
masks() {
  nxa_learn
  nxa_mask "$1"
  is "$NXA_VEILED" "$2"
}
tell() { nxa_encode "$1" && printf "%s\\n" "$NXA_ENCODED" >>secrets; }
'

@test "values are learnt as they come, whole lines only" {
  in_each_bash core/mask.sh <<END
$start
$(cat <<'BODY'
masks 'before hunter22' 'before hunter22'
tell hunter22
masks 'after hunter22' 'after ***'
printf 'sec' >>secrets
masks 'sec second' 'sec second'
printf 'ond\n' >>secrets
masks 'sec second' 'sec ***'
NXA_FILTERING=1
masks 'hunter22 second' '*** ***'
tell third
masks 'third' '***'
BODY
)
END
}

@test "values are data: signs of patterns, quotes, bytes" {
  in_each_bash core/mask.sh <<END
$start
$(cat <<'BODY'
for value in '****' '????' '[a-z]' 'a\bc' "it's" '"q"q' '$(touch hit)' '&&&&' '\\\\' '^$.*' '{2,3}' $'\377\376\001x' 'é€' '%s%d' '    '; do
  rm -f secrets
  tell "$value"
  masks "a${value}b" 'a***b'
  masks 'abcdefgh' 'abcdefgh'
done
holds [ ! -e hit ]
BODY
)
END
}

@test "the longest first, and one for those that overlap" {
  in_each_bash core/mask.sh <<END
$start
$(cat <<'BODY'
tell abcd
tell abcdefgh
tell fghijk
masks 'abcd abcdefgh abcdefghijk abcdabcd' '*** *** *** ******'
BODY
)
END
}

@test "lines of a value; short ones are left" {
  in_each_bash core/mask.sh <<END
$start
$(cat <<'BODY'
tell $'first line\nab\r\nlast\n'
masks $'first line\nab\nlast' $'***\nab\n***'
masks '{"v":"first line\nab\r\nlast\n"}' '{"v":"***"}'
masks 'first%20line%0Aab%0D%0Alast%0A first%20line%0aab%0d%0alast%0a' '*** ***'
masks 'first+line' '***'
BODY
)
END
}

@test "base64: at any offset, and cut into lines" {
  in_each_bash core/mask.sh <<END
$start
$(cat <<'BODY'
tell 'the quick brown fox jumps'
# base64 of the value; of "user:" and the value; of "u:" and the value and a line break.
masks 'x dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcw==' 'x ***'
masks 'dXNlcjp0aGUgcXVpY2sgYnJvd24gZm94IGp1bXBz' 'dXNlcjp***'
masks 'dTp0aGUgcXVpY2sgYnJvd24gZm94IGp1bXBzCg==' 'dTp***Cg=='
masks $'dXNlcjp0aGUgcXVpY\n2sgYnJvd24gZm94IG\np1bXBzCg==' $'dXNlcjp***\n***\n***Cg=='
masks $'dXNlcjp0aGUgcXVpY\r\n2sgYnJvd24gZm94IG\r' $'dXNlcjp***\r\n***\r'
masks $'np1bXBz=\r\n\nIGZveCBqdW1wcw==\r' $'np1bXBz=\r\n\n***\r'
# Not at the end of its line, so no piece of wrapped base64.
masks '2sgYnJvd24gZm94IG is text' '2sgYnJvd24gZm94IG is text'
BODY
)
END
}
