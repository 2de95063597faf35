load helper

# Bodies put this first. `pool HOSTS LIMIT` is an executor; all its hosts answer.
run='
mkfifo alive
exec 9<>alive
NXA_RUN_TMP=. NXA_SSH_ROOM=. NXA_SSH_MODE=pool
nxa_ssh_do() { :; }
pool() {
  local host
  NXA_SSH_HOSTS=() NXA_SSH_LIMIT=$2
  for ((host = 0; host < $1; host++)); do
    NXA_SSH_HOSTS[host]=host$host
  done
  nxa_ssh_places
}
end() {
  exec 5<&- 9<&-
  kill "$(cat holder)"
}
'

@test "each of many hosts has its turn, whatever its number" {
  in_each_bash ssh/hosts.sh <<END
$run
$(cat <<'BODY'
pool "$NXA_SSH_MOST_HOSTS" ''
for ((job = 0; job < NXA_SSH_MOST_HOSTS; job++)); do
  holds nxa_ssh_take "$job"
  is "$NXA_SSH_HOST" "$job"
done
holds nxa_ssh_take "$job"
is "$NXA_SSH_HOST" 0
end
BODY
)
END
}

@test "places that were given back are taken again" {
  in_each_bash ssh/hosts.sh <<END
$run
$(cat <<'BODY'
pool 95 1
for ((job = 0; job < 95; job++)); do
  holds nxa_ssh_take "$job"
done
holds nxa_ssh_give 93
holds nxa_ssh_take 95
is "$NXA_SSH_HOST" 93
end
BODY
)
END
}

@test "no host that can be reached: all who wait are told" {
  in_each_bash ssh/hosts.sh <<END
$run
$(cat <<'BODY'
pool 2 1
nxa_emit() { :; }
nxa_ssh_do() { return 255; }
fails 1 nxa_ssh_take 0
fails 1 nxa_ssh_take 1
end
BODY
)
END
}
