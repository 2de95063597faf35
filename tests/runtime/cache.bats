load helper

# Bodies put this first: a home, a repository, and a job whose cache is looked at.
home='
NXA_HOME="$PWD/ho me" NXA_REPOSITORY=$PWD/repo NXA_RUN_TMP=$PWD/tmp NXA_JOB=0 NXA_CACHE_KEY=k NXA_CACHE_DIR=k.1-ab WORKFLOW_ID=w-20260101T000000-1-2
mkdir -p repo tmp "$NXA_HOME/cache/k.1-ab"
# entry NAME KILOBYTES: an entry of the cache, last used after all before it.
used=100
entry() {
  used=$((used + 1))
  mkdir -p "$NXA_HOME/cache/$1"
  : >"$NXA_HOME/cache/$1/used"
  touch -t "20260101$(printf %04d $((used - 100)))" "$NXA_HOME/cache/$1/used"
  dd if=/dev/zero of="$NXA_HOME/cache/$1/0.tar" bs=1024 count="$2" 2>/dev/null
}
kept() { (cd "$NXA_HOME/cache" && echo */*.*.*); }
'

@test "the cache is kept below its limit: what was replaced goes, then what was not used for longest" {
  in_each_userland core/cache.sh <<END
$home
$(cat <<'BODY'
entry k.1-ab/001.aa.r-0 100
entry k.1-ab/002.bb.r-0 600
entry other-cd/009.aa.r-0 600
entry k.1-ab/003.aa.r-0 600
NIXACTIONS_CACHE_MB=5 nxa_cache_prune
is "$(kept)" 'k.1-ab/002.bb.r-0 k.1-ab/003.aa.r-0 other-cd/009.aa.r-0'
# A use makes it the last to go.
: >"$NXA_HOME/cache/k.1-ab/002.bb.r-0/used"
NIXACTIONS_CACHE_MB=1 nxa_cache_prune
is "$(kept)" 'k.1-ab/002.bb.r-0'
NIXACTIONS_CACHE_MB=0 nxa_cache_prune
is "$(kept)" '*/*.*.*'
holds nxa_cache_prune
BODY
)
END
}

@test "a limit that is no number, and what killed runs have staged" {
  in_each_userland core/cache.sh <<END
$home
$(cat <<'BODY'
entry k.1-ab/001.aa.r-0 1
for limit in '' x -1 1e3 99999999999999999999 '0x1' '1 2'; do
  is "$(NIXACTIONS_CACHE_MB=$limit nxa_cache_prune 2>&1)" "NIXACTIONS_CACHE_MB=$limit is no number of megabytes: 5000 is taken"
done
is "$(NIXACTIONS_CACHE_MB=08 nxa_cache_prune 2>&1)" ''
is "$(kept)" 'k.1-ab/001.aa.r-0'
mkdir -p "$NXA_HOME/cache/.staging/old.0" "$NXA_HOME/cache/.staging/new.0" "$NXA_HOME/cache/.staging/$WORKFLOW_ID.3"
touch -t 202601010000 "$NXA_HOME/cache/.staging/old.0"
# What is a second old is new, to every find.
sleep 1.1
nxa_cache_end
is "$(ls "$NXA_HOME/cache/.staging")" new.0
BODY
)
END
}

@test "the newest of a key is found by number, and a new one is newer whatever the clock says" {
  in_each_bash core/cache.sh <<END
$home
$(cat <<'BODY'
is "$(nxa_cache_newest '*')" ''
nxa_clock() { NXA_NOW=7; }
nxa_cache_name aa
is "${nxa_entry##*/}" 000000000000007.aa.000000-1-2-0
entry k.1-ab/000000000000089.aa.r-0 1
entry k.1-ab/000000000000100.bb.r-0 1
is "$(nxa_cache_newest aa)" "$NXA_HOME/cache/k.1-ab/000000000000089.aa.r-0"
is "$(nxa_cache_newest '*')" "$NXA_HOME/cache/k.1-ab/000000000000100.bb.r-0"
is "$(nxa_cache_newest cc)" ''
nxa_cache_name aa
is "${nxa_entry##*/}" 000000000000101.aa.000000-1-2-0
BODY
)
END
}

@test "the hash of key files: names, contents, what is missing; the same by each tool alone" {
  in_each_userland core/cache.sh <<END
$home
$(cat <<'BODY'
is "$(nxa_cache_hash)" none
echo 1 >repo/a.lock && echo 2 >repo/-b && mkdir repo/sub && echo 3 >'repo/sub/c [d].lock'
NXA_CACHE_FILES=('*.lock' -b 'sub/c [d].lock' 'none*')
before=$(nxa_cache_hash)
is "${#before}" 64
is "$(nxa_cache_hash)" "$before"
mv repo/a.lock repo/b.lock
holds [ "$(nxa_cache_hash)" != "$before" ]
mv repo/b.lock repo/a.lock
is "$(nxa_cache_hash)" "$before"
touch repo/none1
holds [ "$(nxa_cache_hash)" != "$before" ]
NXA_CACHE_FILES=(sub)
try nxa_cache_hash
is "$status $said" '1 the key file ./sub is a directory'
BODY
)
END
}
