# Usage: nxa_secret NAME VALUE; nxa_secret_named NAME VALUE; nxa_secrets_start; nxa_hide TEXT
# Requires: core/text.sh core/stream.sh core/environment.sh
# Values that must not be seen: they are told to whoever prints before a process can see them. On the host that is a file of
# the run, one encoded value on each line; in the job runner, which may be elsewhere, a record of the job's stream.
# shellcheck shell=bash

# nxa_secret NAME VALUE: VALUE is masked from here on.
nxa_secret() {
  # Before there is a run, nothing is printed that could hold it.
  [ -n "$2" ] && [ -n "${NXA_RUN_TMP-}${NXA_RUNNER-}" ] || return 0
  nxa_encode "$2"
  # What this process and those above it have told, each between line breaks.
  NXA_SECRETS_TOLD=${NXA_SECRETS_TOLD:-$NXA_NEWLINE}
  case $NXA_SECRETS_TOLD in *"$NXA_NEWLINE$NXA_ENCODED$NXA_NEWLINE"*) return 0 ;; esac
  NXA_SECRETS_TOLD=$NXA_SECRETS_TOLD$NXA_ENCODED$NXA_NEWLINE
  if [ -n "${NXA_RUNNER-}" ]; then
    nxa_emit secret "$1" "$2"
  else
    nxa_secret_keep "$NXA_ENCODED"
  fi
  nxa_secret_short "$1" "$2"
}

# nxa_secret_named NAME VALUE: the same, if the workflow's `secrets` have the name.
nxa_secret_named() {
  case " $NXA_SECRETS " in *" $1 "*) nxa_secret "$1" "$2" ;; esac
}

# nxa_secret_keep ENCODED: into the run's file, which several jobs write; long lines are not written in one go.
nxa_secret_keep() {
  local nxa_umask nxa_left=200
  nxa_umask=$(umask)
  umask 077
  # Whoever held it for ten seconds was killed.
  until mkdir "$NXA_RUN_TMP/secrets.lock" 2>/dev/null || [ "$nxa_left" = 0 ]; do
    sleep 0.05
    nxa_left=$((nxa_left - 1))
  done
  printf '%s\n' "$1" >>"$NXA_RUN_TMP/secrets"
  rmdir "$NXA_RUN_TMP/secrets.lock"
  umask "$nxa_umask"
}

# nxa_secret_short NAME VALUE: masking short texts would garble everything, so they are not; that is told, once for a name.
nxa_secret_short() {
  local nxa_lines=$2$NXA_NEWLINE nxa_line nxa_told=${NXA_RUNNER:+$NXA_JOB_TMP}
  [ -z "${NXA_HUSHED-}" ] || return 0
  nxa_told=${nxa_told:-$NXA_RUN_TMP}/short.$1
  while [ -n "$nxa_lines" ]; do
    nxa_cut "$nxa_lines" "$NXA_NEWLINE"
    nxa_line=$NXA_CUT nxa_lines=$NXA_CUT_REST
    case ${#nxa_line} in 1 | 2 | 3) ;; *) continue ;; esac
    [ ! -e "$nxa_told" ] || return 0
    : >"$nxa_told"
    nxa_run_warning "the secret $1 has a value or line of less than 4 characters, which is not masked"
    return 0
  done
}

# nxa_run_warning MESSAGE: in a job's log; before there are jobs it is kept for the run's.
nxa_run_warning() {
  if [ -n "${NXA_JOB-}" ]; then
    nxa_warn "$1"
  else
    NXA_RUN_WARNINGS="${NXA_RUN_WARNINGS-}$1$NXA_NEWLINE"
  fi
}

# nxa_secrets_start: what the caller gives under the names of `secrets`.
nxa_secrets_start() {
  local nxa_name nxa_pair
  for nxa_pair in "${NXA_ENV_GIVEN[@]+"${NXA_ENV_GIVEN[@]}"}"; do
    nxa_name=${nxa_pair%%=*}
    nxa_within "$nxa_name" "$NXA_SECRETS" || continue
    nxa_run_warning "the secret $nxa_name was given by --env, so the caller's command line shows it; --env-file does not"
  done
  for nxa_name in $NXA_SECRETS; do
    nxa_secret_named "$nxa_name" "${!nxa_name-}"
  done
  for nxa_pair in "${NXA_STEP_ENV[@]+"${NXA_STEP_ENV[@]}"}"; do
    nxa_secret_named "${nxa_pair%%=*}" "${nxa_pair#*=}"
  done
}

# nxa_hide TEXT: NXA_HIDDEN = the text with *** for the values known by now, and for their lines. For what the script says
# before there is a log.
nxa_hide() {
  local nxa_value nxa_line
  NXA_HIDDEN=$1
  [ -e "${NXA_RUN_TMP-}/secrets" ] || return 0
  while IFS= LC_ALL=C read -r nxa_value; do
    nxa_decode "$nxa_value"
    nxa_hide_value "$NXA_DECODED"
    nxa_value=$NXA_DECODED$NXA_NEWLINE
    while [ -n "$nxa_value" ]; do
      nxa_cut "$nxa_value" "$NXA_NEWLINE"
      nxa_value=$NXA_CUT_REST
      nxa_hide_value "$NXA_CUT"
    done
  done <"$NXA_RUN_TMP/secrets"
}

nxa_hide_value() {
  [ "${#1}" -lt 4 ] || NXA_HIDDEN=${NXA_HIDDEN//"$1"/***}
}
