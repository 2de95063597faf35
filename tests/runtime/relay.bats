load helper

# Bodies put this first. `relayed STEP <stream` prints what the relays, in bash and in perl, make of a member's stream; they
# must say the same. In what they print the token is shown as @.
run='
NXA_TOKEN=$(printf "\\036")4711 NXA_MARK=$NXA_TOKEN
mkfifo turn through
exec 8<>turn 9<>through
printf x >&8
relayed() {
  NXA_STEP=$1
  cat >given
  NXA_RELAY_PERL=""
  (nxa_relay) <given >by-bash
  NXA_RELAY_PERL=1
  (nxa_relay) <given >by-perl
  cmp by-bash by-perl >&2 || miss "they differ"
  LC_ALL=C sed "s/$NXA_TOKEN/@/g; s/$NXA_SEPARATOR/|/g" by-bash
}
'

@test "each line becomes a record; an open one says so" {
  in_each_bash core/relay.sh core/stream.sh <<END
$run
$(cat <<'BODY'
is "$(printf 'a  b\\n\n\n\377%%s\n' | relayed 3)" $'@line|3|a  b\\n\n@line|3|\n@line|3|\377%s'
is "$(printf 'open' | relayed 0)" '@line|0|open@'
is "$(: | relayed 0)" ''
is "$({ printf 'open' && nxa_emit end 0 success 0 1 1 ''; } | relayed 0)" '@line|0|open@end|0|success|0|1|1|'
NXA_MARK=$NXA_TOKEN$NXA_NEWLINE$NXA_TOKEN
is "$(echo a | relayed 12)" $'@\n@line|12|a'
BODY
)
END
}

@test "the last record is not handed on, what follows is" {
  in_each_bash core/relay.sh core/stream.sh <<END
$run
$(cat <<'BODY'
is "$({ echo a && nxa_emit last && echo late; } | relayed 1)" $'@line|1|a\n@line|1|late'
is "$({ printf open && nxa_emit last && printf late; } | relayed 1)" $'@line|1|open@\n@line|1|late@'
NXA_MARK=$NXA_TOKEN$NXA_NEWLINE$NXA_TOKEN
is "$({ printf open && nxa_emit last; } | relayed 1)" $'@\n@line|1|open@'
BODY
)
END
}

@test "it says when all up to the last record is through, and goes on" {
  in_each_bash core/relay.sh core/stream.sh <<END
$run
$(cat <<'BODY'
mkfifo member
for NXA_RELAY_PERL in '' 1; do
  NXA_STEP=1
  exec 9<>through 7<through
  (nxa_relay) <member >printed 7<&- &
  relay=$!
  exec 6>member 9>&-
  { echo a && nxa_emit last; } >&6
  # The end of the FIFO is that of the relay's part in it.
  read -r line <&7
  is "$(tr '\037' '|' <printed)" "${NXA_TOKEN}line|1|a"
  holds kill -0 "$relay"
  echo late >&6
  exec 6>&- 7<&-
  wait "$relay"
  is "$?" 0
  is "$(tail -n 1 printed | tr '\037' '|')" "${NXA_TOKEN}line|1|late"
done
BODY
)
END
}

@test "long lines of several members are not torn, and much output starts no process" {
  in_each_bash core/relay.sh core/stream.sh <<END
$run
$(cat <<'BODY'
for NXA_RELAY_PERL in '' 1; do
  {
    for NXA_STEP in 0 1 2 3; do
      long=$(printf '%*s' 9000 '' | tr ' ' "$NXA_STEP")
      (for ((i = 0; i < 8; i++)); do printf '%s\n%s\n' "$long" "$NXA_STEP"; done >"printed.$NXA_STEP")
      (nxa_relay) <"printed.$NXA_STEP" &
    done
    wait
  } | cat >seen
  is "$(grep -c . seen)" 64
  for n in 0 1 2 3; do
    is "$(LC_ALL=C grep -cE "^.4711line.$n.$n{9000}\$" seen)" 8
    is "$(LC_ALL=C grep -cE "^.4711line.$n.$n\$" seen)" 8
  done
done
BODY
)
END
}

@test "nobody reads the job's stream any more: it ends, and others get their turn" {
  in_each_bash core/relay.sh core/stream.sh <<END
$run
$(cat <<'BODY'
mkfifo reader
for NXA_RELAY_PERL in '' 1; do
  NXA_STEP=0
  sleep 1000 <reader &
  exec 6>reader
  kill "$!" && wait "$!" 2>/dev/null
  (yes | head -n 5000 | nxa_relay) >&6
  is "$?" 1
  exec 6>&-
  read -r -n 1 turn <&8
  is "$turn" x
  printf x >&8
done
BODY
)
END
}
