# Usage: Block::start FRONT SIGNS; Block::frame OUTPUT NOW before each write; Block::ticks
# The live status block at the bottom of a terminal. It is drawn below all output, and the cursor is left at its beginning: so
# whoever comes next, we or the shell that takes over, removes it by erasing what is below the cursor, whatever became of the
# lines when the window changed its size. The cursor is never hidden.
package Block;
use strict;

my ($live, $front, $signs, $drawn, $size) = ("", 0, "", "", "");

# Requests for the size of a window and the group in the foreground: asm-generic/ioctls.h; sys/ttycom.h of the BSDs and macOS.
my ($get_size, $get_group) = $^O eq "linux" ? (0x5413, 0x540f) : (0x40087468, 0x40047477);

sub start {
    ($front, $signs) = @_;
    $live = window();
    # We are no part of the foreground; `stty tostop` would stop us.
    $SIG{TTOU} = "IGNORE" if $live;
}

# Rows and columns. Without a terminal that tells them there is no block.
sub window {
    my $answer = "\0" x 8;
    return unless ioctl STDOUT, $get_size, $answer;
    my ($rows, $columns) = unpack "S2", $answer;
    return [$rows || 24, $columns || 80];
}

# Has the script the terminal? Not while it is stopped, or in the background: then a shell writes there.
sub in_front {
    my $answer = "\0" x 4;
    return 1 unless ioctl STDOUT, $get_group, $answer;
    return getpgrp($front) == unpack "i", $answer;
}

# Must somebody look at the clock?
sub ticks { $live && !$Pretty::ended ? 1 : undef }

# No block any more.
sub over {
    $live = "";
    return lift();
}

# The block is out of the way of what is written without a frame.
sub lift {
    my $was = $drawn;
    $drawn = "";
    return length $was ? "\r\e[J" : "";
}

# OUTPUT with the block removed before and drawn after it: one write. Without output, what changed in the block, in place.
sub frame {
    my ($output, $now) = @_;
    return $output unless $live && defined $Pretty::began;
    return over() . $output if $Pretty::ended;
    unless (in_front()) {
        $drawn = "";
        return $output;
    }
    my $block = draw(window() || $live, $now);
    return "" if $block eq $drawn && !length $output;
    my $erase = length $output && length $drawn ? "\r\e[J" : "";
    $drawn = $block;
    return $erase . $output . $block;
}

# Each line cut, so that none is wrapped; nor is one that was cut for a window that has become narrower meanwhile, since the
# terminal wraps nothing (DECAWM) while the block is drawn: else the cursor would be left in the midst of it.
sub draw {
    my ($window, $now) = @_;
    my ($rows, $columns) = @$window;
    my @lines = map { fit($columns - 1, @$_) } lines($rows, $now);
    my $up = @lines > 1 ? "\e[" . (@lines - 1) . "A" : "";
    # Less flickers where old text is written over than where it is erased first.
    return "\r\e[?7l" . join("\e[K\n", @lines) . "\e[J\r$up\e[?7h";
}

# The block takes less than half of the window: of many jobs those that run for longest.
sub lines {
    my ($rows, $now) = @_;
    my @running = sort { $a->{since} <=> $b->{since} } grep { ($_->{state} || "") eq "running" } @Pretty::jobs;
    my $room = int($rows / 2) - 2;
    $room = 0 if $room < 0;
    my $more = @running > $room ? @running - ($room ? $room - 1 : 0) : 0;
    my @shown = $more ? @running[0 .. @running - $more - 1] : @running;
    my @lines = (summary(scalar @running, $now), map { job_line($_, $now) } @shown);
    push @lines, ["", "  and $more more"] if $more && $room;
    return @lines;
}

sub summary {
    my ($running, $now) = @_;
    my $all = @Pretty::jobs;
    my @ended = grep { ($_->{state} || "") eq "ended" } @Pretty::jobs;
    my $failed = grep { $_->{kind} eq "failure" || $_->{kind} eq "timeout" } @ended;
    my $waiting = $all - $running - @ended;
    my $text = sprintf ": %d of %d done", scalar @ended, $all;
    my @rest = ("", ", $running running");
    push @rest, "", ", $waiting waiting" if $waiting;
    return ["1", Pretty::flat($Pretty::workflow), "", $text, $failed ? ("1;31", ", $failed failed") : (), @rest, "", "  " . short($now - $Pretty::began)];
}

sub job_line {
    my ($job, $now) = @_;
    my $time = short($now - $job->{since});
    my @line = ("", "  ", $job->{paint}, Pretty::aligned($job), "", "  $time");
    return [@line] unless length $job->{step};
    my $step_time = short($now - $job->{step_since});
    $step_time = $step_time eq $time ? "" : "  $step_time";
    return [@line, "", "  $job->{step}$job->{attempt}$step_time"];
}

# Whole seconds; as Pretty::span above a minute.
sub short { $_[0] < 60000 ? int($_[0] / 1000) . "s" : Pretty::span($_[0]) }

# Colours and texts as one line of at most COLUMNS.
sub fit {
    my ($columns, @parts) = @_;
    my $line = "";
    while (my ($colour, $text) = splice @parts, 0, 2) {
        my ($cut, $used) = cut($text, $columns);
        $line .= length $colour ? Pretty::paint($colour, $cut) : $cut;
        last if length $cut < length $text;
        $columns -= $used;
    }
    return $line;
}

# As much of the text as fits, and how many columns that takes.
sub cut {
    my ($text, $columns) = @_;
    if (!$signs || $text !~ /[\x80-\xff]/) {
        my $cut = substr $text, 0, $columns > 0 ? $columns : 0;
        return ($cut, length $cut);
    }
    my ($cut, $used) = ("", 0);
    utf8::decode(my $characters = $text);
    for my $character (split //, $characters) {
        my $wide = columns(ord $character);
        last if $used + $wide > $columns;
        $cut .= $character;
        $used += $wide;
    }
    utf8::encode($cut);
    return ($cut, $used);
}

# First and last of ranges, after Unicode's EastAsianWidth.txt and the categories Mn, Me and Cf, without what is rare.
my @none = (0x300, 0x36f, 0x483, 0x489, 0x591, 0x5bd, 0x610, 0x61a, 0x64b, 0x65f, 0xe31, 0xe31, 0xe34, 0xe3a, 0xe47, 0xe4e,
    0x200b, 0x200f, 0x202a, 0x202e, 0x2060, 0x2064, 0x20d0, 0x20f0, 0xfe00, 0xfe0f, 0xfe20, 0xfe2f, 0xfeff, 0xfeff, 0xe0100, 0xe01ef);
my @two = (0x1100, 0x115f, 0x231a, 0x231b, 0x23e9, 0x23ec, 0x25fd, 0x25fe, 0x2614, 0x2615, 0x26a1, 0x26a1, 0x2705, 0x2705,
    0x274c, 0x274c, 0x2b50, 0x2b50, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f,
    0xff01, 0xff60, 0xffe0, 0xffe6, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f64f, 0x1f680, 0x1f6fc,
    0x1f7e0, 0x1f7eb, 0x1f90c, 0x1faff, 0x20000, 0x3fffd);

sub columns {
    my ($code) = @_;
    return 1 if $code < 0x300;
    return within($code, \@none) ? 0 : within($code, \@two) ? 2 : 1;
}

sub within {
    my ($code, $ranges) = @_;
    for (my $i = 0; $i < @$ranges; $i += 2) {
        return 0 if $code < $ranges->[$i];
        return 1 if $code <= $ranges->[$i + 1];
    }
    return 0;
}
