# Usage: perl -e … MARK FILE OFFSET; started by ssh/session.sh
# Hands standard input on until a line MARK, which may follow a line that was not ended: status 0. Where the input ends before
# that, the status is 1, and FILE has the number of bytes handed on, counted from OFFSET. No modules: each costs more to load
# than most jobs print.
use strict;

my ($mark, $file, $count) = @ARGV;
my ($buffer, $data) = ("", "");
$mark .= "\n";

# All of a text, whatever the pipe takes at once. EINTR is 4 everywhere; $! by name would load a module.
sub put {
    my ($text) = @_;
    my $at = 0;
    while ($at < length $text) {
        my $n = syswrite STDOUT, $text, length($text) - $at, $at;
        exit 1 if !defined $n && $! != 4;
        $at += $n if $n;
    }
    $count += $at;
}

# How much at the end of the buffer may be the beginning of the mark.
sub doubtful {
    my $n = length $buffer < length $mark ? length $buffer : length $mark;
    $n-- while $n && substr($buffer, -$n) ne substr($mark, 0, $n);
    return $n;
}

while (1) {
    my $n = sysread STDIN, $data, 65536;
    next if !defined $n && $! == 4;
    last unless $n;
    $buffer .= $data;
    my $at = index $buffer, $mark;
    if ($at >= 0) {
        put(substr $buffer, 0, $at);
        exit 0;
    }
    put(substr $buffer, 0, length($buffer) - doubtful(), "");
}
put($buffer);
open my $out, ">", $file or die "$file: $!\n";
print $out "$count\n";
close $out or die "$file: $!\n";
exit 1;
