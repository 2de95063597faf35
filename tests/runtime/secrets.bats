load helper

# Bodies put this first: a run whose file of secrets is ./secrets.
run='
NXA_RUN_TMP=$PWD NXA_SECRETS="KEY OTHER" NXA_ENV_GIVEN=() NXA_RUN_WARNINGS=""
holds_lines() { is "$(cat secrets)" "$1"; }
'

@test "values are kept once, encoded, for us alone" {
  in_each_bash core/secrets.sh <<END
$run
$(cat <<'BODY'
umask 022
nxa_secret A 'plain text'
nxa_secret B $'three\nlines \\ of it'
nxa_secret C 'plain text'
nxa_secret D ''
nxa_secret_named KEY 'named one'
nxa_secret_named ANY 'not named'
holds_lines $'plain text\nthree\\nlines \\\\ of it\nnamed one'
case $(ls -l secrets) in -rw-------*) ;; *) miss "$(ls -l secrets)" ;; esac
is "$(umask)" 0022
is "$NXA_RUN_WARNINGS" ''
BODY
)
END
}

@test "what is too short is told once for a name" {
  in_each_bash core/secrets.sh <<END
$run
$(cat <<'BODY'
nxa_secret A abc
nxa_secret A xyz
nxa_secret B $'long enough\n\n}\n'
nxa_secret C abcd
told() { printf 'the secret %s has a value or line of less than 4 characters, which is not masked\n' "$@"; }
is "$NXA_RUN_WARNINGS" "$(told A B)$NXA_NEWLINE"
NXA_HUSHED=1
nxa_secret D x
is "$NXA_RUN_WARNINGS" "$(told A B)$NXA_NEWLINE"
BODY
)
END
}

@test "in the job runner a record tells it" {
  in_each_bash core/secrets.sh <<'BODY'
NXA_RUNNER=1 NXA_MARK='#' NXA_JOB=0 NXA_JOB_TMP=$PWD NXA_SECRETS=KEY
is "$(nxa_secret_named KEY $'a long\nvalue')" "#secret${NXA_SEPARATOR}KEY${NXA_SEPARATOR}a long\\nvalue"
has "$(nxa_secret KEY ab)" "#warning${NXA_SEPARATOR}the secret KEY"
is "$(ls)" short.KEY
BODY
}

@test "the caller's own are told, --env with a warning" {
  in_each_bash core/secrets.sh <<END
$run
$(cat <<'BODY'
export KEY='from the caller'
NXA_STEP_ENV=('nxa_x=no secret' 'OTHER=named')
NXA_ENV_GIVEN=('KEY=from the caller' 'ANY=x')
nxa_secrets_start
holds_lines $'from the caller\nnamed'
has "$NXA_RUN_WARNINGS" 'the secret KEY was given by --env'
is "${NXA_RUN_WARNINGS//[!$NXA_NEWLINE]/}" "$NXA_NEWLINE"
BODY
)
END
}

@test "known values and their lines are hidden, short ones are not" {
  in_each_bash core/secrets.sh <<END
$run
$(cat <<'BODY'
nxa_hide 'nothing known'
is "$NXA_HIDDEN" 'nothing known'
nxa_secret A 'a*b[c]'
nxa_secret B $'first line\nend\n'
nxa_hide $'a*b[c] axb[c] first line end a*b[c]'
is "$NXA_HIDDEN" '*** axb[c] *** end ***'
BODY
)
END
}
