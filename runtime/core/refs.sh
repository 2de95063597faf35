# Usage: nxa_resolve_refs JOB; in the scheduler
# Requires: core/text.sh
# What expressions read of other jobs: results and exports, of a job or of all of a matrix. The scheduler alone knows both, so
# they are looked up before a process is started for the job that reads them.
# shellcheck shell=bash

# nxa_resolve_refs JOB: sets NXA_REF for what its expressions read of jobs it needs.
nxa_resolve_refs() {
  local nxa_ref
  for nxa_ref in ${NXA_JOB_REFS[$1]-}; do
    case ${NXA_REF_NAME[nxa_ref]} in
    '') nxa_group_result "${NXA_REF_JOBS[nxa_ref]}" ;;
    *) nxa_group_export "${NXA_REF_JOBS[nxa_ref]}" "${NXA_REF_NAME[nxa_ref]}" ;;
    esac
    # shellcheck disable=SC2034  # read by generated code, where the workflow has such expressions
    NXA_REF[nxa_ref]=$NXA_VALUE
  done
}

# nxa_group_result JOBS: NXA_VALUE = failure, else cancelled, if one of them is, skipped if all are, else success.
nxa_group_result() {
  local nxa_job nxa_all=''
  for nxa_job in $1; do
    case ${NXA_RESULT[nxa_job]-skipped} in timeout) nxa_all="$nxa_all failure" ;; *) nxa_all="$nxa_all ${NXA_RESULT[nxa_job]-skipped}" ;; esac
  done
  case "$nxa_all " in
  *' failure '*) NXA_VALUE=failure ;;
  *' cancelled '*) NXA_VALUE=cancelled ;;
  *' success '*) NXA_VALUE=success ;;
  *) NXA_VALUE=skipped ;;
  esac
}

# nxa_group_export JOBS NAME: NXA_VALUE = what they exported, where all that ran agree.
nxa_group_export() {
  local nxa_job nxa_line nxa_found='' nxa_mine
  NXA_VALUE=''
  for nxa_job in $1; do
    case ${NXA_RESULT[nxa_job]-skipped} in skipped) continue ;; esac
    nxa_mine=''
    if [ -e "$NXA_RUN_TMP/exports.$nxa_job" ]; then
      while IFS= read -r nxa_line; do
        [ "${nxa_line%%=*}" != "$2" ] || nxa_mine=${nxa_line#*=}
      done <"$NXA_RUN_TMP/exports.$nxa_job"
    fi
    if [ -n "$nxa_found" ] && [ "$nxa_mine" != "$NXA_VALUE" ]; then
      NXA_VALUE=''
      return 0
    fi
    nxa_found=1
    NXA_VALUE=$nxa_mine
  done
  nxa_decode "$NXA_VALUE"
  NXA_VALUE=$NXA_DECODED
}
