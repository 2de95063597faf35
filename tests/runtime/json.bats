load helper

# Bodies put this first: shown = path type value of every entry, separators as /.
json='
shows() {
  local i shown=""
  printf "%s" "$1" >file.json
  holds nxa_json_read file.json
  for ((i = 0; i < ${#NXA_JSON_PATH[@]}; i++)); do
    shown="$shown${NXA_JSON_PATH[i]//$NXA_SEPARATOR//} ${NXA_JSON_TYPE[i]} $(printf %q "${NXA_JSON_VALUE[i]}");"
  done
  is "$shown" "$2"
  is "$NXA_ERROR" ""
}
says() {
  printf "%s" "$1" >file.json
  holds nxa_json_read file.json
  is "${NXA_JSON_VALUE[0]}" "$2"
}
refuses() {
  printf "%s" "$1" >file.json
  fails 1 nxa_json_read file.json
  is "$NXA_ERROR" "line $2: ${3-it is no JSON}"
}
'

@test "every value is an entry with path, type and value" {
  in_each_bash core/json.sh <<END
$json
$(cat <<'BODY'
shows '"x"' ' string x;'
shows ' -0.5e+3 ' ' number -0.5e+3;'
shows 'true' ' truth true;'
shows 'null' ' null null;'
shows '{}' ' object \{\};'
shows '[ ]' ' array \[\];'
shows $'{\r\n  "a": 1,\n\n  "b": { "c": [true, "x y"] }\n}\n' \
  " object $(printf %q '{"a":1,"b":{"c":[true,"x y"]}}');/a number 1;/b object $(printf %q '{"c":[true,"x y"]}');/b/c array $(printf %q '[true,"x y"]');/b/c/0 truth true;/b/c/1 string x\\ y;"
shows '{"a/b":{"":2}}' " object $(printf %q '{"a/b":{"":2}}');/a/b object $(printf %q '{"":2}');/a/b/ number 2;"
BODY
)
END
}

@test "strings: escapes, characters, bytes as they are" {
  in_each_bash core/json.sh <<END
$json
$(cat <<'BODY'
says '"a\"b\\c\/d\n\t\r\b\fe"' $'a"b\\c/d\n\t\r\b\fe'
says '"$(touch hit) `touch hit` ${x} * \u0024"' '$(touch hit) `touch hit` ${x} * $'
says '"\u0041\u00e9\u20AC\ud83d\uDE00"' $'A\303\251\342\202\254\360\237\230\200'
says '"\ud83d x \ude00 \ud83d\ud83d\u0041"' $'\357\277\275 x \357\277\275 \357\277\275\357\277\275A'
says $'"\303\251 \377\376 \177"' $'\303\251 \377\376 \177'
says '"--- {}[]:, ''"' '--- {}[]:, '
says '""' ''
is "$(ls)" file.json
BODY
)
END
}

@test "what is no JSON is refused with its line" {
  in_each_bash core/json.sh <<END
$json
$(cat <<'BODY'
refuses '' 1
refuses $' \n\n' 3
refuses '{' 1
refuses '{"a" 1}' 1
refuses '{"a":1,}' 1
refuses '{a:1}' 1
refuses '{"a":1' 1
refuses $'{\n"a": 1\n"b": 2 }' 3
refuses '[1,]' 1
refuses '[1 2]' 1
refuses '{"a":1]' 1
refuses '{} {}' 1
refuses 'nul' 1
refuses 'True' 1
refuses '01' 1
refuses '1.' 1
refuses '+1' 1
refuses '.5' 1
refuses '"open' 1
refuses $'"two\nlines"' 1
refuses $'"tab\there"' 1
refuses '"\x"' 1
refuses '"\u12g4"' 1
refuses '"\u12' 1
refuses "'x'" 1
refuses '{"a\u001fb":1}' 1
refuses '"a\u0000b"' 1 'a value holds a NUL, which no variable can'
BODY
)
END
}

@test "long values and deep ones" {
  in_each_bash core/json.sh <<END
$json
$(cat <<'BODY'
long=$(head -c 200000 /dev/zero | tr '\0' x)
says "\"$long\"" "$long"
many=$(yes 'abcdefgh' | head -n 2000)
lines=$(yes 'abcdefgh\n' | head -n 1999 | tr -d '\n')abcdefgh
says "\"$lines\"" "$many"
deep=$(yes '[' | head -n 100 | tr -d '\n')$(yes ']' | head -n 100 | tr -d '\n')
says "$deep" "$deep"
refuses "[$deep]" 1
BODY
)
END
}
