load helper

@test "packing: a path as written, else a glob" {
  in_each_userland core/bundle.sh <<'END'
# packed PATH: what its stream holds, sorted, one a line.
packed() { nxa_pack "$1" >../stream.tar && tar -tf ../stream.tar | sed 's,/$,,' | LC_ALL=C sort; }
mkdir -p job/out/sub job/other && cd job || exit
echo 1 >out/a.txt && echo 2 >out/b.txt && echo 3 >out/sub/c.txt && echo 4 >'out/[ab].txt' && echo 5 >out/.hidden
is "$(packed out/a.txt)" './out/a.txt'
is "$(packed 'out/[ab].txt')" './out/[ab].txt'
is "$(packed 'out/?.txt')" $'./out/a.txt\n./out/b.txt'
is "$(packed 'out/*.txt')" $'./out/[ab].txt\n./out/a.txt\n./out/b.txt'
is "$(packed 'o*/s*/')" $'./out/sub\n./out/sub/c.txt'
is "$(packed out)" "$(packed out/)"
is "$(packed out)" $'./out\n./out/.hidden\n./out/[ab].txt\n./out/a.txt\n./out/b.txt\n./out/sub\n./out/sub/c.txt'
is "$(packed .)" "$(packed '')"
fails 3 nxa_pack nothing
fails 3 nxa_pack 'out/*.zip'
fails 3 nxa_pack '$(touch hit)'
holds [ ! -e hit ]
END
}

@test "packing and unpacking: odd names, modes and links survive" {
  in_each_userland core/bundle.sh <<'END'
mkdir -p job/out to && cd job || exit
for name in 'two words' -dash '-rf' $'line\nbreak' "it's" '"quoted"' '$(touch hit)' '`touch hit`' '*' '?' 'a\b' ' ' é '#' '~' '!' '{a,b}' 'c:d' '@list' '--help'; do
  printf '%s' "$name" >"./out/$name"
  nxa_pack "out/$name" >../one.tar || miss "cannot pack $name"
  (cd ../to && nxa_unpack '' <../one.tar) || miss "cannot unpack $name"
  is "$(cat "../to/out/$name"; echo x)" "${name}x"
done
cp ./out/-dash ./-top
nxa_pack -top >../one.tar && (cd ../to && nxa_unpack '' <../one.tar)
holds [ -f ../to/-top ]
echo x >out/run && chmod 755 out/run && echo y >out/read && chmod 640 out/read
ln -s run out/link && ln -s nowhere out/dangling && mkdir out/empty
umask 077
nxa_pack out >../all.tar && (cd ../to && nxa_unpack 'below/two words/' <../all.tar)
cd '../to/below/two words/out' || miss 'not below its path'
is "$(ls -ld run read empty | cut -c1-10 | tr '\n' ' ')" 'drwxr-xr-x -rw-r----- -rwxr-xr-x '
is "$(readlink link) $(readlink dangling)" 'run nowhere'
is "$(cat link)" x
cd ../../../../job || exit
nxa_pack out/dangling >../one.tar || miss 'a dangling link is an artifact too'
nxa_pack 'out/*ngling' >../one.tar || miss 'and by glob'
holds [ ! -e hit ]
END
}

@test "packing: what leads out of the directory is refused" {
  in_each_bash core/bundle.sh <<'END'
mkdir -p job/real outside/sub && echo secret >outside/sub/file && echo fine >job/real/file
cd job || exit
ln -s ../outside out && ln -s real inner && ln -s ../outside/sub/file leaf && ln -s . self
for path in out/sub out/sub/file 'out/*' 'o*/sub/file' self/out/sub ../outside '../outs*' real/../../outside; do
  try nxa_pack "$path"
  is "$status" 4
  has "$said" "leads out of the job's directory"
done
holds nxa_pack inner/file >/dev/null
holds nxa_pack self/real >/dev/null
holds nxa_pack real/../real/file >/dev/null
nxa_pack leaf >../leaf.tar
is "$(tar -tvf ../leaf.tar | sed 's/.* \.\//.\//')" './leaf -> ../outside/sub/file'
END
}

@test "unpacking: nothing is made or written behind a link that leads out" {
  in_each_bash core/bundle.sh <<'END'
mkdir -p job outside from/x && echo 1 >from/x/file
(cd from && nxa_pack x) >x.tar
cd job || exit
ln -s ../outside out && mkdir real && ln -s real inner
try nxa_unpack out/sub <../x.tar
holds [ "$status" != 0 ]
is "$(ls -A ../outside)" ''
try nxa_unpack out <../x.tar
holds [ "$status" != 0 ]
is "$(ls -A ../outside)" ''
try nxa_unpack ../outside <../x.tar
holds [ "$status" != 0 ]
is "$(ls -A ../outside)" ''
(nxa_unpack inner/sub <../x.tar) && holds [ -f real/sub/x/file ]
(nxa_unpack -p/-q <../x.tar) && holds [ -f ./-p/-q/x/file ]
echo file >plain
try nxa_unpack plain <../x.tar
holds [ "$status" != 0 ]
printf 'not a tar stream' >../broken.tar
try nxa_unpack real <../broken.tar
holds [ "$status" != 0 ]
END
}

@test "unpacking: members that are absolute, hold .. or pass through a link write nothing outside" {
  command -v python3 >/dev/null || without ' python3'
  python3 - "$BATS_TEST_TMPDIR" <<'END'
import io, sys, tarfile
to = sys.argv[1]
def stream(name, *members):
    with tarfile.open(f"{to}/{name}.tar", "w") as tar:
        for path, target in members:
            member = tarfile.TarInfo(path)
            member.size = 0 if target else 4
            if target:
                member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member, io.BytesIO(b"evil"))
stream("absolute", (f"{to}/outside/evil", ""))
stream("dots", ("./fine/../../../outside/evil", ""))
stream("link", ("./out", f"{to}/outside"), ("./out/evil", ""))
stream("dotlink", ("./out", "../../outside"), ("./out/evil", ""))
END
  in_each_userland core/bundle.sh <<'END'
mkdir ../outside 2>/dev/null
for name in absolute dots link dotlink; do
  mkdir -p "job-$name"
  (cd "job-$name" && nxa_unpack '' <"../../$name.tar") >/dev/null 2>&1
  is "$name: $(ls -A ../outside)" "$name: "
done
END
}

@test "the copy of a repository: everything, with modes, links and odd names" {
  in_each_userland core/bundle.sh <<'END'
NXA_REPOSITORY=$PWD/repo NXA_WORKSPACE_ROOT=$PWD/elsewhere NXA_HOME=$PWD/home
mkdir -p repo/.git/objects 'repo/two words' copy $'repo/-d\nx' && cd repo || exit
echo ref >.git/HEAD && echo h >.hidden && echo t >..twodots && echo n >$'line\nbreak' && echo d >-dash && echo s >'*'
echo w >'two words/$(touch hit)' && echo x >run && chmod 755 run && ln -s run link && ln -s /nowhere dangling && ln -s . self
cd .. && nxa_copy_repository "$PWD/copy" || miss 'not copied'
is "$(cd copy && find . | LC_ALL=C sort)" "$(cd repo && find . | LC_ALL=C sort)"
is "$(readlink copy/link) $(readlink copy/dangling) $(readlink copy/self)" 'run /nowhere .'
holds [ -x copy/run ]
is "$(ls -ld copy | cut -c1-10)" drwx------
is "$(cat copy/.git/HEAD copy/..twodots copy/-dash 'copy/*')" $'ref\nt\nd\ns'
holds [ ! -e hit ]
END
}

@test "the copy of a repository leaves out the workspace and the home inside it" {
  in_each_userland core/bundle.sh <<'END'
NXA_REPOSITORY=$PWD/re\[p\]o NXA_WORKSPACE_ROOT=$NXA_REPOSITORY/tmp/a\ b/nixactions NXA_HOME=$NXA_REPOSITORY/.cache/nixactions
mkdir -p "$NXA_WORKSPACE_ROOT/run/jobs/j" "$NXA_HOME/runs" "$NXA_REPOSITORY"/{src,.cache/other,tmp/nixactions-not,empty}
touch "$NXA_REPOSITORY"/{file,.dot,..dots,-dash,src/x,.cache/other/y,tmp/z,'tmp/a b/kept',tmp/nixactions-not/k} "$NXA_WORKSPACE_ROOT/run/big" "$NXA_HOME/log"
ln -s /nowhere "$NXA_REPOSITORY/tmp/dangling"
nxa_copy_repository "$NXA_WORKSPACE_ROOT/run/jobs/j" || miss 'not copied'
cd "$NXA_WORKSPACE_ROOT/run/jobs/j" || exit
is "$(find . ! -type d | LC_ALL=C sort | tr '\n' ' ')" './-dash ./..dots ./.cache/other/y ./.dot ./file ./src/x ./tmp/a b/kept ./tmp/dangling ./tmp/nixactions-not/k ./tmp/z '
holds [ -d empty ]
holds [ ! -e 'tmp/a b/nixactions' ]
holds [ ! -e .cache/nixactions ]
END
}

@test "the copy leaves them out however their paths are spelt" {
  in_each_bash core/bundle.sh <<'END'
mkdir -p repo/tmp/nixactions/run/jobs/j repo/.home repo/src && ln -s repo linked && touch repo/src/x repo/tmp/nixactions/run/big repo/.home/log
# through a link, with an empty part, by a way back
for spelt in "$PWD/linked|$PWD/repo/tmp|$PWD/repo" "$PWD/repo|$PWD/linked/tmp|$PWD/linked" "$PWD/repo|$PWD/repo//tmp|$PWD//repo" "$PWD/repo|$PWD/repo/src/../tmp|$PWD/./repo"; do
  IFS='|' read -r NXA_REPOSITORY temporary around <<<"$spelt"
  NXA_WORKSPACE_ROOT=$temporary/nixactions NXA_HOME=$around/.home
  before=$PWD
  nxa_copy_repository "$PWD/repo/tmp/nixactions/run/jobs/j" || miss "not copied: $spelt"
  is "$PWD" "$before"
  is "$(cd repo/tmp/nixactions/run/jobs/j && find . ! -type d)" ./src/x
  rm -rf repo/tmp/nixactions/run/jobs/j/*
done
END
}

@test "directories by hundreds, and their end" {
  in_each_bash core/bundle.sh <<'END'
names=()
for ((i = 0; i < 1203; i++)); do names[i]="many/d $i/-sub"; done
holds nxa_make_directories "${names[@]}"
is "$(ls many | wc -l | tr -d ' ')" 1203
holds [ -d 'many/d 1202/-sub' ]
holds nxa_make_directories
touch blocked
try nxa_make_directories fine blocked/x
is "$status" 1
mkdir -p many/locked/deep && chmod 0500 many/locked
holds nxa_remove many
holds [ ! -e many ]
holds nxa_remove many
END
}

@test "the bundle: each action's text, byte for byte" {
  in_each_bash core/bundle.sh <<'END'
NXA_EXECUTOR_ACTIONS=('0 2' '') NXA_ACTION_DIR=(a-1 b-2 c-3)
NXA_ACTION_TEXT=($'echo "$(date)"\n\techo \\n %s' 'not this one' '')
mkdir -p bundle/a-1 bundle/c-3
holds nxa_write_bundle 0 bundle
is "$(cat bundle/a-1/run)" $'echo "$(date)"\n\techo \\n %s'
is "$(cat bundle/c-3/run)" ''
holds [ ! -e bundle/b-2 ]
holds nxa_write_bundle 1 bundle
try nxa_write_bundle 0 nowhere
is "$status" 1
END
}

@test "a copy without what .nxaignore names, by every awk, find and tar" {
  in_each_userland core/bundle.sh <<'END'
NXA_REPOSITORY=$PWD/repo NXA_WORKSPACE_ROOT=$PWD/repo/tmp/nixactions NXA_HOME=$PWD/home NXA_RUN_TMP=$PWD NXA_JOB=0
mkdir -p repo/a/b repo/c/out repo/whole/deep repo/tmp/nixactions/run copy && cd repo || exit
touch a/b/x.o a/b/-dash c/out/y whole/deep/z $'whole/line\nbreak.o' $'whole/line\nbreak' 'a/back\slash' tmp/nixactions/run/big
printf '*.o\nout/\n' >.nxaignore
chmod 750 a/b
cd .. && nxa_copy_repository "$PWD/copy" || miss 'not copied'
is "$(cd copy && find . | LC_ALL=C sort | tr '\n' ' ')" '. ./.nxaignore ./a ./a/b ./a/b/-dash ./a/back\slash ./c ./tmp ./whole ./whole/deep ./whole/deep/z ./whole/line break '
is "$(ls -ld copy/a/b | cut -c1-10)" drwxr-x---
END
}
