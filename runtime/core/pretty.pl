# Usage: core/collector.pl requires it for the format pretty: Pretty::configure, then Pretty::event and Pretty::output
# Requires: core/closing.pl core/block.pl core/groups.pl
# The format for people: a line for each thing that happens, names aligned; at the end the last lines of failed steps and a table
# of the jobs. core/pretty.sh says the same where there is no perl.
package Pretty;
use strict;

my ($colour, $signs, $width);
our ($service, $workflow, $began, $ended);
# In the workflow's order; and by name.
our (@jobs, %job);

# How many last lines of a failed step are repeated, and how many bytes at most.
my ($tail_lines, $tail_bytes) = (20, 16384);

# A sign where the locale has UTF-8, one where it has not, a colour, a word.
my %look = (
    success => ["\xe2\x9c\x93", "+", "32", "success"], failure => ["\xe2\x9c\x97", "x", "1;31", "failed"],
    timeout => ["\xe2\x97\x94", "t", "35", "timed out"], tolerated => ["\xe2\x89\x88", "~", "33", "tolerated"],
    cancelled => ["\xe2\x8a\x98", "/", "34", "cancelled"], skipped => ["\xe2\x97\x8b", "-", "90", "skipped"],
    kept => ["=", "=", "36", "kept"], running => ["\xe2\x96\xb6", ">", "1", ""], retry => ["\xe2\x86\xbb", "@", "33", ""],
    output => ["\xe2\x94\x82", "|", "90", ""], told => ["\xc2\xb7", ".", "90", ""], warning => ["!", "!", "33", ""],
);
my @palette = (36, 35, 34, 33, 96, 95, 94, 93);

# LIVE, COLOUR, SIGNS: 1 or empty; SERVICE: github, gitlab or empty; FRONT: the process that the caller sees; then name and
# continueOnError of each job.
sub configure {
    ($workflow, my $live, $colour, $signs, $service, my $front, my @given) = @_;
    $width = 0;
    while (my ($job, $tolerated) = splice @given, 0, 2) {
        my $paint = $palette[@jobs % @palette];
        push @jobs, $job{$job} = {name => $job, tolerated => $tolerated, paint => $paint, tail => {}, open => 0, step => "", failed => []};
        $width = length $job if length $job > $width && length $job <= 30;
    }
    Block::start($front, $signs) if $live;
}

# --- texts -----------------------------------------------------------------------------------------

sub paint { $colour && length $_[1] ? "\e[$_[0]m$_[1]\e[0m" : $_[1] }

sub sign { paint($look{$_[0]}[2], $look{$_[0]}[$signs ? 0 : 1]) }

# A name or a reason as a part of a line.
sub flat {
    my ($text) = @_;
    $text =~ s/[\x00-\x1f\x7f]+/ /g;
    return $text;
}

# Milliseconds for people: 0.2s, 1m05s, 1h02m.
sub span {
    my ($ms) = @_;
    my $seconds = int($ms / 1000);
    return sprintf "%d.%ds", $seconds, int($ms % 1000 / 100) if $seconds < 60;
    return sprintf "%dm%02ds", int($seconds / 60), $seconds % 60 if $seconds < 3600;
    return sprintf "%dh%02dm", int($seconds / 3600), int($seconds % 3600 / 60);
}

# CSI sequences; those that a terminator ends (OSC, DCS, …); all others; what is left of them. With the eight-bit forms in UTF-8.
my $sequence = qr/(?:\e\[|\xc2\x9b)([0-?]*[ -\/]*[\@-~])|(?:\e[\]PX^_]|\xc2[\x90\x98\x9d-\x9f])[^\n]*?(?:\a|\e\\|\xc2\x9c)|\e[ -\/]*[0-~]|\e|\xc2[\x80-\x9f]/;

# Lines of output without what moves the cursor. Colours stay where there are colours, and end with their line; of a line that was
# written over by carriage returns the last state stays.
sub clean {
    my ($text) = @_;
    return $text unless $text =~ /[^\t\n\x20-\x7e]/;
    $text =~ tr/\001//d;
    $text =~ s/$sequence/colours($1)/ge;
    $text =~ s/[\x00\x02-\x08\x0b\x0c\x0e-\x1f\x7f]//g;
    $text =~ s/\r+$//mg;
    $text =~ s/^[^\n]*\r//mg;
    return $text if index($text, "\001") < 0;
    $text =~ s/^([^\n]*\001[^\n]*)$/$1\e[0m/mg;
    $text =~ tr/\001/\033/;
    return $text;
}

# What is kept of a sequence: U+0001 stands for the escape until all others are dropped.
sub colours {
    my ($csi) = @_;
    return $colour && defined $csi && $csi =~ /^[0-9;:]*m\z/ ? "\001[$csi" : "";
}

# What stands before a line: the job, unless it is about the run, or the title of a group says it.
sub head {
    my ($job, $kind) = @_;
    return sign($kind) . " " unless $job && !defined $job->{group};
    return paint($job->{paint}, aligned($job)) . " " . sign($kind) . " ";
}

sub aligned { sprintf "%-${width}s", $_[0]{name} }

sub line { head($_[0], $_[1]) . flat($_[2]) . "\n" }

# --- what happens ------------------------------------------------------------------------------------

my %handler = (workflow_start => \&workflow_start, workflow_end => \&workflow_end, job_start => \&job_start, job_end => \&job_end,
    step_start => \&step_start, step_retry => \&step_retry, step_end => \&step_end, warning => \&warning,
    executor_setup => \&executor, executor_cleanup => \&executor);

# One event as text, perhaps none. FIELD is a hash of what programs read.
sub event {
    my ($about, $event, $text, $field, $now) = @_;
    my $job = length $about->{job} ? $job{$about->{job}} : undef;
    return $handler{$event}->($job, $text, $field, $now, $about->{step}) if $handler{$event};
    return Groups::place($job, line($job, "told", $text));
}

# Lines that a step printed.
sub output {
    my ($about, $lines) = @_;
    my $job = $job{$about->{job}};
    my $text = clean($lines);
    my $tail = \$job->{tail}{defined $about->{step} ? $about->{step} : ""};
    $$tail = last_lines((defined $$tail ? $$tail : "") . $text);
    return Groups::place($job, $text) if defined $job->{group};
    my $head = head($job, "output");
    $text =~ s/^/$head/mg;
    return Groups::place($job, $text);
}

# No more of TEXT than is repeated.
sub last_lines {
    my ($text) = @_;
    substr $text, 0, -$tail_bytes, "" if length $text > $tail_bytes;
    my $at = length $text;
    for (0 .. $tail_lines) {
        return $text if $at <= 0;
        $at = rindex $text, "\n", $at - 1;
        return $text if $at < 0;
    }
    return substr $text, $at + 1;
}

sub workflow_start {
    my ($job, $text, $field, $now) = @_;
    $began = $now;
    return paint("1", flat($workflow)) . ": " . count(scalar @jobs, "job") . "\n";
}

sub count { "$_[0] $_[1]" . ($_[0] == 1 ? "" : "s") }

sub job_start {
    my ($job, $text, $field, $now) = @_;
    @$job{"state", "since"} = ("running", $now);
    return "";
}

sub executor {
    my ($job, $text, $field) = @_;
    return $field->{status} eq "failure" ? line($job, "warning", $text) : "";
}

sub warning {
    my ($job, $text, $field) = @_;
    return Groups::place($job, line($job, "warning", $text) . Groups::note("warning", $job ? $job->{name} : $workflow, $field->{message}));
}

sub step_start {
    my ($job, $text, $field, $now, $step) = @_;
    my $of = $field->{attempt} > 1 ? " (attempt $field->{attempt}/$field->{max_attempts})" : "";
    $job->{step_since} = $now if $field->{attempt} == 1;
    @$job{"step", "attempt"} = (flat($step), $of);
    delete $job->{tail}{$step};
    # Steps at the same time are one group.
    return Groups::enter($job, "$job->{name} / $job->{step}", $now) if $field->{attempt} == 1 && !$job->{open}++ && $service;
    return Groups::place($job, line($job, "running", $step . $of));
}

sub step_retry {
    my ($job, $text, $field, $now, $step) = @_;
    $job->{attempt} = " (attempt $field->{attempt}/$field->{max_attempts} failed)";
    return Groups::place($job, line($job, "retry", "$step: " . lcfirst $text));
}

sub step_end {
    my ($job, $text, $field, $now, $step) = @_;
    my $status = $field->{status};
    my $how = how($field, $text);
    my $line = line($job, $status, $step . ($status eq "success" ? " " : ": ") . $how);
    my $bad = $status eq "failure" || $status eq "timeout";
    my $lines = delete $job->{tail}{$step};
    push @{$job->{failed}}, {step => $step, how => $how, status => $status, lines => defined $lines ? $lines : ""} if $bad;
    $job->{open}-- if defined $field->{attempt};
    $job->{step} = "" unless $job->{open};
    my $note = $bad ? Groups::note($job->{tolerated} ? "warning" : "error", "$job->{name} / $step", $how) : "";
    return Groups::place($job, $line . $note) if $job->{open} || !defined $job->{group};
    return Groups::leave($job, $line, $now, $note);
}

# How a step or a job ended, in brackets where it was good.
sub how {
    my ($field, $text) = @_;
    my ($status, $ms) = ($field->{status}, $field->{duration_ms});
    return lcfirst $text unless $status eq "success" && defined $ms || $status eq "failure";
    my $took = defined $ms ? " (" . span($ms) . ")" : "";
    my $reason = defined $field->{reason} ? ": $field->{reason}" : "";
    return substr $took, 1 if $status eq "success";
    return "failed, exit $field->{exit_code}$took$reason" if defined $field->{exit_code};
    return "failed$took$reason";
}

# Its steps have said what is usual.
sub job_end {
    my ($job, $text, $field, $now) = @_;
    my $kind = kind($job, $field);
    @$job{"state", "kind", "took", "reason"} = ("ended", $kind, @$field{"duration_ms", "reason"});
    $job->{failed} = [] unless $kind eq "failure" || $kind eq "timeout";
    $job->{reason} = undef if $kind eq "kept";
    my $ended = Groups::abandon($job, $now);
    return $ended if $kind eq "success" || $kind eq "failure" && !defined $field->{reason};
    my $how = ($kind eq "tolerated" ? "tolerated: " : "") . how($field, $text);
    my $level = {failure => "error", timeout => "error", tolerated => "warning"}->{$kind};
    my $note = $level && (defined $field->{reason} || $kind eq "timeout") ? Groups::note($level, $job->{name}, $how) : "";
    return $ended . Groups::place($job, line($job, $kind, $how) . $note);
}

sub kind {
    my ($job, $field) = @_;
    my $status = $field->{status};
    return "kept" if defined $field->{reason} && $field->{reason} eq "kept" && $status eq "success";
    return "tolerated" if $job->{tolerated} && ($status eq "failure" || $status eq "timeout");
    return $status;
}
