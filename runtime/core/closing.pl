# Usage: Pretty::workflow_end, the handler of the run's last event
# The end of the format for people: the last lines of failed steps, a table of the jobs, the sum. It shares the names of
# core/pretty.pl, with which it makes one file.

sub workflow_end {
    my ($job, $text, $field, $now) = @_;
    $ended = 1;
    return Groups::rest($now) . tails() . table() . summary($field);
}

sub tails {
    my $text = "";
    for my $job (@jobs) {
        $text .= tail($job, $_) for @{$job->{failed}};
    }
    return $text;
}

sub tail {
    my ($job, $failed) = @_;
    my $lines = $failed->{lines};
    my $head = "  " . sign("output") . " ";
    $lines =~ s/^/$head/mg if length $lines;
    my $what = length $lines ? "; its last lines:" : "; it printed nothing";
    return "\n" . sign($failed->{status}) . " " . paint("1", flat("$job->{name} / $failed->{step}")) . flat(": $failed->{how}$what") . "\n$lines";
}

sub table {
    my $text = "\n";
    for my $job (@jobs) {
        # One that the end of the run overtook.
        my $kind = $job->{kind} || "cancelled";
        my $took = defined $job->{took} && length $job->{took} ? span($job->{took}) : "";
        my $row = sprintf "%s %s  %s  %7s", sign($kind), aligned($job), paint($look{$kind}[2], sprintf "%-9s", $look{$kind}[3]), $took;
        $row .= "  " . flat($job->{reason}) if defined $job->{reason};
        $row =~ s/ +\z//;
        $text .= "$row\n";
    }
    return $text;
}

my @order = qw(failure timeout tolerated cancelled skipped kept success);

sub summary {
    my ($field) = @_;
    my %count;
    $count{$_->{kind} || "cancelled"}++ for @jobs;
    my $status = $field->{status};
    my $word = {success => "succeeded", failure => "failed", timeout => "timed out", cancelled => "was cancelled"}->{$status};
    my @counts = map { "$count{$_} " . ($_ eq "success" ? "succeeded" : $look{$_}[3]) } grep { $count{$_} } @order;
    return "\n" . sign($status) . " " . paint("1", flat($workflow) . " $word") . " in " . span($field->{duration_ms}) . ": " . join(", ", @counts) . "\n";
}
