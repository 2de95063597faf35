# Usage: nxa_resume_find; nxa_job_wanted asks nxa_resumable JOB, then nxa_keep_job JOB; nxa_note_job JOB STATUS
# Requires: core/hash.sh core/runs.sh core/text.sh core/log.sh
# Going on with an earlier run. Every job that ends leaves in `status/` of its run how it ended and what it depended on: its
# plan (a hash that the compiler made), the inputs and --env of the run (a hash), the exports it read, its input artifacts.
# A green job of which all this is the same is kept.
# shellcheck shell=bash

# nxa_resume_find: NXA_RESUME_DIR = the record of the run to go on with.
nxa_resume_find() {
  NXA_RESUME_DIR=''
  [ -n "$NXA_RESUME" ] || return 0
  if [ "$NXA_RESUME" = last ]; then
    nxa_own_runs
    [ -n "$NXA_RUNS" ] || nxa_problem "nothing to resume: no run of $NXA_WORKFLOW is kept below $NXA_HOME/runs"
    NXA_RESUME_DIR=${NXA_RUNS:+$NXA_HOME/runs/${NXA_RUNS##* }}
  else
    NXA_RESUME_DIR=$NXA_HOME/runs/$NXA_RESUME
    case $NXA_RESUME in
    */* | .*) nxa_usage "--resume: '$NXA_RESUME' is no run's name" ;;
    esac
    [ -d "$NXA_RESUME_DIR" ] || nxa_resume_unknown
  fi
  [ -n "$NXA_RESUME_DIR" ] || return 0
  ! nxa_owner_state "$NXA_RESUME_DIR/owner" || nxa_problem "cannot resume ${NXA_RESUME_DIR##*/}: it is still running"
}

nxa_resume_unknown() {
  nxa_own_runs
  nxa_usage "--resume: there is no run '$NXA_RESUME'" "${NXA_RUNS:+the last one is ${NXA_RUNS##* }}"
}

# nxa_run_key: NXA_RUN_KEY = a hash of the inputs and of what --env and --env-file gave; `-` where there is nothing of that, and
# where there is no tool for hashes a word that no other run has.
nxa_run_key() {
  local nxa_i nxa_name nxa_all=''
  for ((nxa_i = 0; nxa_i < ${#NXA_INPUT_NAME[@]}; nxa_i++)); do
    nxa_encode "${NXA_INPUT_VALUE[nxa_i]}"
    nxa_all="$nxa_all${NXA_INPUT_NAME[nxa_i]}=$NXA_ENCODED$NXA_NEWLINE"
  done
  for nxa_name in $NXA_OVERRIDES; do
    nxa_encode "${!nxa_name-}"
    nxa_all="$nxa_all--env $nxa_name=$NXA_ENCODED$NXA_NEWLINE"
  done
  # Those of our own names stand there in any case.
  nxa_all=$nxa_all${NXA_STEP_ENV[*]:+${NXA_STEP_ENV[*]}}
  NXA_RUN_KEY=-
  [ -n "$nxa_all" ] || return 0
  NXA_RUN_KEY=$(printf '%s' "$nxa_all" | nxa_sha256) || NXA_RUN_KEY=$WORKFLOW_ID
  NXA_RUN_KEY=${NXA_RUN_KEY%% *}
}

# nxa_note_job JOB STATUS: leaves what a later run must know. Exports are kept with it, unless one is a secret: then the job is
# run again.
nxa_note_job() {
  local nxa_file=$NXA_RUN_DIR/status/${NXA_JOB_NAME[$1]} nxa_exports=$NXA_RUN_TMP/exports.$1
  nxa_job_key "$1"
  if [ -e "$nxa_exports" ]; then
    if nxa_exports_secret "$nxa_exports"; then
      NXA_SECRET_JOBS="$NXA_SECRET_JOBS $1" NXA_KEY=secret
    else
      nxa_copy_lines "$nxa_exports" "$nxa_file.exports" || NXA_KEY=unkept
    fi
  fi
  printf '%s\n' "$2" "$NXA_KEY" >"$nxa_file"
} 2>/dev/null

# nxa_copy_lines FILE COPY: without a process.
nxa_copy_lines() {
  local nxa_line
  while IFS= read -r nxa_line; do
    printf '%s\n' "$nxa_line"
  done <"$1" >"$2"
}

# nxa_job_key JOB: NXA_KEY = plan, inputs and --env of the run, exports read. Secret ones were exported by a job that is not kept,
# so whoever reads them is not kept either.
nxa_job_key() {
  local nxa_ref nxa_job
  NXA_KEY="${NXA_JOB_HASH[$1]} $NXA_RUN_KEY"
  for nxa_ref in ${NXA_JOB_REFS[$1]-}; do
    for nxa_job in ${NXA_REF_JOBS[nxa_ref]}; do
      ! nxa_within "$nxa_job" "$NXA_SECRET_JOBS" || NXA_KEY=secret
    done
    [ "$NXA_KEY" != secret ] || return 0
    nxa_encode "${NXA_REF[nxa_ref]-}"
    NXA_KEY="$NXA_KEY$NXA_SEPARATOR$NXA_ENCODED"
  done
}

# nxa_exports_secret FILE: is one of the exports named as a secret, or does it hold one?
nxa_exports_secret() {
  local nxa_line nxa_secret
  while IFS= read -r nxa_line; do
    case " ${NXA_SECRETS-} " in *" ${nxa_line%%=*} "*) return 0 ;; esac
    [ -e "$NXA_RUN_TMP/secrets" ] || continue
    while IFS= read -r nxa_secret; do
      case ${nxa_line#*=} in *"$nxa_secret"*) return 0 ;; esac
    done <"$NXA_RUN_TMP/secrets"
  done <"$1"
  return 1
}

# nxa_resumable JOB: was it green, and would it be the same again?
nxa_resumable() {
  local nxa_status nxa_key
  [ -n "$NXA_RESUME_DIR" ] && [ -z "${NXA_NAMED[$1]-}" ] || return 1
  { IFS= read -r nxa_status && IFS= read -r nxa_key; } 2>/dev/null <"$NXA_RESUME_DIR/status/${NXA_JOB_NAME[$1]}" || return 1
  nxa_resolve_refs "$1"
  nxa_job_key "$1"
  [ "$nxa_status" = success ] && [ "$nxa_key" = "$NXA_KEY" ] && [ "$nxa_key" != secret ] && (nxa_same_artifacts "$1")
}

# nxa_same_artifacts JOB: its outputs are there, its inputs are as they were. In a process of its own, since it loads the plan.
nxa_same_artifacts() {
  local nxa_i nxa_from nxa_dir
  "nxa_job_$1" plan
  for ((nxa_i = 0; nxa_i < ${#NXA_OUTPUT_DIR[@]}; nxa_i++)); do
    [ -d "$NXA_RESUME_DIR/artifacts/${NXA_OUTPUT_DIR[nxa_i]}" ] || return 1
  done
  for ((nxa_i = 0; nxa_i < ${#NXA_RESTORE_FROM[@]}; nxa_i++)); do
    for nxa_from in ${NXA_RESTORE_FROM[nxa_i]}; do
      [ -z "${NXA_KEPT[${nxa_from%%:*}]-}" ] || continue
      nxa_dir=artifacts/${nxa_from#*:}
      [ -d "$NXA_RUN_DIR/$nxa_dir" ] || [ -d "$NXA_RESUME_DIR/$nxa_dir" ] || continue
      diff -r "$NXA_RESUME_DIR/$nxa_dir" "$NXA_RUN_DIR/$nxa_dir" >/dev/null 2>&1 || return 1
    done
  done
}

# nxa_keep_job JOB: its artifacts, exports and result are those of the earlier run.
nxa_keep_job() {
  nxa_take_over "$1" || return 1
  NXA_KEPT[$1]=1
  nxa_log_about "${NXA_JOB_NAME[$1]}"
  nxa_tell job_end "Kept from ${NXA_RESUME_DIR##*/}" status success reason kept
  nxa_log_about ''
}

# nxa_take_over JOB: the artifacts and exports that the earlier run has of it. Links where the system makes them: an artifact
# is never changed once it is there.
nxa_take_over() {
  local nxa_dirs nxa_dir nxa_old=$NXA_RESUME_DIR nxa_exports=$NXA_RESUME_DIR/status/${NXA_JOB_NAME[$1]}.exports
  [ ! -e "$nxa_exports" ] || nxa_copy_lines "$nxa_exports" "$NXA_RUN_TMP/exports.$1" || return 1
  nxa_dirs=$(
    "nxa_job_$1" plan
    printf '%s\n' "${NXA_OUTPUT_DIR[@]+"${NXA_OUTPUT_DIR[@]}"}"
  )
  for nxa_dir in $nxa_dirs; do
    [ -d "$nxa_old/artifacts/$nxa_dir" ] || continue
    case $nxa_dir in */*) mkdir -p "$NXA_RUN_DIR/artifacts/${nxa_dir%/*}" ;; esac
    cp -pPRl "$nxa_old/artifacts/$nxa_dir" "$NXA_RUN_DIR/artifacts/$nxa_dir" 2>/dev/null && continue
    rm -rf "${NXA_RUN_DIR:?}/artifacts/$nxa_dir"
    cp -pPR "$nxa_old/artifacts/$nxa_dir" "$NXA_RUN_DIR/artifacts/$nxa_dir" || return 1
  done
}

# nxa_adopt_unselected: with --only, what is needed and not run is as it was in the earlier run.
nxa_adopt_unselected() {
  local nxa_job nxa_status
  [ -n "$NXA_RESUME_DIR" ] || return 0
  for ((nxa_job = 0; nxa_job < ${#NXA_JOB_NAME[@]}; nxa_job++)); do
    [ -z "${NXA_SELECTED[nxa_job]-}" ] || continue
    IFS= read -r nxa_status 2>/dev/null <"$NXA_RESUME_DIR/status/${NXA_JOB_NAME[nxa_job]}" || continue
    nxa_take_over "$nxa_job" || continue
    cp "$NXA_RESUME_DIR/status/${NXA_JOB_NAME[nxa_job]}"* "$NXA_RUN_DIR/status/"
    NXA_RESULT[nxa_job]=$nxa_status
    NXA_KEPT[nxa_job]=1
  done
}
