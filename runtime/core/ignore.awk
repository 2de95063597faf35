# Usage: NXA_IGNORE=FILE NXA_OURS_1=PATH NXA_OURS_2=PATH awk -f ignore.awk <LISTING; prints what is to be copied
# FILE holds patterns as gitignore(5) has them. LISTING holds `find .//.` of directories, a line `.//`, then that of all else:
# a line begins with `.//.` or goes on with the name before. With NXA_FILES=1 it holds files alone. Printed is a letter, a blank and a path as nxa_encode writes it:
# `k` for what is kept whole, `o` for a directory of which something is left out, `i` for what is left out.
# POSIX awk, on bytes. Brackets and escapes after git's wildmatch.c.

function atom(c) {
    if (c == "\\" || c == "^") return "\\" c
    return index(".*+?(){}|[]$", c) ? "[" c "]" : c
}

function in_class(name, c) {
    if (name == "digit") return c >= "0" && c <= "9"
    if (name == "upper") return c >= "A" && c <= "Z"
    if (name == "lower") return c >= "a" && c <= "z"
    if (name == "alpha") return in_class("upper", c) || in_class("lower", c)
    if (name == "alnum") return in_class("alpha", c) || in_class("digit", c)
    if (name == "xdigit") return in_class("digit", c) || index("abcdefABCDEF", c) > 0
    if (name == "blank") return c == " " || c == "\t"
    if (name == "space") return index(" \t\n\r\f\v", c) > 0
    if (name == "cntrl") return c < " " || c == "\177"
    if (name == "print") return c >= " " && c <= "~"
    if (name == "graph") return c > " " && c <= "~"
    return in_class("graph", c) && !in_class("alnum", c)
}

# The bracket that opens before `at`, as an alternation of its members; moves `at` behind it. "" if it is none.
function bracket(glob,    negated, c, before, name, from, to, end, member, n, set) {
    c = substr(glob, at, 1)
    if (negated = c == "!" || c == "^") c = substr(glob, ++at, 1)
    for (n = 1; n < 256; n++) member[n] = 0
    before = 0
    do {
        if (c == "") return ""
        from = to = 0
        if (c == "-" && before && (end = substr(glob, at + 1, 1)) != "" && end != "]") {
            at++
            if (end == "\\") end = substr(glob, ++at, 1)
            if (end == "") return ""
            from = before
            to = code[end]
            before = 0
        } else if (c == "[" && substr(glob, at + 1, 1) == ":" && (n = index(substr(glob, at + 2), "]")) > 1 && substr(glob, at + n, 1) == ":") {
            name = substr(glob, at + 2, n - 2)
            if (!(name in classes)) return ""
            for (end = 1; end < 256; end++) if (in_class(name, byte[end])) member[end] = 1
            at += n + 1
            before = 0
        } else {
            if (c == "\\" && (c = substr(glob, ++at, 1)) == "") return ""
            from = to = before = code[c]
        }
        for (n = from; n && n <= to; n++) member[n] = 1
    } while ((c = substr(glob, ++at, 1)) != "]")
    at++
    for (n = 1; n < 256; n++) if (byte[n] != "/" && member[n] != negated) set = set "|" atom(byte[n])
    # What nothing is in matches nothing.
    return set == "" ? "//" : "(" substr(set, 2) ")"
}

# A glob as a regular expression; "" if it can match nothing.
function expression(glob,    made, c, part, start) {
    made = ""
    at = 1
    while ((c = substr(glob, at++, 1)) != "") {
        if (c == "*") {
            start = at - 1
            while (substr(glob, at, 1) == "*") at++
            if (at - start > 1 && (start == 1 || substr(glob, start - 1, 1) == "/") && (substr(glob, at, 1) == "/" || substr(glob, at) == "")) {
                made = made (substr(glob, at) == "" ? ".*" : "(.*/)?")
                if (substr(glob, at, 1) == "/") at++
            } else made = made "[^/]*"
        } else if (c == "?") made = made "[^/]"
        else if (c == "[") {
            if ((part = bracket(glob)) == "") return ""
            made = made part
        } else {
            if (c == "\\" && (c = substr(glob, at++, 1)) == "") return ""
            made = made atom(c)
        }
    }
    return "^" made "$"
}

# A line of the file becomes a pattern.
function take_pattern(line,    is_negated, is_for_directories) {
    sub(/\r$/, "", line)
    if (line ~ /^#/) return
    while (line ~ / $/ && line !~ /\\ $/) sub(/ $/, "", line)
    if (is_negated = line ~ /^!/) line = substr(line, 2)
    if (is_for_directories = line ~ /\/$/) sub(/\/$/, "", line)
    if (line == "") return
    anchored[count + 1] = index(line, "/") > 0
    sub(/^\//, "", line)
    if ((regex[count + 1] = expression(line)) == "") return
    count++
    negated[count] = is_negated
    only_directories[count] = is_for_directories
}

function parent_of(path) {
    return match(path, /\/[^\/]*$/) ? substr(path, 1, RSTART - 1) : ""
}

# Is it left out by itself? The last pattern that matches decides.
function is_ignored(path, is_directory,    n, base) {
    if (path == ours_1 || path == ours_2) return 1
    base = path
    sub(/^.*\//, "", base)
    for (n = count; n > 0; n--) {
        if (only_directories[n] && !is_directory) continue
        if ((anchored[n] ? path : base) ~ regex[n]) return !negated[n]
    }
    return 0
}

# What lies in a directory that is left out cannot come back.
function take_path(path, is_directory,    parent) {
    if (path == "") return
    if (files_alone) take_ancestors(path)
    parent = parent_of(path)
    if (parent in gone) {
        if (is_directory) gone[path]
        return
    }
    if (is_ignored(path, is_directory)) {
        if (is_directory) gone[path]
        say("i", path)
        while (!(parent in opened)) {
            opened[parent]
            parent = parent_of(parent)
        }
    } else {
        paths[++found] = path
    }
}

# The directories above a path, where the listing does not have them.
function take_ancestors(path,    at, directory) {
    for (at = 1; at < length(path); at++) {
        if (substr(path, at, 1) != "/") continue
        directory = substr(path, 1, at - 1)
        if (directory in seen) continue
        seen[directory]
        if ((parent_of(directory) in gone) || is_ignored(directory, 1)) gone[directory]
    }
}

function say(letter, path) {
    gsub(/\\/, "\\\\&", path)
    gsub(/\n/, "\\n", path)
    gsub(/\037/, "\\0037", path)
    print letter " ./" path
}

BEGIN {
    for (n = 1; n < 256; n++) code[byte[n] = sprintf("%c", n)] = n
    n = split("digit upper lower alpha alnum xdigit blank space cntrl print graph punct", names, " ")
    while (n > 0) classes[names[n--]]
    ours_1 = ENVIRON["NXA_OURS_1"]
    ours_2 = ENVIRON["NXA_OURS_2"]
    count = found = 0
    while ((getline line < ENVIRON["NXA_IGNORE"]) > 0) take_pattern(line)
    files_alone = ENVIRON["NXA_FILES"] != ""
    kind = !files_alone
}

# A name is whole when the next one begins.
/^\.\/\// {
    if (NR > 1) take_path(path, kind)
    path = substr($0, 6)
    if ($0 == ".//") {
        kind = 0
        path = ""
    }
    next
}
{ path = path "\n" $0 }

END {
    take_path(path, kind)
    for (n = 1; n <= found; n++) {
        path = paths[n]
        if (files_alone) say("k", path)
        else if (path in opened) say("o", path)
        else if ((parent_of(path) in opened)) say("k", path)
    }
    if (!files_alone && !("" in opened)) print "k ."
}
