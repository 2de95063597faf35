# Usage: Groups::enter JOB TITLE NOW, Groups::place JOB TEXT, Groups::leave JOB LINE NOW NOTE; Groups::note LEVEL TITLE MESSAGE
# Steps as groups in the logs of GitHub Actions and GitLab CI. A log has one group at a time: the job that opened it writes as
# things happen, what others say is held until its step has ended. One that has held much is heard out in between, so that the
# memory is bounded. Without such a service texts go on as they are.
package Groups;
use strict;

my ($floor, $number, $held_most) = (undef, 0, 1 << 20);
# Jobs with something held, in the order in which they came.
my @waiting;

# The marks of a group. GitLab finds the end of a section by its name.
sub begin_mark {
    my ($job, $title, $now) = @_;
    @$job{"group", "title"} = (++$number, $title);
    return "::group::$title\n" if $Pretty::service eq "github";
    return sprintf "\e[0Ksection_start:%d:nixc_%d[collapsed=true]\r\e[0K%s\n", $now / 1000, $number, $title;
}

sub end_mark {
    my ($job, $now) = @_;
    my $group = delete $job->{group};
    return "::endgroup::\n" if $Pretty::service eq "github";
    return sprintf "\e[0Ksection_end:%d:nixc_%d\r\e[0K\n", $now / 1000, $group;
}

# An annotation, where the service has them.
sub note {
    my ($level, $title, $message) = @_;
    return "" unless $Pretty::service eq "github";
    return "::$level title=" . property($title) . "::" . data($message) . "\n";
}

# As the runner's toolkit escapes them.
sub data {
    my ($text) = @_;
    $text =~ s/([%\r\n])/sprintf "%%%02X", ord $1/ge;
    return $text;
}

sub property {
    my ($text) = @_;
    $text =~ s/([%\r\n:,])/sprintf "%%%02X", ord $1/ge;
    return $text;
}

# A step begins.
sub enter {
    my ($job, $title, $now) = @_;
    $floor = $job unless $floor;
    return place($job, begin_mark($job, $title, $now), $now);
}

# TEXT now, or held until the job may speak.
sub place {
    my ($job, $text, $now) = @_;
    return $text if !$Pretty::service || !$job || !$floor || $floor == $job;
    push @waiting, $job unless defined $job->{held};
    $job->{held} .= $text;
    return length $job->{held} > $held_most ? hear_out($job) : "";
}

# A step ended: LINE is the last of its group, NOTE stands below it.
sub leave {
    my ($job, $line, $now, $note) = @_;
    my $text = place($job, $line . end_mark($job, $now) . $note);
    return $floor && $floor == $job ? $text . pass_on() : $text;
}

# A job ended, whose runner may have died in the middle of a step.
sub abandon {
    my ($job, $now) = @_;
    return defined $job->{group} ? Groups::leave($job, "", $now, "") : "";
}

# Who waited speaks now, up to one whose step goes on: that one keeps the floor.
sub pass_on {
    my $text = "";
    $floor = undef;
    while (!$floor && @waiting) {
        my $job = shift @waiting;
        $text .= delete $job->{held};
        $floor = $job if defined $job->{group};
    }
    return $text;
}

# What a job has held comes within the group of another; both groups go on under a mark of their own.
sub hear_out {
    my ($job) = @_;
    my $now = time * 1000;
    my $text = end_mark($floor, $now) . delete $job->{held};
    @waiting = grep { $_ != $job } @waiting;
    my $open = defined $job->{group};
    $text .= end_mark($job, $now) if $open;
    $text .= begin_mark($floor, continued($floor), $now);
    place($job, begin_mark($job, continued($job), $now)) if $open;
    return $text;
}

sub continued {
    my ($job) = @_;
    my $title = $job->{title};
    return $title =~ / \(continued\)\z/ ? $title : "$title (continued)";
}

# All that is still held, at the end of the run.
sub rest {
    my ($now) = @_;
    my $text = $floor && defined $floor->{group} ? end_mark($floor, $now) : "";
    $text .= pass_on();
    while ($floor) {
        $text .= end_mark($floor, $now) . pass_on();
    }
    return $text;
}

1;
