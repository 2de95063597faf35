load helper

# `passed PART…` prints what ssh/pass.pl hands on of parts that come one after the other, then its status, and what it counts
# from 100 on if the mark did not come.
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
is "$(passed 'a\nb\nmark\n')" $'a\nb\n|0 '
is "$(passed 'openmark\n')" 'open|0 '
is "$(passed 'mark\n')" '|0 '
is "$(passed 'a\n' 'ma' 'rk\n')" $'a\n|0 '
is "$(passed 'mamar' 'k\n')" 'ma|0 '
is "$(passed 'mark more\n' 'mark\n')" $'mark more\n|0 '
is "$(passed '\0\377' 'mark\n' | od -An -tx1 | head -n 1)" ' 00 ff 7c 30 20 0a'
BODY
)
END
}

@test "without the mark all is handed on and counted" {
  in_each_bash ssh/line.sh <<END
$run
$(cat <<'BODY'
is "$(passed '')" '|1 100'
is "$(passed 'a\n' 'mar')" $'a\nmar|1 105'
is "$(passed 'mark')" 'mark|1 104'
BODY
)
END
}
