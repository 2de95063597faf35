load helper

# `passed PART…` prints what ssh/pass.pl hands on of parts that come one after the other, then its status, and what it counts
# from 100 on if the second mark did not come.
run='
passed() {
  local status
  rm -f count
  for part; do
    printf "$part"
    sleep 0.05
  done | (nxa_perl -e "$NXA_PASS_PL" mark "$PWD/count" 100)
  status=$?
  echo "|$status $(cat count 2>/dev/null)"
}
'

@test "all before the mark is handed on, byte for byte" {
  in_each_bash ssh/line.sh <<END
$run
$(cat <<'BODY'
is "$(passed 'mark\na\nb\nmark\n')" $'a\nb\n|0 '
is "$(passed 'mark\nopenmark\n')" 'open|0 '
is "$(passed 'mark\nmark\n')" '|0 '
is "$(passed 'mark\na\n' 'ma' 'rk\n')" $'a\n|0 '
is "$(passed 'mark\nmamar' 'k\n')" 'ma|0 '
is "$(passed 'mark\nmark more\n' 'mark\n')" $'mark more\n|0 '
is "$(passed 'mark\n\0\377' 'mark\n' | od -An -tx1 | head -n 1)" ' 00 ff 7c 30 20 0a'
BODY
)
END
}

@test "what comes before the first mark is not handed on" {
  in_each_bash ssh/line.sh <<END
$run
$(cat <<'BODY'
is "$(passed 'hello\nno mark\nmark\na\nmark\n')" $'a\n|0 '
is "$(passed 'hello\nma' 'rk\na' '\nmark\n')" $'a\n|0 '
is "$(passed 'mark\nmark\nmark\n')" '|0 '
is "$(passed '')" '|2 '
is "$(passed 'a\nno mark' '\nmark')" '|2 '
BODY
)
END
}

@test "whoever is to know of the first mark is told" {
  in_each_bash ssh/line.sh <<END
$run
$(cat <<'BODY'
told=
trap 'told=1' USR1
nxa_self
mkfifo in
(nxa_perl -e "$NXA_PASS_PL" mark count 0 "$NXA_SELF") <in >out &
exec 3>in
printf 'hello\nmark\n' >&3
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -n "$told" ] || sleep 0.2; done
is "$told" 1
exec 3>&-
wait "$!"
is "$?" 1
is "$(cat count)" 0
BODY
)
END
}

@test "without the mark all is handed on and counted" {
  in_each_bash ssh/line.sh <<END
$run
$(cat <<'BODY'
is "$(passed 'mark\n')" '|1 100'
is "$(passed 'mark\na\n' 'mar')" $'a\nmar|1 105'
is "$(passed 'mark\nmark')" 'mark|1 104'
BODY
)
END
}

@test "the perl is strict" {
  run perl -Mstrict -wc "$BATS_TEST_DIRNAME/../../runtime/ssh/pass.pl"
  [ "$output" = "$BATS_TEST_DIRNAME/../../runtime/ssh/pass.pl syntax OK" ]
}
