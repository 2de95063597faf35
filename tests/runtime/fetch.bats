load helper

# Bodies put this first: gives KIND TEXT LINES = what is understood of an answer; refuses KIND TEXT MESSAGE.
fetch='
NXA_FETCHED=$PWD/got NXA_WORDS=(a.env)
gives() {
  printf "%s" "$2" >got.out
  holds nxa_understand "$1" >lines
  is "$(cat lines)" "$3"
}
refuses() {
  printf "%s" "$2" >got.out
  fails 1 nxa_understand "$1" >lines
  is "$NXA_ERROR" "$3"
}
'

@test "arguments travel packed" {
  in_each_bash core/fetch.sh <<'BODY'
unpacks() {
  nxa_unpack_words "$1"
  is "$(printf '<%s>' "${NXA_WORDS[@]}")" "$2"
}
unpacks 'one' '<one>'
unpacks '' '<>'
unpacks $'a b\037*\037\037$x' '<a b><*><><$x>'
unpacks $'a\\\\n\037b\\nc\037\\0037' $'<a\\n><b\nc><\037>'
unpacks $'path\0371\037' '<path><1><>'
BODY
}

@test "paths are below HOME or the repository, and no options" {
  in_each_bash core/fetch.sh <<'BODY'
HOME=/home/me
path() { nxa_path "$1" && is "$NXA_PATH" "$2"; }
path '~/.age/key' /home/me/.age/key
path /etc/x /etc/x
path -x ./-x
path 'a b' './a b'
path '~other/x' './~other/x'
unset HOME
path '~/x' /x
BODY
}

@test "dotenv: what is given, and where it is wrong" {
  in_each_bash core/fetch.sh <<END
$fetch
$(cat <<'BODY'
gives exec '' ''
gives age $'# x\nexport A=1\nB="two\\nlines"\n' $'A=1\nB=two\\nlines'
refuses file $'A=1\n\nsecret text\n' 'a.env:3: not NAME=value'
refuses exec 'secret text' 'line 1 of its output is not NAME=value'
refuses exec 'ATTEMPT=2' 'it sets ATTEMPT, which the runner or the shell always sets'
BODY
)
END
}

@test "sops: names, values that are no texts" {
  in_each_bash core/fetch.sh <<END
$fetch
$(cat <<'BODY'
gives sops '{}' ''
gives sops '{"A":"x","b-c":1.50,"d":true,"e":null,"f":{"g":[1, "h"]},"2":""}' $'A=x\nb_c=1.50\nd=true\nf={"g":[1,"h"]}\n_2='
refuses sops '{"a":1,"A B":2,"A_B":3}' 'two values in it would become A_B'
refuses sops '{"":1}' 'a name in it is empty'
refuses sops '[]' 'there are no names in it'
refuses sops '{"a":1' 'line 1: it is no JSON'
BODY
)
END
}

@test "vault: both versions of the engine" {
  in_each_bash core/fetch.sh <<END
$fetch
$(cat <<'BODY'
gives vault '{"data":{"data":{"A":"x"},"metadata":{"version":3}}}' 'A=x'
gives vault '{"data":{"A":"x","metadata":"m"}}' $'A=x\nmetadata=m'
gives vault '{"data":{"data":{"A":"x"},"metadata":"m"}}' $'data={"A":"x"}\nmetadata=m'
refuses vault '{"errors":[]}' 'there is no data in it'
BODY
)
END
}

@test "items: fields that have a name and a value, a login's own where no field has that name" {
  in_each_bash core/fetch.sh <<END
$fetch
$(cat <<'BODY'
gives onepassword '{"fields":[{"label":"a b","value":"1"},{"label":"none"},{"value":"2"},{"label":"","value":"3"},{"label":"é","value":"4"}]}' $'a_b=1\n__=4'
refuses onepassword '{"fields":[{"label":"a","value":"1"},{"label":"a","value":"2"}]}' 'two values in it would become a'
refuses onepassword '{}' 'there are no fields in it'
gives bitwarden '{"login":{"username":"u","password":null},"fields":[{"name":"username","value":"own"},{"name":"X","value":"1"}]}' $'username=own\nX=1'
gives bitwarden '{"login":{"username":"u","password":"p"}}' $'username=u\npassword=p'
gives bitwarden '{"notes":"x"}' ''
BODY
)
END
}
