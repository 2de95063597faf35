# Usage: perl -e …; started by core/relay.sh, with NXA_TOKEN and NXA_HEAD in its environment
# What nxa_relay does in bash: hands the stream of a member of a group on into the job's, each line as a record, written whole.
# No modules: each costs more to load than most steps print.
use strict;

my ($token, $head) = @ENV{"NXA_TOKEN", "NXA_HEAD"};
my ($buffer, $data) = ("", "");
open my $turn, "+<&=8" or die "descriptor 8: $!\n";
open my $through, "<&=9" or die "descriptor 9: $!\n";
$SIG{PIPE} = "IGNORE";

# All of a text, whatever the pipe takes at once. EINTR is 4 everywhere; $! by name would load a module.
sub put {
    my ($text) = @_;
    my $at = 0;
    while ($at < length $text) {
        my $n = syswrite STDOUT, $text, length($text) - $at, $at;
        return 0 if !defined $n && $! != 4;
        $at += $n if $n;
    }
    return 1;
}

# Lines, the last of which may be open: an empty record behind it says so.
sub relay {
    my ($text) = @_;
    return unless length $text;
    $text .= "$token\n" if substr($text, -1) ne "\n";
    $text =~ s/^/$head/mg;
    1 until sysread $turn, my $byte, 1;
    my $read = put($text);
    syswrite $turn, "x";
    exit 1 unless $read;
}

while (1) {
    my $n = sysread STDIN, $data, 65536;
    next if !defined $n && $! == 4;
    last unless $n;
    $buffer .= $data;
    next if index($data, "\n") < 0;
    my $text = substr $buffer, 0, rindex($buffer, "\n") + 1, "";
    my $at = index $text, "${token}last\n";
    if ($at >= 0) {
        relay(substr $text, 0, $at, "");
        substr $text, 0, length($token) + 5, "";
        close $through;
    }
    relay($text);
}
relay($buffer);
