load helper

@test "where runs are kept" {
  in_each_bash core/main.sh <<'END'
home() { NXA_TEMPORARY=/t && nxa_home && is "$NXA_HOME" "$1"; }
HOME='/my home'
home '/my home/.cache/nixactions'
XDG_CACHE_HOME=/cache
home /cache/nixactions
NIXACTIONS_HOME=relative
home "$PWD/relative"
NIXACTIONS_HOME=/else
home /else
unset NIXACTIONS_HOME XDG_CACHE_HOME HOME
home "/t/nixactions-home-$(id -u)"
HOME='' NIXACTIONS_HOME='' XDG_CACHE_HOME=''
home "/t/nixactions-home-$(id -u)"
END
}

@test "the caller's locale comes back for users' code" {
  in_each_bash core/main.sh <<'END'
export LC_ALL=C.UTF-8
nxa_keep_locale
is "$(env | grep ^LC_ALL)" LC_ALL=C
nxa_restore_locale
is "$(env | grep ^LC_ALL)" LC_ALL=C.UTF-8
unset LC_ALL
nxa_keep_locale
is "$LC_ALL" C
nxa_restore_locale
is "$(sh -c 'echo "${LC_ALL-unset}"')" unset
END
}
