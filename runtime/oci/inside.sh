# Usage: nxa_inside_texts; then NXA_INSIDE_JOB, NXA_INSIDE_SAVE, NXA_INSIDE_RESTORE, NXA_INSIDE_SIGNAL, NXA_INSIDE_END for bash -c
# Requires: core/bundle.sh core/process.sh core/text.sh
# What is run in a container besides jobs: small scripts, whose arguments are names and paths. Values only ever come by standard
# input. Killing who sent them in does not end what runs there, so signals are sent in, too.
# shellcheck shell=bash

# NXA_INSIDE_ROOM JOB: the job's directory, unless it is there: with the copy of the repository that the workspace has.
# shellcheck disable=SC2016  # for the shell in there
NXA_INSIDE_ROOM='dir=/workspace/jobs/$1
if [ ! -d "$dir" ]; then
  if [ -d /workspace/.golden ]; then cp -a /workspace/.golden "$dir"; else mkdir -p -- "$dir"; fi || exit
fi
cd -- "$dir" || exit
'

# NXA_INSIDE_COPY DIR: unpacks the repository from standard input into a directory below /workspace.
# shellcheck disable=SC2016
NXA_INSIDE_COPY='umask 077
mkdir -p -- "/workspace/$1" && cd -- "/workspace/$1" && tar -xpof - && chmod 0700 .'

# NXA_INSIDE_JOB JOB: runs the job whose script, values and all, is on standard input. Nobody else may read that, and it goes
# as soon as bash has opened it. The process keeps its number, which is written down.
# shellcheck disable=SC2016
NXA_INSIDE_JOB=$NXA_INSIDE_ROOM'file=/workspace/.jobs/$1
echo "$$" >"$file.pid" && (umask 077 && exec cat >"$file") || exit
exec bash "$file" </dev/null'

# NXA_INSIDE_SIGNAL JOB SIGNAL: to the job runner, as soon as it is there.
# shellcheck disable=SC2016
NXA_INSIDE_SIGNAL='for ((i = 0; i < 50; i++)); do
  if IFS= read -r pid 2>/dev/null <"/workspace/.jobs/$1.pid"; then
    [ ! -e "/workspace/.jobs/$1" ] || sleep 0.2
    kill -s "$2" "$pid"
    exit
  fi
  sleep 0.1
done'

# NXA_INSIDE_KILLED: status 9 if a process was killed since the container's memory was at its limit, by either kind of groups.
# shellcheck disable=SC2016
NXA_INSIDE_KILLED='for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
  [ -r "$file" ] || continue
  while read -r key value; do
    [ "$key" != oom_kill ] || [ "$value" = 0 ] || exit 9
  done <"$file"
done'

# nxa_inside_save: NXA_INSIDE_SAVE JOB PATH: prints an artifact as nxa_pack does.
nxa_inside_save() {
  # shellcheck disable=SC2016
  NXA_INSIDE_SAVE=$(declare -f nxa_pack nxa_inside nxa_tar)'
set -f; cd -- "/workspace/jobs/$1" && nxa_pack "$2"'
}

# nxa_inside_restore: NXA_INSIDE_RESTORE JOB PATH: unpacks standard input as nxa_unpack does.
nxa_inside_restore() {
  # shellcheck disable=SC2016
  NXA_INSIDE_RESTORE=$(declare -f nxa_inside nxa_unpack nxa_untar)$NXA_NEWLINE$NXA_INSIDE_ROOM'nxa_unpack "$2"'
}

# nxa_inside_end: NXA_INSIDE_END RUN JOB: ends what is left of a job at once.
nxa_inside_end() {
  # shellcheck disable=SC2016
  NXA_INSIDE_END=$(declare -f nxa_self nxa_processes nxa_marked_processes nxa_bears_marks nxa_tree_find nxa_leads nxa_tree_kill)'
WORKFLOW_ID=$1 NXA_NEWLINE=$'\''\n'\'' NXA_SEPARATOR= pid=
IFS= read -r pid 2>/dev/null <"/workspace/.jobs/$2.pid"
nxa_marked_processes "$2"
nxa_tree_find "$pid $NXA_MARKED"
nxa_tree_kill KILL'
}
