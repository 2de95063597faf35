# Usage: perl -e … MARK FILE OFFSET [PID]; started by ssh/session.sh
# Hands standard input on from one line MARK to the next, which may follow a line that was not ended: status 0. Where the input
# ends between them, the status is 1, and FILE has the number of bytes handed on, counted from OFFSET; where it ends before
# the first, the status is 2. What comes before the first is what rc files print. At the first, PID is sent SIGUSR1. No modules:
# each costs more to load than most jobs print. So does `strict`, which the tests see to.

my ($mark, $file, $count, $pid) = @ARGV;
my ($buffer, $data, $begun) = ("", "", 0);
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

# True once the first mark has come; what is no beginning of it is dropped.
sub begin {
    $begun = $buffer =~ s/^(?:.*?\n)??\Q$mark\E//s;
    kill USR1 => $pid if $begun && length $pid;
    $buffer =~ s/^.*\n//s unless $begun;
    return $begun;
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
    $begun or begin() or next;
    my $at = index $buffer, $mark;
    if ($at >= 0) {
        put(substr $buffer, 0, $at);
        exit 0;
    }
    put(substr $buffer, 0, length($buffer) - doubtful(), "");
}
exit 2 unless $begun;
put($buffer);
open my $out, ">", $file or die "$file: $!\n";
print $out "$count\n";
close $out or die "$file: $!\n";
exit 1;
