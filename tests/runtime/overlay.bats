load helper

@test "the names of mounts as the system writes them" {
  in_each_bash core/text.sh core/overlay.sh <<'END'
for name in '/plain|/plain' '/a\040b|/a b' '/a\134b|/a\b' '/a\012b|/a'$'\n''b' '/\0111|/'$'\t''1' '/a\134040|/a\040'; do
  nxa_overlay_name "${name%%|*}"
  is "$NXA_TARGET" "${name#*|}"
done
END
}

@test "what is to be left out is no case for a mount" {
  in_each_bash core/bundle.sh <<'END'
NXA_REPOSITORY=$PWD/repo NXA_WORKSPACE_ROOT=$PWD/work NXA_HOME=$PWD/home
mkdir -p repo/inside work home to
nxa_physical_paths
touch repo/.nxaignore
try nxa_overlay_mount "$PWD/to" "$PWD/parts"
is "$status $said" '1 a mount leaves nothing out, and there is a .nxaignore'
rm repo/.nxaignore
NXA_HOME=$PWD/repo/inside
nxa_physical_paths
try nxa_overlay_mount "$PWD/to" "$PWD/parts"
is "$status $said" '1 TMPDIR or NIXACTIONS_HOME lies in the repository'
holds [ ! -e parts ]
END
}
