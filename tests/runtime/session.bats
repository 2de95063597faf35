load helper

@test "a stream is whole by its end, or over a line of its own by the status" {
  in_each_bash ssh/session.sh <<'END'
mkfifo line.in line.out
NXA_SSH_HOST=0 NXA_SSH_USE=1 freed=0
nxa_ssh_line() { NXA_SSH_LINE=line NXA_SSH_LASTS=$lasts; }
nxa_ssh_line_free() { freed=$((freed + 1)); }
nxa_ssh_text() { :; }
nxa_ssh_over_lasting() { NXA_SSH_WHOLE=$whole && printf '%s %s\n' "$1" "$status" >line.said; }
nxa_ssh_over_single() { nxa_ssh_over_lasting "$1"; }
# attach LASTS WHOLE STATUS
attach() {
  lasts=$1 whole=$2 status=$3
  nxa_ssh_attach 0
}
exec 3<>line.out
holds attach 1 1 0
is "$freed" 1
# The connection broke behind the status, and before the stream's end.
fails 1 attach 1 '' 0
fails 1 attach 1 '' 255
is "$freed" 1
holds attach '' '' 0
fails 1 attach '' '' 1
is "$freed" 1
END
}
